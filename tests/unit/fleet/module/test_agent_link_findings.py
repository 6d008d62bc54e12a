"""The cable of a module on USB is looked at; nothing is sent there by these tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from vision_ai import UnreachableError, VisionAI
from vision_ai.transports import ConnectError
from vision_ai_fleet.agent.module import inventory
from vision_ai_fleet.agent.module.health import Health
from vision_ai_fleet.agent.module.inventory import InventoryReader
from vision_ai_fleet.agent.module.memory import ModuleMemory
from vision_ai_tools.doctor import Finding, cable_checks


class AbsentModule(VisionAI):
    """A client that reaches nothing."""

    def with_options(self, **_: Any) -> Any:
        return self

    def get_device_info(self) -> Any:
        raise UnreachableError("nobody responds") from ConnectError("refused")


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The interfaces at which the doctor looked."""
    looks: list[str | None] = []

    def check_cable(sysfs: Path, interface: str | None) -> Any:
        looks.append(interface)
        yield Finding("usb", "wrong", "usb.missing")

    monkeypatch.setattr(cable_checks, "check_cable", check_cable)
    return looks


def read(folder: Path, url: str, times: int = 1) -> list[dict[str, Any]]:
    reader = InventoryReader(url, "usb1", Health(), ModuleMemory(folder / "module.json"), lambda: False)
    with AbsentModule("http://127.0.0.1:9") as module:
        return [reader.read(module) for _ in range(times)]


def test_a_module_on_usb_that_does_not_respond_comes_with_the_state_of_its_cable(
    tmp_path: Path, looks: list[str | None]
) -> None:
    for found in read(tmp_path, "http://172.22.0.6", times=2):
        assert found["module"] == "unreachable"
        assert found["link"] == [{"step": "usb", "status": "wrong", "code": "usb.missing"}]
    assert looks == ["usb1"]  # not with every reading


def test_the_cable_is_looked_at_again_after_a_while(
    tmp_path: Path, looks: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inventory, "LINK_INTERVAL", 0.0)
    read(tmp_path, "http://172.22.0.6/", times=2)
    assert len(looks) == 2


def test_a_module_elsewhere_has_no_cable_here(tmp_path: Path, looks: list[str | None]) -> None:
    assert read(tmp_path, "http://127.0.0.1:8172")[0]["link"] == []
    assert looks == []
