"""The engines of the embedded default: a private mongod and a private Valkey under HUB_DATA.

They are the real servers, started as child processes, watched, started again when they die, and stopped with the hub.
Engines whose address is set are used as they are and never started.
"""

from hub.engines.folder import Holder, Who, addresses_of, holder_of
from hub.engines.house import Addresses, Place, attach_or_start

__all__ = ["Addresses", "Holder", "Place", "Who", "addresses_of", "attach_or_start", "holder_of"]
