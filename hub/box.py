"""Secrets at rest. The keys are in the settings or a file beside the store, never in it."""

import secrets
from base64 import b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from hub.errors import Unavailable


class FernetBox:
    """Implements `ports.Box`: the first key seals, all of them open (so that keys can be changed)."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, secret: str) -> bytes:
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise Unavailable(
                "wrong_secret_key",
                "This secret was sealed with another key: give the old one after the new in HUB_SECRET_KEY.",
            ) from error

    def new_signing_secret(self) -> str:
        return "whsec_" + b64encode(secrets.token_bytes(32)).decode()
