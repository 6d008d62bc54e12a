"""Bundle the wheels for a platform: `python -m wheelhouse win_amd64`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from checksums import write_checksums

from .bundle import Bundle, make_bundle
from .pins import ROOT, WheelhouseError, read_extras
from .targets import TARGETS

DEFAULT_EXTRAS = ("emulator", "cli", "console")
"""What a till and its technician need."""


def main() -> int:
    every = read_extras()
    parser = argparse.ArgumentParser(prog="make wheelhouse", description=__doc__)
    parser.add_argument("platform", metavar="PLATFORM", nargs="?", help=", ".join(TARGETS))
    parser.add_argument("--python-version", default="3.13", choices=["3.11", "3.12", "3.13", "3.14"])
    parser.add_argument("--extras", help=f"by default {','.join(DEFAULT_EXTRAS)}; of {', '.join(every)}")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="the folder for the archive")
    arguments = parser.parse_args()
    if arguments.platform not in TARGETS:
        parser.error(f"set PLATFORM to one of {', '.join(TARGETS)}")
    left_out: list[str] = []
    if arguments.extras:
        extras = arguments.extras.split(",")
        if unknown := [each for each in extras if each not in every]:
            parser.error(f"there is no extra {unknown[0]}; the extras are {', '.join(every)}")
    else:
        left_out = [each for each in DEFAULT_EXTRAS if each in TARGETS[arguments.platform].without]
        extras = [each for each in DEFAULT_EXTRAS if each not in left_out]
    try:
        archive = make_bundle(Bundle(arguments.platform, arguments.python_version, extras), arguments.dist)
    except WheelhouseError as error:
        print(f"make wheelhouse: {error}", file=sys.stderr)
        return 1
    write_checksums(archive.parent)
    print(f"{archive}  {archive.stat().st_size / 1e6:.0f} MB, with {', '.join(extras)}")
    if left_out:
        print(f"  without {', '.join(left_out)}: not everything in it has a wheel for {arguments.platform}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
