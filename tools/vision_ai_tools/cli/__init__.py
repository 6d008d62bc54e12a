"""`vision-ai`, the command line."""

from __future__ import annotations

import sys
from importlib.util import find_spec


def main() -> int:
    """Runs the program; gives its exit status. Without the extra `cli` it says what is missing."""
    if find_spec("typer") is None or find_spec("rich") is None:
        print("vision-ai: the command line is not installed with the bare SDK.", file=sys.stderr)
        print("  Install it: pip install 'vision-ai-module[cli]'", file=sys.stderr)
        return 2
    from .app import main as run

    return run()
