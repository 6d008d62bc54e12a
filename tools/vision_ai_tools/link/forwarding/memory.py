"""What the rules remember of the time before them, in the comment of one of them.

So it belongs to the same network namespace as the rules, ends with them, and needs no file.
"""

from __future__ import annotations

import re
from typing import Self

from attrs import frozen


@frozen
class Memory:
    """The state before forwarding was switched on."""

    was_forwarding: bool
    """Whether the kernel forwarded packets already."""
    nat_digest: str
    """A digest of the address translations of other programs; empty where there were none."""
    created: tuple[str, ...] = ()
    """Tables and base chains that iptables created for our rules, as "nat" and "nat.PREROUTING"."""

    def __str__(self) -> str:
        created = f" created={','.join(self.created)}" if self.created else ""
        nat = f" nat={self.nat_digest}" if self.nat_digest else ""
        return f"before: ip_forward={int(self.was_forwarding)}{nat}{created}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Find the memory in a listing of rules; None where there is none."""
        match = re.search(r"before: ip_forward=([01])(?: nat=([0-9a-f]+))?(?: created=([A-Za-z.,]+))?", text)
        if match is None:
            return None
        return cls(match[1] == "1", match[2] or "", tuple((match[3] or "").split(",")) if match[3] else ())
