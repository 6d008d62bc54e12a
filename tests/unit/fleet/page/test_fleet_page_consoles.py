"""The consoles of single scales: started when they are opened, closed when nobody looks, and only so many."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from shared_fleet_page import GeneratedFleet

from vision_ai import AsyncVisionAI
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.page import consoles as consoles_module
from vision_ai_fleet.page.access import RoleAccess
from vision_ai_fleet.page.consoles import ScaleConsoles


class Opened:
    """Consoles of a few scales with emulated modules, and what was opened."""

    def __init__(self, **options: Any) -> None:
        self.ids: list[ScaleId] = []
        self.fleet = GeneratedFleet(1, 20)
        self.mode = "allowed"
        self.consoles = ScaleConsoles(
            self._open, lambda id: self.mode if id in self.fleet.scales else None, **options
        )

    def _open(self, id: ScaleId) -> AsyncVisionAI:
        self.ids.append(id)
        return AsyncVisionAI("emulator:")

    async def get(self, scale: str, path: str = "", role: str = "operator") -> httpx.Response:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            store, number = scale.split("/")
            parameters = {"store": store, "scale": number}
            await self.consoles({**scope, "path_params": parameters}, receive, send)

        access = RoleAccess(app, "127.0.0.1", 80, None, read_only=role == "viewer")
        transport = httpx.ASGITransport(access)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(f"/{path}")

    async def act(self, scale: str, role: str) -> int:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            store, number = scale.split("/")
            await self.consoles({**scope, "path_params": {"store": store, "scale": number}}, receive, send)

        access = RoleAccess(app, "127.0.0.1", 80, None, read_only=role == "viewer")
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(access), base_url="http://127.0.0.1"
        ) as client:
            order = {"key": f"{scale} {role}", "arguments": {"mode": 1}}
            return (await client.post("/actions/learn_mode", json=order)).status_code

    def run(self, use: Callable[[], Any]) -> Any:
        async def run() -> Any:
            task = asyncio.create_task(self.consoles.run())
            try:
                return await asyncio.wait_for(use(), 60)
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

        result = asyncio.run(run())
        assert self.consoles.count == 0, "a console is left open"
        return result


def test_console_opens_once_for_several_requests() -> None:
    opened = Opened()

    async def use() -> list[httpx.Response]:
        return list(await asyncio.gather(*(opened.get("0001/01") for _ in range(3))))

    responses = opened.run(use)
    assert [each.status_code for each in responses] == [200] * 3
    assert "<title>" in responses[0].text
    assert opened.ids == [ScaleId("0001", "01")]


@pytest.mark.parametrize("scale", ["0001/99", "9999/01", "a.b/01", "%/01", "0001/.."])
def test_scale_that_does_not_exist_has_no_console(scale: str) -> None:
    opened = Opened()
    assert opened.run(lambda: opened.get(scale)).status_code == 404
    assert opened.ids == []


def test_console_closes_when_nobody_looks() -> None:
    opened = Opened(idle_seconds=0.05)

    async def use() -> None:
        await opened.get("0001/01")
        while opened.consoles.count:
            await asyncio.sleep(0.01)
        await opened.get("0001/01")

    opened.run(use)
    assert len(opened.ids) == 2


def test_oldest_console_without_a_tab_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consoles_module, "MAX_CONSOLES", 2)
    opened = Opened()

    async def use() -> list[int]:
        return [(await opened.get(f"0001/0{n}")).status_code for n in (1, 2, 1, 3, 1, 2)]

    assert opened.run(use) == [200] * 6
    assert [id.scale for id in opened.ids] == ["01", "02", "03", "02"]


def test_only_so_many_consoles_have_tabs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consoles_module, "MAX_CONSOLES", 1)
    opened = Opened()

    async def use() -> httpx.Response:
        await opened.get("0001/01")
        (console,) = opened.consoles._open.values()  # pyright: ignore[reportPrivateUsage]
        console.tabs += 1
        response = await opened.get("0001/02")
        console.tabs -= 1
        return response

    response = opened.run(use)
    assert response.status_code == 503
    assert "Close one of them" in response.text


def test_agent_may_permit_no_console() -> None:
    opened = Opened()
    opened.mode = "off"
    assert opened.run(lambda: opened.get("0001/01")).status_code == 403
    assert opened.ids == []


def test_console_changes_its_module_only_where_center_agent_and_role_allow_it() -> None:
    for allows, mode, role, status in (
        (False, "allowed", "operator", 403),
        (True, "allowed", "viewer", 403),
        (True, "read_only", "operator", 403),
        (True, "something new", "operator", 403),
        (True, "allowed", "operator", 200),
    ):
        opened = Opened(allow_changes=allows)
        opened.mode = mode

        async def use(opened: Opened = opened, role: str = role) -> int:
            return await opened.act("0001/01", role)

        assert opened.run(use) == status, (allows, mode, role)


def test_viewer_and_operator_have_consoles_of_their_own() -> None:
    opened = Opened(allow_changes=True)

    async def use() -> int:
        assert await opened.act("0001/01", "operator") == 200
        return await opened.act("0001/01", "viewer")

    assert opened.run(use) == 403
    assert len(opened.ids) == 2
