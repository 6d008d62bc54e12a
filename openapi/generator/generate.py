"""Contract → `generated/vision_ai_generated/`: openapi-python-client's output, the facade and the catalogue.

python openapi/generator/generate.py            writes it
python openapi/generator/generate.py --check    writes it to a temporary folder and fails on any difference
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from ruamel.yaml import YAML

from facade import catalogue_context, declaration, decode_field, enum_docstring, facade_context, python_repr

HERE = Path(__file__).resolve().parent
CONTRACT = HERE.parent / "vision-ai.yaml"
PACKAGE = HERE.parents[1] / "generated" / "vision_ai_generated"
FACADE_MODULES = ("operation", "operations", "error_codes")


def generate(contract: Path, package: Path) -> list[str]:
    """Writes the package anew and returns what went wrong; nothing may be only a warning."""
    document = _loaded(contract)
    shutil.rmtree(package, ignore_errors=True)
    package.parent.mkdir(parents=True, exist_ok=True)

    config = Config.from_sources(
        ConfigFile.load_from_path(HERE / "config.yaml"),
        MetaType.NONE,
        document_source=contract,
        file_encoding="utf-8",
        overwrite=False,
        output_path=package,
    )
    # The generator takes parts of what it is given: it gets a document of its own.
    openapi = GeneratorData.from_dict(_loaded(contract), config=config)
    if isinstance(openapi, GeneratorError):
        return [_told(openapi)]
    project = Project(openapi=openapi, config=config, custom_template_path=HERE / "templates")
    environment: Any = project.env  # jinja leaves what its dictionaries hold open
    environment.globals.update(
        decode_field=decode_field, declaration=declaration, enum_docstring=enum_docstring(document)
    )
    environment.filters["pythonrepr"] = python_repr
    with contextlib.redirect_stdout(sys.stderr):
        problems = [_told(error) for error in project.build()]
    if problems:
        return problems

    context = {**facade_context(document, openapi), **catalogue_context(document)}
    for module in FACADE_MODULES:
        text = environment.get_template(f"{module}.py.jinja").render(context)
        (package / f"{module}.py").write_text(text, encoding="utf-8")
    (package / "py.typed").touch()
    _tidy(package)
    return []


def _loaded(contract: Path) -> dict[str, Any]:
    yaml: Any = YAML(typ="safe")
    return yaml.load(contract)


def _told(error: GeneratorError) -> str:
    return "\n".join(part for part in (error.header, error.detail) if part)


def _tidy(package: Path) -> None:
    """Imports sorted, unused ones taken out, formatted: by the pinned ruff with settings of its own."""
    settings = ["--config", str(HERE / "ruff.toml"), "--no-cache", "--quiet"]
    # A temporary folder may lie inside another project: its settings must not reach in.
    for command in (["check", "--fix-only"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, *settings, str(package)], check=True)


def differences(left: Path, right: Path) -> list[str]:
    """A unified diff of two folders, empty when they are the same to the byte."""
    found: list[str] = []
    names = {
        path.relative_to(folder)
        for folder in (left, right)
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    for name in sorted(names):
        old, new = (
            (folder / name).read_bytes() if (folder / name).is_file() else None for folder in (left, right)
        )
        if old is None or new is None:
            found.append(f"only {'generated now' if old is None else 'in the repository'}: {name}")
        elif old != new:
            found.extend(
                difflib.unified_diff(
                    old.decode().splitlines(), new.decode().splitlines(), str(name), str(name), lineterm=""
                )
            )
    return found


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--contract", type=Path, default=CONTRACT, help="the OpenAPI document")
    arguments.add_argument("--output", type=Path, default=PACKAGE, help="the package's folder")
    arguments.add_argument("--check", action="store_true", help="write nothing, fail on any difference")
    options = arguments.parse_args()

    with tempfile.TemporaryDirectory() as scratch:
        package = Path(scratch) / PACKAGE.name if options.check else options.output
        problems = generate(options.contract, package)
        if problems:
            print("The contract cannot be generated from:\n\n" + "\n\n".join(problems), file=sys.stderr)
            return 1
        if options.check:
            found = differences(options.output, package)
            if found:
                print("\n".join(found), file=sys.stderr)
                print(
                    "\ngenerated/ is not what the contract and the templates give: run `make generate`, "
                    "and edit neither of them by hand.",
                    file=sys.stderr,
                )
                return 1
            print("generated/ is up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
