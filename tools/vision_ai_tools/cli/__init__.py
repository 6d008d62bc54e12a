"""`vision-ai`, the command line."""

from __future__ import annotations

import sys
from importlib.util import find_spec


def main() -> int:
    """Run the program and return its exit status. Without the extra `cli`, say what to install."""
    if find_spec("typer") is None or find_spec("rich") is None:
        print("vision-ai: the command line is not part of the bare SDK.", file=sys.stderr)
        print("  Install it: pip install 'vision-ai-module[cli]'", file=sys.stderr)
        return 2
    from .app import main as run

    return run()
