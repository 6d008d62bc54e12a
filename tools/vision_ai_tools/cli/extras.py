"""Whether an extra of this distribution is installed."""

from __future__ import annotations

import re
from importlib import metadata

from .failures import usage_failure

DISTRIBUTION = "vision-ai-module"


def need(extra: str, what: str) -> None:
    """Raises a usage failure that says how to get it where something of the extra is missing."""
    missing = [name for name in _required_by(extra) if not _is_installed(name)]
    if missing:
        raise usage_failure(
            f"{what} needs what is not installed: {', '.join(missing)}",
            f"Install it: pip install '{DISTRIBUTION}[{extra}]'",
        )


def _required_by(extra: str) -> list[str]:
    required = metadata.requires(DISTRIBUTION) or []
    marker = re.compile(rf"""extra\s*==\s*["']{extra}["']""")
    return [re.split(r"[^\w.-]", each, maxsplit=1)[0] for each in required if marker.search(each)]


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True
