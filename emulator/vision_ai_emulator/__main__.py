"""The command `python -m vision_ai_emulator`, which runs the emulator."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec

from vision_ai_emulator.serving.stop_signals import StopSignals

PACKAGES = ("PIL", "python_multipart", "starlette", "uvicorn")
"""Those of the extra `emulator`, by the names under which they are imported."""
NOT_INSTALLED = 2
"""The exit code where the extra is not installed, as for a wrong option."""


def find_missing_package() -> str | None:
    """Return the name of the first package of the extra that is not installed."""
    return next((name for name in PACKAGES if find_spec(name) is None), None)


def main(
    arguments: Sequence[str] | None = None, report_urls: Callable[[str, str], object] | None = None
) -> int:
    """See `vision_ai_emulator.serving.command.run`. Without the extra `emulator`, say what to install."""
    with StopSignals() as signals:  # before the imports, which take a while
        missing = find_missing_package()
        if missing is not None:
            print(f"the emulator needs a package that is not installed ({missing})", file=sys.stderr)
            print("  Install it: pip install 'vision-ai-module[emulator]'", file=sys.stderr)
            return NOT_INSTALLED
        from vision_ai_emulator.serving.command import run

        return run(arguments, signals, report_urls)


if __name__ == "__main__":
    sys.exit(main())
