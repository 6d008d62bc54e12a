"""Lint the contract, write it to openapi/dist/ in the forms that other tools read, and run the workflows.

python openapi/tools/contract.py              lint, write, and run the workflows against the emulator
python openapi/tools/contract.py --check      the same, but write nothing, and fail if openapi/dist/ is out of date
python openapi/tools/contract.py --no-lint    skip the linters and the workflows, which need npm packages
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import error_codes
from codegen_profile import NameClashError, build_codegen_profile
from collection import build_collection
from document import CONTRACT, CONTRACT_V2, Node, as_json, load
from down_convert import UnsupportedError, to_30
from open_enumerations import UnnamedValueError
from reference import build_reference_page

WORKFLOWS = CONTRACT.with_name("vision-ai.arazzo.yaml")
DIST = CONTRACT.parent / "dist"
CODEGEN_PROFILE = "vision-ai-3.0-codegen.json"


def build_files(documents: dict[str, Node]) -> dict[str, str]:
    """Return the text of each emitted file by its name. The same documents always give the same bytes.

    Args:
        documents: The documents of the versions of the API, by the names of their files without suffix. All have the
            same catalog of error codes.
    """
    files: dict[str, str] = {}
    for name, document in documents.items():
        files |= {
            f"{name}.json": as_json(document),
            f"{name}-3.0.json": as_json(to_30(document)),
            f"{name}-3.0-codegen.json": as_json(build_codegen_profile(document)),
            f"{name}.postman_collection.json": build_collection(document),
            name.replace("vision-ai", "reference") + ".html": build_reference_page(document),
        }
    catalogs = list(documents.values())
    return {
        **files,
        "error-codes.json": error_codes.build_json(catalogs),
        "error-codes.csv": error_codes.build_csv(catalogs[0]),
    }


def write_files(files: dict[str, str], folder: Path) -> None:
    """Write the files and delete all others in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _names(folder) - files.keys():
        (folder / name).unlink()
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())


def find_outdated(files: dict[str, str], folder: Path) -> list[str]:
    """Return one message for each file of the folder that is out of date."""
    messages = [f"{name} is not emitted any more" for name in sorted(_names(folder) - files.keys())]
    for name, text in files.items():
        path = folder / name
        if not path.is_file():
            messages.append(f"{name} is missing")
        elif path.read_bytes() != text.encode():
            messages.append(f"{name} is out of date")
    return messages


def lint(documents: dict[str, Node], workflows: list[Path]) -> int:
    # Imported here because --no-lint works without Node.js.
    from linters import install, run_linter

    install()
    with tempfile.TemporaryDirectory() as scratch:
        files = [Path(scratch) / f"{name}.json" for name in documents]
        for file, document in zip(files, documents.values(), strict=True):
            file.write_text(as_json(document), encoding="utf-8")
        for tool, linted in (("redocly", [*files, *workflows]), ("spectral", files)):
            result = run_linter(tool, linted)
            if result.returncode != 0:
                print(result.stdout + result.stderr, file=sys.stderr)
                print(f"{tool.capitalize()} found problems in the contract; see above.", file=sys.stderr)
                return 1
    print("Redocly and Spectral found no problems in the contract.")
    return 0


def run_workflows(codegen_profile: str) -> int:
    # Imported here because --no-lint works without Node.js.
    import workflows

    try:
        result = workflows.run_workflows(WORKFLOWS, codegen_profile)
    except workflows.EmulatorError as error:
        print(f"The workflows cannot run: {error}.", file=sys.stderr)
        return 1
    if result.returncode != 0:
        print(result.stdout + result.stderr, file=sys.stderr)
        print("A workflow failed; see above.", file=sys.stderr)
        return 1
    print("The workflows succeed with the emulator.")
    return 0


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="write nothing, and fail if anything differs")
    arguments.add_argument("--no-lint", action="store_true", help="skip the linters and the workflows")
    options = arguments.parse_args()

    documents = {path.stem: load(path) for path in (CONTRACT, CONTRACT_V2)}
    if not options.no_lint and lint(documents, [WORKFLOWS]) != 0:
        return 1
    try:
        files = build_files(documents)
    except UnsupportedError as error:
        print(f"The contract cannot be converted to OpenAPI 3.0. {error}", file=sys.stderr)
        return 1
    except UnnamedValueError as error:
        print(f"The contract has an enumeration without names. {error}", file=sys.stderr)
        return 1
    except NameClashError as error:
        print(f"The form for generators has a name twice. {error}.", file=sys.stderr)
        return 1
    if not options.check:
        write_files(files, DIST)
        print(f"Wrote to openapi/dist/: {', '.join(files)}.")
        return 0 if options.no_lint else run_workflows(files[CODEGEN_PROFILE])
    messages = find_outdated(files, DIST)
    if messages:
        print("\n".join(f"openapi/dist/{message}" for message in messages), file=sys.stderr)
        print("\nRun `make contract`; do not edit openapi/dist/ by hand.", file=sys.stderr)
        return 1
    print("openapi/dist/ is up to date.")
    return 0 if options.no_lint else run_workflows(files[CODEGEN_PROFILE])


if __name__ == "__main__":
    sys.exit(main())
