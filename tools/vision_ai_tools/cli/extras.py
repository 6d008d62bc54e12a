"""Whether an extra of this distribution is installed."""

from __future__ import annotations

import re
from importlib import metadata

from .failures import usage_failure

DISTRIBUTION = "vision-ai-module"


def require_extra(extra: str, user: str) -> None:
    """Raise a usage failure that says what to install where a package of the extra is missing."""
    missing = [name for name in _list_requirements(extra) if not _is_installed(name)]
    if missing:
        raise usage_failure(
            f"{user} needs packages that are not installed: {', '.join(missing)}",
            f"Install them: pip install '{DISTRIBUTION}[{extra}]'",
        )


def _list_requirements(extra: str) -> list[str]:
    requirements = metadata.requires(DISTRIBUTION) or []
    marker = re.compile(rf"""extra\s*==\s*["']{extra}["']""")
    return [re.split(r"[^\w.-]", each, maxsplit=1)[0] for each in requirements if marker.search(each)]


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True
