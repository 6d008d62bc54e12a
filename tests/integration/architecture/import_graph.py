"""Reads the imports of Python files and finds the cycles among them.

It covers packages and plain scripts (openapi/tools, benchmarks). A folder that is on `sys.path` when its
files run is a root; a module's label is the root's path and the module's name within it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

Graph = dict[str, set[str]]
"""For each module, the modules that it imports when it runs."""


def find_roots(files: Iterable[Path]) -> list[Path]:
    """Return the folders that have to be on `sys.path` for these files to be imported."""
    roots: set[Path] = set()
    for file in files:
        folder = file.parent
        while (folder / "__init__.py").exists():
            folder = folder.parent
        roots.add(folder)
    return sorted(roots)


def build_graph(files: Iterable[Path], base: Path) -> Graph:
    """Return who imports whom among the files; the labels have paths relative to `base`.

    Where several roots have a module of the same name, an importer's own root comes first.
    """
    files = list(files)
    modules: dict[Path, dict[str, Path]] = {root: {} for root in find_roots(files)}
    for file in files:
        root = next(parent for parent in file.parents if parent in modules)
        modules[root][_module_name(file.relative_to(root))] = file

    def label(root: Path, name: str) -> str:
        return f"{root.relative_to(base)}/{name}"

    labels = {name: label(root, name) for root, found in modules.items() for name in found}
    graph: Graph = {}
    for root, found in modules.items():
        known = labels | {name: label(root, name) for name in found}
        for name, file in found.items():
            # `a.b.c` is a module, or the name `c` in the module `a.b`.
            imports = [known.get(each) or known.get(each.rpartition(".")[0]) for each in _imports(file, name)]
            graph[known[name]] = {target for target in imports if target}
    return graph


def find_cycles(graph: Graph) -> list[list[str]]:
    """Return the groups of modules that import one another, directly or not, by Tarjan's algorithm."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    cycles: list[list[str]] = []

    def visit(module: str) -> None:
        order[module] = lowest[module] = len(order)
        stack.append(module)
        for target in sorted(graph[module]):
            if target not in order:
                visit(target)
                lowest[module] = min(lowest[module], lowest[target])
            elif target in stack:
                lowest[module] = min(lowest[module], order[target])
        if lowest[module] == order[module]:
            group = stack[stack.index(module) :]
            del stack[-len(group) :]
            if len(group) > 1 or module in graph[module]:
                cycles.append(sorted(group))

    for module in sorted(graph):
        if module not in order:
            visit(module)
    return cycles


def _module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(file: Path, module: str) -> Iterator[str]:
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in _nodes_at_run_time(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")
                parents = parents[: len(parents) - node.level + 1]
                base = ".".join([*parents, *([base] if base else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _nodes_at_run_time(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk everything, functions too, but no block that only a type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and _is_type_checking(node.test):
            for other in node.orelse:
                yield other
                yield from _nodes_at_run_time(other)
            continue
        yield node
        yield from _nodes_at_run_time(node)


def _is_type_checking(test: ast.expr) -> bool:
    name = test.attr if isinstance(test, ast.Attribute) else test.id if isinstance(test, ast.Name) else ""
    return name == "TYPE_CHECKING"
