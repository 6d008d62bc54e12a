"""Frameworks evaluate annotations (dependency injection, serializers, web frameworks): each name must be found."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

import vision_ai
import vision_ai_emulator
from vision_ai_generated import models


def find_public_modules() -> list[str]:
    names = (info.name for info in pkgutil.iter_modules(vision_ai.__path__))
    return ["vision_ai", *(f"vision_ai.{name}" for name in names if not name.startswith("_"))]


def list_public_objects(module: ModuleType) -> Iterator[tuple[str, Any]]:
    exported: list[str] | None = getattr(module, "__all__", None)
    for name in exported if exported is not None else vars(module):
        value = getattr(module, name)
        if exported is not None or (
            not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
        ):
            yield f"{module.__name__}.{name}", value


def list_annotated(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield what has annotations: a function, or a class with its methods and properties."""
    if inspect.isfunction(value):
        yield name, value
    elif inspect.isclass(value):
        yield name, value
        for member, attribute in inspect.getmembers_static(value):
            function = inspect.unwrap(
                getattr(attribute, "fget", None) or getattr(attribute, "__func__", attribute)
            )
            if inspect.isfunction(function) and function.__module__.startswith("vision_ai"):
                yield f"{name}.{member}", function


def find_failures(module: ModuleType) -> list[str]:
    failures: list[str] = []
    for public, value in list_public_objects(module):
        for name, annotated in list_annotated(public, value):
            try:
                typing.get_type_hints(annotated)
            except Exception as error:  # noqa: BLE001  # whatever the evaluation raises
                failures.append(f"{name}: {error!r}")
    return failures


@pytest.mark.parametrize("name", find_public_modules())
def test_all_annotations_of_the_sdk_can_be_evaluated(name: str) -> None:
    assert find_failures(importlib.import_module(name)) == []


@pytest.mark.parametrize("module", [models, vision_ai_emulator], ids=lambda module: module.__name__)
def test_all_annotations_of_models_and_the_emulator_can_be_evaluated(module: ModuleType) -> None:
    assert find_failures(module) == []


def test_a_name_that_is_only_imported_for_type_checkers_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("vision_ai_generated.models.recognition_result.RecognizedItem")
    [failure] = {each.partition(":")[0] for each in find_failures(models) if "__init__" in each}
    assert failure == "vision_ai_generated.models.RecognitionResult.__init__"
