"""The operations that a module is checked for, in the form of the version of the API that it speaks."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from vision_ai_generated.api import OPERATIONS, find_form
from vision_ai_generated.operation import Operation, Version

VERSIONS: tuple[Version, ...] = ("v1", "v2")


@cache
def list_operations(version: Version) -> dict[str, Operation[Any]]:
    """Return the operations of a version by name, each in its form of that version."""
    forms = {name: find_form(operation, version) for name, operation in OPERATIONS.items()}
    return {name: form for name, form in forms.items() if form is not None}


def find_operation(method: str, target: str, version: Version | None) -> str | None:
    """Return the name of the operation that a request calls; None for one that the contract does not have.

    Args:
        version: What the module speaks; None as long as that is not known.
    """
    for each in VERSIONS if version is None else (version,):
        for name, operation in list_operations(each).items():
            if method == operation.method and _make_path_pattern(operation.path).search(target):
                return name
    return None


@cache
def _make_path_pattern(path: str) -> re.Pattern[str]:
    """Make the pattern for the end of a target: the module's URL may have a path of its own in front."""
    return re.compile("[^/?]+".join(map(re.escape, re.split(r"\{\w+\}", path))) + r"\Z")
