"""Generate the clients of openapi-python-client and openapi-generator from the OpenAPI document.

A client stays in the build folder, under a digest of everything that went into it.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from ..registry import ROOT, Generator

DOCUMENT = ROOT / "openapi" / "dist" / "vision-ai.json"
CONFIG = ROOT / "openapi" / "codegen" / "config.yaml"
"""Of openapi-python-client. Without its content_type_overrides the client has no get_image."""
DOCUMENT_3_0 = ROOT / "openapi" / "dist" / "vision-ai-3.0-codegen.json"


class NotGeneratedError(Exception):
    """The generator is not installed, or it failed."""


def generate_client(generator: Generator, build_folder: Path) -> Path:
    """Return the folder with the client's package; generate the package unless it is there already."""
    if generator == "openapi-python-client":
        inputs, write = (DOCUMENT, CONFIG), _write_openapi_python_client
        package, distribution = "vision_ai_openapi_python_client", "openapi-python-client"
    else:
        inputs, write = (DOCUMENT_3_0,), _write_openapi_generator
        package, distribution = "vision_ai_openapi_generator", "openapi-generator-cli"
    folder = build_folder / package / _digest(distribution, inputs)
    if not folder.exists():
        _build(folder, lambda target: write(target, package))
    return folder


def _digest(distribution: str, inputs: tuple[Path, ...]) -> str:
    try:
        version = metadata.version(distribution)
    except metadata.PackageNotFoundError:
        raise NotGeneratedError(f"{distribution} is not installed") from None
    digest = hashlib.sha256(f"{distribution} {version}".encode())
    for path in inputs:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _build(folder: Path, write: Callable[[Path], None]) -> None:
    """Write to a temporary folder first: another run may generate the same client at the same time."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        target = Path(temporary) / "client"
        target.mkdir()
        write(target)
        try:
            target.rename(folder)
        except OSError:
            if not folder.exists():
                raise


def _write_openapi_python_client(folder: Path, package: str) -> None:
    command = ["generate", "--path", str(DOCUMENT), "--config", str(CONFIG), "--fail-on-warning"]
    _run("openapi-python-client", [*command, "--meta", "none", "--output-path", str(folder / package)])


def _write_openapi_generator(folder: Path, package: str) -> None:
    if shutil.which("java") is None:
        raise NotGeneratedError("openapi-generator-cli needs Java, which is not installed")
    command = ["generate", "-g", "python", "-i", str(DOCUMENT_3_0), "-o", str(folder)]
    command += ["--package-name", package]
    command += ["--global-property", "modelTests=false,apiTests=false,modelDocs=false,apiDocs=false"]
    _run("openapi-generator-cli", command)
    if not (folder / package / "__init__.py").exists():
        raise NotGeneratedError("openapi-generator-cli wrote no package")


def _run(program: str, arguments: list[str]) -> None:
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        last = (result.stderr or result.stdout).strip().splitlines()[-1:]
        raise NotGeneratedError(f"{program} failed: {' '.join(last)}")
