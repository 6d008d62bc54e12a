"""Refuse another Python than that for which this file was made: its compiled libraries are inside."""

import sys
import sysconfig

PLATFORM, PYTHON = "{platform}", "{python}"

version = "{}.{}".format(*sys.version_info[:2])
name = sysconfig.get_platform().replace("-", "_").replace("armv8l", "armv7l")
if (version, name) != (PYTHON, PLATFORM):
    wanted, found = f"Python {PYTHON} on {PLATFORM}", f"Python {version} on {name}"
    advice = "run it with that Python, or make another one with `make pyz PLATFORM=… PYTHON_VERSION=…`"
    sys.exit(f"vision-ai.pyz: this file is for {wanted}, and this is {found}: {advice}")
