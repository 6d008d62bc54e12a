"""Compare the contract with its version at a git reference, or the documents of V1 and V2.

python openapi/tools/firmware_diff.py BASE        compare both documents with those at BASE
python openapi/tools/firmware_diff.py --api-versions    compare the document of V1 with that of V2

Lists each change with the consumers that it breaks. For a git reference, prints the entry for CHANGELOG.md, and checks
that `info.version` increased enough. The exit status is 1 if it did not.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from diff.changes import Change, Impact
from diff.contract import compare
from diff.report import format_changelog_entry, format_report
from diff.version import REQUIRED_VERSION, check_version, impact_of
from document import CONTRACT, CONTRACT_V2, Node, bundle, load


class NotFoundError(Exception):
    """The document does not exist at the git reference."""


def load_at(reference: str, contract: Path = CONTRACT) -> Node:
    """Load the contract of a git reference."""

    def read(name: str) -> str:
        command = ["git", "-C", str(contract.parent), "show", f"{reference}:./{name}"]
        result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        if result.returncode != 0:
            raise NotFoundError(f"There is no contract at {reference!r}: {result.stderr.strip()}")
        return result.stdout

    return bundle(contract.name, read)


def rate_with_redocly(old: Node, new: Node) -> Impact | None:
    """Return the impact according to Redocly, whose comparison is experimental and ignores our extensions."""
    from linters import LINT, run_redocly

    with tempfile.TemporaryDirectory() as scratch:
        files = [Path(scratch) / name for name in ("old.json", "new.json")]
        for file, document in zip(files, (old, new), strict=True):
            file.write_text(json.dumps(document), encoding="utf-8")
        settings = ["--config", str(LINT / "redocly-diff.yaml"), "--format=json", "--fail-on=none"]
        result = run_redocly("diff", *map(str, files), *settings)
    try:
        rating: Node = json.loads(result.stdout)
    except ValueError:
        raise RuntimeError(f"Redocly failed: {result.stdout}{result.stderr}") from None
    return {"major": Impact.BREAKING, "minor": Impact.ADDITION, "patch": Impact.EDITORIAL}.get(
        rating.get("bump", "")
    )


def _print_rating_of_redocly(old: Node, new: Node, impact: Impact | None) -> None:
    from linters import is_installed

    if not is_installed() or impact is None:
        return
    rating = rate_with_redocly(old, new)
    if rating is not None and rating > impact:
        print(
            f"According to Redocly, the changes require {REQUIRED_VERSION[rating]}. "
            "Redocly rates a new value of an enumeration as breaking. Here it is an addition, because "
            "clients keep unknown values. If there is no new value, check the changes again.\n"
        )


def compare_with(reference: str, contract: Path) -> int:
    """Compare a document with its version at a git reference, print the changes, and return the exit status."""
    old, new = load_at(reference, contract), load(contract)
    changes = _compare(old, new)
    impact = impact_of(changes)
    versions: tuple[str, str] = old["info"]["version"], new["info"]["version"]
    print(f"The version of {contract.name} is {versions[1]}, and {versions[0]} at {reference}.\n")
    print(format_report(changes))
    if changes:
        print(f"For CHANGELOG.md:\n\n{format_changelog_entry(*versions, changes)}")
    _print_rating_of_redocly(old, new, impact)

    message = check_version(*versions, impact)
    if message is not None:
        print(message, file=sys.stderr)
        return 1
    if impact is not None:
        print(f"info.version increased enough, from {versions[0]} to {versions[1]}.")
    return 0


def _compare(old: Node, new: Node) -> list[Change]:
    try:
        return compare(old, new)
    except KeyError as key:
        sys.exit(f"The contract cannot be compared: {key} is missing. Run `make contract` to find where.")


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("base", nargs="?", help="a git reference: a tag, a branch or a commit")
    arguments.add_argument(
        "--api-versions", action="store_true", help="compare the document of V1 with that of V2"
    )
    arguments.add_argument(
        "--contract", type=Path, default=CONTRACT, help="the document of V1 in the working tree"
    )
    options = arguments.parse_args()
    contract: Path = options.contract.resolve()
    contract_v2 = contract.with_name(CONTRACT_V2.name)
    if options.api_versions == (options.base is not None):
        arguments.error("name a git reference, or use --api-versions")
    if options.api_versions:
        print(format_report(_compare(load(contract), load(contract_v2))))
        return 0
    try:
        status = compare_with(options.base, contract)
    except NotFoundError as error:
        sys.exit(str(error))
    if contract_v2.is_file():
        try:
            status = max(status, compare_with(options.base, contract_v2))
        except NotFoundError:
            print(f"{contract_v2.name} is new.")
    return status


if __name__ == "__main__":
    sys.exit(main())
