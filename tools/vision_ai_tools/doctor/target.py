"""The URL to diagnose, and whether it uses the USB cable, another network or no network."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from attrs import frozen

from vision_ai import DEFAULT_URL
from vision_ai_tools.link.constants import MODULE_ADDRESS

DEFAULT_PORTS = {"http": 80, "https": 443}


@frozen
class Target:
    """The parts of a URL that the checks need."""

    url: str
    scheme: str
    host: str
    """Empty where the URL has none, as in `emulator:`."""
    port: int

    @property
    def is_module_on_usb(self) -> bool:
        """Whether this is the address that a module has on its USB cable, and nowhere else."""
        return self.host == str(MODULE_ADDRESS)

    @property
    def is_on_network(self) -> bool:
        return bool(self.host)


def parse_target(url: str | None) -> Target:
    """Parse the URL that the SDK uses for this argument. It must be one that the SDK accepts."""
    used_url = (url or os.environ.get("VISION_AI_URL") or DEFAULT_URL).strip()
    scheme = used_url.partition(":")[0].lower()
    if scheme not in DEFAULT_PORTS:
        return Target(used_url, scheme, "", 0)
    parts = urlsplit(used_url)
    return Target(used_url, scheme, parts.hostname or "", parts.port or DEFAULT_PORTS[scheme])
