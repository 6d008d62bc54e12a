"""Build dist/vision-ai.pyz for this Python, or dist/vision-ai-PLATFORM-py3xx.pyz for another one."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from checksums import write_checksums
from wheelhouse.bundle import Bundle, build_project, list_platform_options, run_with_pins
from wheelhouse.pins import ROOT, WheelhouseError, choose_pins
from wheelhouse.targets import TARGETS

EXTRAS = ("emulator", "cli", "console")
HERE_PLATFORM = sysconfig.get_platform().replace("-", "_")
HERE_PYTHON = "{}.{}".format(*sys.version_info[:2])


def main() -> int:
    parser = argparse.ArgumentParser(prog="make pyz", description=__doc__)
    parser.add_argument("--platform", default=HERE_PLATFORM)
    parser.add_argument("--python-version", default=HERE_PYTHON)
    arguments = parser.parse_args()
    if arguments.platform not in TARGETS:
        parser.error(f"set PLATFORM to one of {', '.join(TARGETS)}")
    bundle = Bundle(arguments.platform, arguments.python_version, EXTRAS)
    is_here = (bundle.platform, bundle.python_version) == (HERE_PLATFORM, HERE_PYTHON)
    suffix = "" if is_here else f"-{bundle.platform}-py{bundle.python_version.replace('.', '')}"
    target = ROOT / "dist" / f"vision-ai{suffix}.pyz"
    try:
        build_pyz(bundle, target)
    except WheelhouseError as error:
        print(f"make pyz: {error}", file=sys.stderr)
        return 1
    write_checksums(target.parent)
    print(f"{target.relative_to(ROOT)}  {target.stat().st_size / 1e6:.0f} MB")
    return 0


def build_pyz(bundle: Bundle, target: Path) -> None:
    """Install the pinned packages and the wheel of this tree into a folder, and pack it.

    Raises:
        WheelhouseError: a package has no wheel for the platform.
    """
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder, packages = Path(name), Path(name, "packages")
        pins = choose_pins(bundle.extras, TARGETS[bundle.platform], bundle.python_version)
        options = ["install", "--no-compile", "--target", str(packages), *list_platform_options(bundle)]
        run_with_pins(options, list(pins.values()), bundle)
        shutil.rmtree(packages / "bin", ignore_errors=True)  # programs for the computer that makes the file
        wheel = build_project(folder)
        preamble = folder / "preamble.py"
        text = (Path(__file__).with_name("preamble.py")).read_text(encoding="utf-8")
        text = text.replace("{platform}", bundle.platform).replace("{python}", bundle.python_version)
        preamble.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "shiv", "--quiet", "--reproducible", "--console-script", "vision-ai"]
        command += ["--python", "/usr/bin/env python3", "--preamble", str(preamble)]
        subprocess.run(
            [
                *command,
                "--site-packages",
                str(packages),
                "--output-file",
                str(target),
                "--no-deps",
                str(wheel),
            ],
            check=True,
        )


if __name__ == "__main__":
    sys.exit(main())
