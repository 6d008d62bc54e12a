"""A CycloneDX list of what is installed with the wheel and all of its extras, in the tested versions."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from .source import ReleaseError, Source


def write_sbom(source: Source, wheel: Path, target: Path) -> None:
    """Install the wheel and the tested versions of what its extras need in an environment, and describe that.

    Raises:
        ReleaseError: it cannot be installed or described.
    """
    pins = source.root / "requirements" / "runtime.txt"
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = next(Path(folder).glob("[bS]*/python*"))
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*install, "--require-hashes", "--requirement", str(pins)], source)
        _run([*install, "--no-deps", str(wheel)], source)
        _run([str(python), "-m", "pip", "check"], source)
        command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--validate"]
        options = ["--pyproject", str(source.root / "pyproject.toml"), "--mc-type", "library"]
        _run([*command, *options, "--of", "JSON", "-o", str(target), str(python)], source)


def _run(command: list[str], source: Source) -> None:
    process = subprocess.run(command, env=source.environment, capture_output=True, text=True, check=False)
    if process.returncode:
        raise ReleaseError(f"{' '.join(command[:4])} failed:\n{process.stdout}{process.stderr}")
