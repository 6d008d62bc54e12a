"""`vision-ai`, the command line."""

from __future__ import annotations


def main() -> None:
    from .app import main as run

    run()
