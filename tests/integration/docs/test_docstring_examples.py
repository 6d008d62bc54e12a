"""The examples in the docstrings of public modules and classes run as they are printed."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from page_blocks import Block, read_blocks

import vision_ai
import vision_ai.catalog
import vision_ai.errors
import vision_ai.events
import vision_ai.journal
import vision_ai.profile
import vision_ai.recording
import vision_ai.transports
import vision_ai_emulator
import vision_ai_tools.conformance
import vision_ai_tools.doctor
import vision_ai_tools.relay
from vision_ai import Profile, VisionAI
from vision_ai.transports import open_route
from vision_ai_emulator import Emulator

MODULES = (
    *(vision_ai, vision_ai.catalog, vision_ai.errors, vision_ai.events, vision_ai.journal, vision_ai.profile),
    *(vision_ai.recording, vision_ai.transports, vision_ai_emulator),
    *(vision_ai_tools.conformance, vision_ai_tools.doctor, vision_ai_tools.relay),
)
NO_CODE = {"vision_ai.errors"}
"""Docstrings with a block that is a drawing."""


def find_examples(module: ModuleType) -> Iterator[tuple[str, Block]]:
    """Find the examples of a module and of its public classes."""
    objects: dict[str, Any] = {module.__name__: module}
    for name in getattr(module, "__all__", vars(module)):
        value = getattr(module, name)
        if inspect.isclass(value) and not name.startswith("_"):
            objects[f"{value.__module__}.{name}"] = value
    for name, value in objects.items():
        if name not in NO_CODE:
            yield from ((name, block) for block in read_blocks(inspect.getdoc(value) or ""))


EXAMPLES = dict(example for module in MODULES for example in find_examples(module))


def test_the_examples_are_found() -> None:
    assert {"vision_ai", "vision_ai.client.VisionAI", "vision_ai.transports", "vision_ai.events"} < set(
        EXAMPLES
    )
    assert len(EXAMPLES) >= 12


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nothing_leaves_this_computer: None
) -> None:
    monkeypatch.chdir(tmp_path)
    emulator = Emulator(reboot_seconds=0.1)
    monkeypatch.setenv("VISION_AI_URL", emulator.url)
    with VisionAI(journal="recognitions.db") as client:
        client.learn("001", name="Apple")
        client.get_result()
    Path("plu.csv").write_text("id,name\n001,Apple\n", encoding="utf-8")
    Profile().save("module.json")
    names = {
        key: getattr(module, key) for module in MODULES for key in dir(module) if not key.startswith("_")
    }
    with VisionAI() as client:
        names["module"] = SimpleNamespace(watch=lambda: islice(client.watch(), 1))
        names["transport"] = open_route(emulator.url).transport
        source = EXAMPLES[name].text.replace("http://172.22.0.6", emulator.url)
        if "async with" in source:
            lines = "\n".join(f"    {line}" for line in source.splitlines())
            source = f"import asyncio\nasync def main():\n{lines}\nasyncio.run(main())"
        exec(compile(source, name, "exec"), names)
