"""Where the URL leads: over the module's USB cable, over another network, or to no network at all."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from attrs import frozen

from vision_ai import DEFAULT_URL
from vision_ai_tools.link.vendor import MODULE

PORTS = {"http": 80, "https": 443}


@frozen
class Place:
    """A URL, as far as the doctor needs it."""

    url: str
    scheme: str
    host: str
    """Empty where the URL names none, as in `emulator:`."""
    port: int

    @property
    def is_module_on_usb(self) -> bool:
        """Whether it is the address that the module has on its cable, and has nowhere else."""
        return self.host == str(MODULE)

    @property
    def is_on_network(self) -> bool:
        """Whether it is reached over a network at all."""
        return bool(self.host)


def place_of(url: str | None) -> Place:
    """The place that the SDK takes that URL for; it must be one that the SDK takes."""
    chosen = (url or os.environ.get("VISION_AI_URL") or DEFAULT_URL).strip()
    scheme = chosen.partition(":")[0].lower()
    if scheme not in PORTS:
        return Place(chosen, scheme, "", 0)
    parts = urlsplit(chosen)
    return Place(chosen, scheme, parts.hostname or "", parts.port or PORTS[scheme])
