"""openapi-generator's Python client, generated from the contract for the occasion."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

CONTRACT = Path(__file__).parents[2] / "openapi" / "dist" / "vision-ai-3.0-codegen.json"
PACKAGE = "vision_ai_openapi_generator"


def generate_client(folder: Path) -> str | None:
    """Writes the package into the folder; what was missing for that, or None."""
    beside_python = Path(sys.executable).with_name("openapi-generator-cli")
    program = str(beside_python) if beside_python.exists() else shutil.which("openapi-generator-cli")
    if program is None:
        return "openapi-generator-cli is not installed"
    if shutil.which("java") is None:
        return "openapi-generator-cli needs Java, which is not installed"
    command = [program, "generate", "-g", "python", "-i", str(CONTRACT), "-o", str(folder)]
    command += ["--package-name", PACKAGE]
    command += ["--global-property", "modelTests=false,apiTests=false,modelDocs=false,apiDocs=false"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0 or not (folder / PACKAGE / "__init__.py").exists():
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        return f"openapi-generator-cli failed: {' '.join(last)}"
    return None
