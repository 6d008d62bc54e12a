"""The contract, looked over by the linters and written to openapi/dist/ in the forms that other tools read.

python openapi/tools/contract.py              lints and writes
python openapi/tools/contract.py --check      lints, writes nothing, fails if openapi/dist/ is not up to date
python openapi/tools/contract.py --no-lint    without the linters, which are npm packages
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import error_codes
from document import CONTRACT, Node, as_json, load
from down_convert import UnsupportedError, to_30
from open_enumerations import UnnamedValueError, with_open_enumerations
from reference import reference_page

DIST = CONTRACT.parent / "dist"


def products(document: Node) -> dict[str, str]:
    """Every emitted file by its name. The same document gives the same bytes, on every computer."""
    return {
        "vision-ai.json": as_json(document),
        "vision-ai-3.0.json": as_json(to_30(document)),
        "vision-ai-3.0-codegen.json": as_json(to_30(with_open_enumerations(document), codegen=True)),
        "error-codes.json": error_codes.as_json_file(document),
        "error-codes.csv": error_codes.as_csv_file(document),
        "reference.html": reference_page(document),
    }


def write(files: dict[str, str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in _names(folder) - files.keys():
        (folder / name).unlink()
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())


def outdated(files: dict[str, str], folder: Path) -> list[str]:
    """What is not as it would be written now, in words."""
    found = [f"{name} is not emitted any more" for name in sorted(_names(folder) - files.keys())]
    for name, text in files.items():
        path = folder / name
        if not path.is_file():
            found.append(f"{name} is missing")
        elif path.read_bytes() != text.encode():
            found.append(f"{name} is not what the contract gives")
    return found


def lint(files: list[Path]) -> int:
    # Not at the top: the emitted files need no linter and no Node.js.
    from node_tools import install, lint_command

    install()
    for tool in ("redocly", "spectral"):
        result = lint_command(files, tool=tool)
        if result.returncode != 0:
            print(result.stdout + result.stderr, file=sys.stderr)
            print(f"The contract does not pass {tool}: see above.", file=sys.stderr)
            return 1
    print("The contract passes Redocly and Spectral.")
    return 0


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="write nothing, fail on any difference")
    arguments.add_argument("--no-lint", action="store_true", help="do without Redocly and Spectral")
    options = arguments.parse_args()

    if not options.no_lint and lint([CONTRACT]) != 0:
        return 1
    try:
        files = products(load(CONTRACT))
    except UnsupportedError as error:
        print(f"The contract has something that the 3.0 documents cannot say. {error}", file=sys.stderr)
        return 1
    except UnnamedValueError as error:
        print(f"The contract has an enumeration without names. {error}", file=sys.stderr)
        return 1
    if not options.check:
        write(files, DIST)
        print(f"Written to {DIST.name}/: {', '.join(files)}.")
        return 0
    found = outdated(files, DIST)
    if found:
        print("\n".join(f"openapi/dist/{line}" for line in found), file=sys.stderr)
        print("\nRun `make contract`, and edit nothing in openapi/dist/ by hand.", file=sys.stderr)
        return 1
    print("openapi/dist/ is up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
