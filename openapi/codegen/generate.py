"""Generate `generated/vision_ai_generated/` from the documents of the contract, with openapi-python-client and our templates.

python openapi/codegen/generate.py            write the package
python openapi/codegen/generate.py --check    write it to a temporary folder, and fail if it differs
"""

from __future__ import annotations

import argparse
import contextlib
import copy
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

sys.path.append(str(Path(__file__).resolve().parents[1] / "tools"))

from document import CONTRACT, CONTRACT_V2, load

from client_attributes import client_attributes_of
from docstrings import describe, describe_enum
from model_context import documented_fields, extension_of, fields_of
from operation_context import Operations
from versions import FEWEST_FIELDS, REQUIRED_IN, VersionConflictError, merge_versions

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[1] / "generated" / "vision_ai_generated"
OWN_MODULES = ("operation", "operations", "error_codes")
"""Modules that the generator knows nothing of."""
UNUSED_MODULES = ("client", "errors")
"""Modules that the generator always writes: an HTTP client, where the SDK has its own."""


def generate(contract: Path, package: Path, contract_v2: Path | None = None) -> list[str]:
    """Write the package and return the problems. A warning of the generator is a problem too."""
    document = load(contract)
    if contract_v2 is not None:
        try:
            document = merge_versions(document, load(contract_v2))
        except VersionConflictError as error:
            return [str(error)]
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
    # The generator changes the document that it parses, so it gets one of its own.
    openapi = GeneratorData.from_dict(copy.deepcopy(document), config=config)
    if isinstance(openapi, GeneratorError):
        return [_message(openapi)]
    problems = [
        _message(error)
        for each in openapi.endpoint_collections_by_tag.values()
        for error in each.parse_errors
    ]
    if problems:
        return problems
    operations = Operations(document, openapi)
    openapi.models = operations.models()
    project = Project(openapi=openapi, config=config, custom_template_path=HERE / "templates")
    environment: Any = project.env  # its dictionaries have no complete types
    environment.filters.update(pythonrepr=repr, tuple=tuple)
    environment.globals.update(
        describe=describe,
        describe_enum=describe_enum(document["components"]["schemas"]),
        client_attributes=client_attributes_of(openapi.models),
        documented_fields=documented_fields(openapi.models),
        fields_of=fields_of(document["components"]["schemas"]),
        required_in=extension_of(document["components"]["schemas"], REQUIRED_IN),
        fewest_fields=extension_of(document["components"]["schemas"], FEWEST_FIELDS),
        operations=operations,
        error_codes=document["x-error-codes"],
        error_ranges=document.get("x-error-ranges", []),
    )
    with contextlib.redirect_stdout(sys.stderr):
        problems = [_message(error) for error in project.build()]
    if problems:
        return problems

    for module in OWN_MODULES:
        text = environment.get_template(f"{module}.py.jinja").render()
        (package / f"{module}.py").write_text(text, encoding="utf-8")
    for module in UNUSED_MODULES:
        (package / f"{module}.py").unlink()
    (package / "py.typed").touch()
    _format(package)
    return []


def _message(error: GeneratorError) -> str:
    return "\n".join(part for part in (error.header, error.detail) if part)


def _format(package: Path) -> None:
    """Sort imports, remove unused ones and format, with the pinned ruff and settings of its own."""
    settings = ["--config", str(HERE / "ruff.toml"), "--no-cache", "--quiet"]
    # Explicit settings: a temporary folder can be inside another project, whose settings ruff would find.
    for command in (["check", "--fix-only"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, *settings, str(package)], check=True)


def differences(committed: Path, generated: Path) -> list[str]:
    """Return a unified diff of two folders. It is empty if all bytes are equal."""
    found: list[str] = []
    names = {
        path.relative_to(folder)
        for folder in (committed, generated)
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    for name in sorted(names):
        old, new = (
            (folder / name).read_bytes() if (folder / name).is_file() else None
            for folder in (committed, generated)
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
    arguments.add_argument("--contract", type=Path, default=CONTRACT, help="the OpenAPI document of V1")
    arguments.add_argument("--contract-v2", type=Path, default=CONTRACT_V2, help="the OpenAPI document of V2")
    arguments.add_argument("--output", type=Path, default=PACKAGE, help="the folder of the package")
    arguments.add_argument("--check", action="store_true", help="write nothing, and fail if anything differs")
    options = arguments.parse_args()

    with tempfile.TemporaryDirectory() as scratch:
        package = Path(scratch) / PACKAGE.name if options.check else options.output
        problems = generate(options.contract, package, options.contract_v2)
        if problems:
            print("Cannot generate code from the contract:\n\n" + "\n\n".join(problems), file=sys.stderr)
            return 1
        if options.check:
            found = differences(options.output, package)
            if found:
                print("\n".join(found), file=sys.stderr)
                print(
                    "\ngenerated/ differs from what the contract and the templates produce. "
                    "Run `make generate`; do not edit generated/ by hand.",
                    file=sys.stderr,
                )
                return 1
            print("generated/ is up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
