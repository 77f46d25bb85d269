"""The demo company: a believable shop to look around in. It has a database of its own and is dropped by one click."""

from hub.demo.doors import admin_of, entry_links, greeting
from hub.demo.seed import seed
from hub.demo.shop import routes
from hub.demo.traffic import Traffic

__all__ = ["Traffic", "admin_of", "entry_links", "greeting", "routes", "seed"]
