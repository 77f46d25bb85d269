"""Passwords, by argon2id. Both calls take about 30 ms of a core: call them in a thread."""

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's second choice: as strong as the library's default for a tenth of its time and memory
# (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html).
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)

# Checked when there is no such account, so that the answer takes as long. Of 32 random bytes that nobody kept.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$Hu8WjNE7rJUV9YB0Vmd9jg$1m+9QOZ5/spIrnm/N08w9ScBCDa78+7u1NUylZXMkAM"


def hash_password(password: str) -> str:
    return _HASHER.hash(password)


def verify_password(hash: str, password: str) -> bool:
    """False too for a hash that is none."""
    try:
        return _HASHER.verify(hash, password)
    except (VerificationError, InvalidHashError):
        return False
