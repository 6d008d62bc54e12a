"""A relay for a till: it listens on this computer and forwards every request to the module.

relay.py    the socket, and the thread that serves it
handler.py  one connection of the till: requests to the module, responses back
"""

from __future__ import annotations

from .relay import Relay

__all__ = ["Relay"]
