"""The two clients and the generated operations keep the same methods, parameters and docstrings."""

from __future__ import annotations

import inspect
from typing import Any, get_type_hints

import pytest

import vision_ai
from vision_ai import AsyncVisionAI, VisionAI, async_client, base_client, client
from vision_ai_generated import operations
from vision_ai_generated.api import OPERATIONS
from vision_ai_generated.operations import AsyncOperations, Operations

PAIRS = [(VisionAI, Operations), (AsyncVisionAI, AsyncOperations)]
PUBLIC = {name: getattr(vision_ai, name) for name in vision_ai.__all__}
NAMES = {
    **PUBLIC,
    **vars(vision_ai),
    **vars(base_client),
    **vars(client),
    **vars(async_client),
    **vars(operations),
}


def public_methods(cls: type) -> dict[str, Any]:
    return {
        name: value
        for name, value in inspect.getmembers(cls, inspect.isfunction)
        if not name.startswith("_") or name == "__init__"
    }


def hints(function: Any) -> dict[str, Any]:
    return get_type_hints(function, localns=NAMES)


def differences(overriding: Any, overridden: Any) -> list[str]:
    """Return what differs for a caller."""
    found: list[str] = []
    ours, theirs = inspect.signature(overriding), inspect.signature(overridden)
    our_hints, their_hints = hints(overriding), hints(overridden)
    if inspect.iscoroutinefunction(overriding) != inspect.iscoroutinefunction(overridden):
        found.append("one is async, the other is not")
    for name, parameter in theirs.parameters.items():
        mine = ours.parameters.get(name)
        if mine is None:
            found.append(f"{name} is missing")
        elif (mine.kind, mine.default) != (parameter.kind, parameter.default):
            found.append(f"{name} is {mine} and not {parameter}")
        elif our_hints.get(name) != their_hints.get(name):
            found.append(f"{name} is annotated {our_hints.get(name)} and not {their_hints.get(name)}")
    for name in ours.parameters.keys() - theirs.parameters.keys():
        if ours.parameters[name].default is inspect.Parameter.empty:
            found.append(f"{name} is required, and the contract does not have it")
    mine, wanted = our_hints["return"], their_hints["return"]
    if mine != wanted and not (
        isinstance(mine, type) and isinstance(wanted, type) and issubclass(mine, wanted)
    ):
        found.append(f"it returns {mine} and not {wanted}")
    return found


def overrides(cls: type, base: type) -> list[str]:
    return [name for name in public_methods(base) if getattr(cls, name) is not getattr(base, name)]


@pytest.mark.parametrize(("cls", "base"), PAIRS)
def test_every_override_matches_the_generated_method(cls: type, base: type) -> None:
    names = [name for name in overrides(cls, base) if name != "__init__"]
    assert {"get_image", "reboot", "reset_device"} <= set(names)
    for name in names:
        assert differences(getattr(cls, name), getattr(base, name)) == [], name


class Overrides:
    """Overrides, most of them incompatible with `same`."""

    def same(self, *, a: int, b: str = "") -> int: ...
    def narrower(self, *, a: int, b: str = "", c: int = 0) -> bool: ...
    def missing(self, *, a: int) -> int: ...
    def renamed(self, *, a: int, c: str = "") -> int: ...
    def positional(self, a: int, *, b: str = "") -> int: ...
    def other_default(self, *, a: int, b: str = "x") -> int: ...
    def other_type(self, *, a: float, b: str = "") -> int: ...
    def other_result(self, *, a: int, b: str = "") -> str: ...
    def more(self, *, a: int, b: str = "", c: int) -> int: ...
    async def asynchronous(self, *, a: int, b: str = "") -> int: ...


INCOMPATIBLE = [name for name in public_methods(Overrides) if name not in ("same", "narrower")]


@pytest.mark.parametrize("name", INCOMPATIBLE)
def test_the_check_finds_an_override_that_differs(name: str) -> None:
    assert differences(getattr(Overrides, name), Overrides.same)


@pytest.mark.parametrize("name", ["same", "narrower"])
def test_the_check_allows_compatible_overrides(name: str) -> None:
    assert differences(getattr(Overrides, name), Overrides.same) == []


def test_both_clients_have_the_same_methods() -> None:
    one, other = set(public_methods(VisionAI)), set(public_methods(AsyncVisionAI))
    assert one - other == {"close"}
    assert other - one == {"aclose"}


@pytest.mark.parametrize("name", sorted(public_methods(VisionAI).keys() - {"close"}))
def test_methods_of_both_clients_have_the_same_parameters(name: str) -> None:
    one, other = getattr(VisionAI, name), getattr(AsyncVisionAI, name)
    assert inspect.signature(one).parameters == inspect.signature(other).parameters
    expected = hints(one)
    if name == "watch":
        expected["return"] = vision_ai.AsyncWatch
    assert hints(other) == expected
    if name not in ("__init__", "with_options", "watch"):
        assert inspect.iscoroutinefunction(other)
        assert not inspect.iscoroutinefunction(one)


@pytest.mark.parametrize("name", sorted(public_methods(VisionAI).keys() - {"close"}))
def test_methods_of_both_clients_have_the_same_docstring(name: str) -> None:
    assert inspect.getdoc(getattr(AsyncVisionAI, name)) == inspect.getdoc(getattr(VisionAI, name))


@pytest.mark.parametrize("cls", [VisionAI, AsyncVisionAI])
def test_every_current_operation_is_a_method(cls: type) -> None:
    current = {name for name, operation in OPERATIONS.items() if not operation.deprecated}
    assert len(current) == 29
    assert current <= set(public_methods(cls))
    assert not {name for name in OPERATIONS if name not in current} & set(public_methods(cls))


@pytest.mark.parametrize("cls", [VisionAI, AsyncVisionAI])
def test_every_public_method_has_a_docstring(cls: type) -> None:
    assert cls.__doc__
    assert [name for name, method in public_methods(cls).items() if not (method.__doc__ or "").strip()] == []
