"""The texts of the errors that a package raises, found in its source."""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Iterator
from pathlib import Path


def find_error_texts(
    root: Path, classes: Container[str], *, skip: Callable[[Path], bool] = lambda _: False
) -> Iterator[tuple[str, str]]:
    """Find the texts of errors of these classes: `{}` for each value, and where they stand."""
    for path in sorted(root.rglob("*.py")):
        place = path.relative_to(root)
        if skip(place):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in classes:
                for argument in node.args:
                    if isinstance(argument, ast.Constant | ast.JoinedStr) and (text := _read(argument)):
                        yield text, f"{place.as_posix()}:{node.lineno}"


def _read(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
