"""Runs a program in a Python whose standard library gevent or eventlet has replaced.

    python patched.py LIBRARY program.py [ARGUMENT …]

The library comes first, as in programs that use it.
"""

from __future__ import annotations

import runpy
import sys


def patch(library: str) -> None:
    """Replace all that the library replaces."""
    if library == "gevent":
        from gevent import monkey

        monkey.patch_all()
    else:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # eventlet warns of itself
            import eventlet

        eventlet.monkey_patch()
        # httpcore imports trio where it is installed, which cannot be imported after eventlet's changes.
        sys.modules["trio"] = None  # type: ignore[assignment]  # importing it fails


if __name__ == "__main__":
    patch(sys.argv[1])
    sys.argv = sys.argv[2:]
    runpy.run_path(sys.argv[0], run_name="__main__")
