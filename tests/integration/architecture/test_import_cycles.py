"""No module imports another that imports it back, directly or through others."""

from __future__ import annotations

from pathlib import Path

import pytest
from import_graph import build_graph, find_cycles
from shared_sources import ROOT, list_project_files


def test_no_modules_import_one_another() -> None:
    graph = build_graph(list_project_files(".py"), ROOT)
    for module in (
        *("generated/vision_ai_generated.error_codes", "overrides/vision_ai", "emulator/vision_ai_emulator"),
        *("tools/vision_ai_tools.cli", "tools/vision_ai_pytest.plugin", "openapi/tools/contract"),
        "benchmarks/run",
    ):
        assert module in graph, f"{module} is not in the graph"
    cycles = find_cycles(graph)
    assert not cycles, "modules import one another:\n" + "\n".join(map(" ↔ ".join, cycles))


def write(root: Path, **modules: str) -> list[Path]:
    files: list[Path] = []
    for name, text in modules.items():
        files.append(root / f"{name.replace('__of__', '/')}.py")
        files[-1].parent.mkdir(parents=True, exist_ok=True)
        files[-1].write_text(text)
    return files


def cycles_of(base: Path, files: list[Path]) -> list[list[str]]:
    return find_cycles(build_graph(files, base))


CYCLES = {
    "two modules": {"a": "import b", "b": "import a"},
    "through a third": {"a": "import b", "b": "from c import x", "c": "import a"},
    "inside a function": {"a": "import b", "b": "def f():\n    from a import x"},
    "inside a class or a try": {"a": "class A:\n    import b", "b": "try:\n    import a\nfinally: pass"},
    "a module itself": {"a": "import a"},
}


@pytest.mark.parametrize("modules", CYCLES.values(), ids=CYCLES)
def test_a_cycle_is_found(tmp_path: Path, modules: dict[str, str]) -> None:
    assert cycles_of(tmp_path, write(tmp_path, **modules)) == [sorted(f"./{name}" for name in modules)]


def test_a_cycle_inside_a_package_is_found(tmp_path: Path) -> None:
    files = write(
        tmp_path,
        p__of____init__="from p.one import f",
        p__of__one="from . import two",
        p__of__two="from .one import f",
        p__of__sub__of____init__="",
        p__of__sub__of__three="from ..two import f",
    )
    assert cycles_of(tmp_path, files) == [["./p.one", "./p.two"]]


def test_a_package_that_its_own_module_imports_is_a_cycle(tmp_path: Path) -> None:
    files = write(tmp_path, p__of____init__="from .one import f", p__of__one="from p import f")
    assert cycles_of(tmp_path, files) == [["./p", "./p.one"]]


def test_an_import_for_the_type_checker_is_no_cycle(tmp_path: Path) -> None:
    files = write(
        tmp_path,
        a="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import b",
        b="import typing\nimport a\nif typing.TYPE_CHECKING:\n    import a\nelse:\n    import c",
        c="",
    )
    assert cycles_of(tmp_path, files) == []


def test_scripts_of_the_same_name_are_not_mixed_up(tmp_path: Path) -> None:
    one = write(tmp_path / "one", run="import helper", helper="import other")
    other = write(tmp_path / "other", run="import other", other="import run")
    assert cycles_of(tmp_path, [*one, *other]) == [["other/other", "other/run"]]
