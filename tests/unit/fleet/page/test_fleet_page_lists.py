"""The lists of the page: filtered, sorted and cut by the center, never all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from shared_fleet_page import GeneratedFleet

from vision_ai_fleet.errors import CenterUnreachableError
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.page.app import FleetPage
from vision_ai_fleet.page.query import MAX_SIZE, ListQuery, Selection

LISTS = ("scales", "stores", "rollouts", "rollouts/backup-0411/executions", "backups", "alerts")


@pytest.fixture(scope="module")
def fleet() -> GeneratedFleet:
    return GeneratedFleet(stores=130, scales=3)


@asynccontextmanager
async def open_page(fleet: GeneratedFleet) -> AsyncGenerator[httpx.AsyncClient]:
    page = FleetPage(fleet)
    async with page.running():
        await asyncio.sleep(0)  # the page takes the scales over
        transport = httpx.ASGITransport(page.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield client


def read(fleet: GeneratedFleet, *paths: str) -> list[httpx.Response]:
    async def run() -> list[httpx.Response]:
        async with open_page(fleet) as client:
            return [await client.get(f"/data/{path}") for path in paths]

    return asyncio.run(run())


def read_json(fleet: GeneratedFleet, path: str) -> dict[str, Any]:
    (response,) = read(fleet, path)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("path", LISTS)
def test_no_list_has_more_than_a_hundred_rows(fleet: GeneratedFleet, path: str) -> None:
    body = read_json(fleet, f"{path}?size=999999")
    assert 0 < len(body["rows"]) <= MAX_SIZE
    assert len(body["rows"]) == min(MAX_SIZE, body["total"])


def test_list_says_how_many_there_are_and_goes_on(fleet: GeneratedFleet) -> None:
    first, second = read(fleet, "scales?size=100", "scales?size=100&offset=300")
    names = [(row["store"], row["scale"]) for row in first.json()["rows"] + second.json()["rows"]]
    assert first.json()["total"] == second.json()["total"] == 390
    assert len(names) == 190
    assert names == sorted(set(names))


def test_conditions_are_those_of_the_command_line(fleet: GeneratedFleet) -> None:
    expected = [
        each
        for each in fleet.scales.values()
        if each.engine == "9.4.2" and each.is_online and each.id.store.startswith("00")
    ]
    body = read_json(fleet, "scales?where=engine=9.4.2&where=online=true&where=store=00*&size=100")
    assert body["total"] == len(expected) > 0
    assert {row["engine"] for row in body["rows"]} == {"9.4.2"}


def test_search_finds_names_and_serial_numbers(fleet: GeneratedFleet) -> None:
    scale = fleet.scales[ScaleId("0042", "02")]
    assert scale.serial_number
    for text in ("0042/02", scale.serial_number, scale.serial_number[2:7]):
        rows = read_json(fleet, f"scales?search={text}")["rows"]
        assert ("0042", "02") in [(row["store"], row["scale"]) for row in rows], text
        assert len(rows) < 5
    assert read_json(fleet, "scales?search=nowhere")["total"] == 0


@pytest.mark.parametrize("order", ["id", "status", "firmware", "engine", "items", "backup"])
def test_list_is_sorted_both_ways(fleet: GeneratedFleet, order: str) -> None:
    up, down = (each.json()["rows"] for each in read(fleet, f"scales?sort={order}", f"scales?sort=-{order}"))
    assert len(up) == len(down) == 50
    assert up[0] != down[0]


def test_versions_are_sorted_by_their_numbers(fleet: GeneratedFleet) -> None:
    engines = [row["engine"] for row in read_json(fleet, "scales?sort=-engine&size=100")["rows"]]
    assert engines[0] == "10.0.1"
    assert engines[-1] in ("9.5.0", "9.4.2")


@pytest.mark.parametrize(
    "path",
    [
        "scales?where=nonsense",
        "scales?where=color=red",
        "scales?sort=color",
        "scales?offset=-1",
        "scales?size=1e9",
        "scales?offset=99999999999999999999",
        "scales?" + "&".join(["where=online=true"] * 11),
        "stores?sort=color",
        "backups?store=..",
        "backups?scale=07",
        "quality?days=365",
        "quality?store=a.b",
        "rollouts/backup-0411/executions?state=FAILED",
        "scales/0042/a.b",
    ],
)
def test_wrong_question_is_explained(fleet: GeneratedFleet, path: str) -> None:
    (response,) = read(fleet, path)
    assert response.status_code == 400
    assert response.json()["failure"]["kind"] == "input"
    assert response.json()["failure"]["detail"]


@pytest.mark.parametrize("path", ["scales/9999/01", "rollouts/none", "rollouts/none/executions"])
def test_what_does_not_exist_is_404(fleet: GeneratedFleet, path: str) -> None:
    (response,) = read(fleet, path)
    assert response.status_code == 404
    assert response.json()["failure"]["kind"] == "not_found"


def test_engine_that_is_gone_is_503() -> None:
    fleet = GeneratedFleet(1, 1)
    fleet.failure = CenterUnreachableError("the center does not respond")
    for response in read(fleet, "scales/0001/01", "backups", "quality"):
        assert response.status_code == 503
        assert response.json()["failure"]["kind"] == "unreachable"


def test_scale_has_everything_that_its_view_shows(fleet: GeneratedFleet) -> None:
    body = read_json(fleet, "scales/0001/01")
    assert body["inventory"]["device"]["sn"] == fleet.scales[ScaleId("0001", "01")].serial_number
    assert body["jobs"][0]["state"] == "FAILED"
    assert body["jobs"][0]["error"] == "CAMERA_LOST"
    assert len(body["backups"]) == 1


def test_executions_are_selected_by_their_state(fleet: GeneratedFleet) -> None:
    failed, done = (
        each.json()
        for each in read(
            fleet,
            "rollouts/learn-mode-0412/executions?state=failed",
            "rollouts/learn-mode-0412/executions?state=done",
        )
    )
    assert failed["total"] + done["total"] == 60
    assert {row["state"] for row in failed["rows"]} == {"FAILED"}


def test_rollout_has_its_stages(fleet: GeneratedFleet) -> None:
    body = read_json(fleet, "rollouts/learn-mode-0412")
    assert [(each["name"], each["size"]) for each in body["stages"]] == [("1", 1), ("10%", 38), ("100%", 351)]
    assert [each["submitted"] for each in body["stages"]] == [1, 38, 0]
    assert sum(each["ended"] for each in body["stages"]) == body["groups"]["done"] + body["groups"]["failed"]


def test_figures_of_quality_are_those_of_the_events(fleet: GeneratedFleet) -> None:
    chain, store = (each.json() for each in read(fleet, "quality?days=7", "quality?days=7&store=0042"))
    assert chain["overall"]["hits"]["first"]["share"] == pytest.approx(0.941)
    assert len(chain["places"]) == 50
    assert "scale" in store["places"][0]
    fleet.sums.weighings = 0
    assert read_json(fleet, "quality?days=7") == {"overall": None}


def test_executions_are_read_from_the_engine_once_for_several_parts() -> None:
    fleet = GeneratedFleet(1, 1)
    reads: list[str] = []
    original = fleet.list_executions

    async def count(rollout: Any) -> Any:
        reads.append(rollout.spec.id)
        return await original(rollout)

    fleet.list_executions = count  # pyright: ignore[reportAttributeAccessIssue]
    read(fleet, *["rollouts/backup-0411/executions"] * 3, "rollouts/reboot-0409/executions")
    assert reads == ["backup-0411", "reboot-0409"]


def test_long_filter_lets_other_tasks_run() -> None:
    """30,000 scales are looked at in parts of a millisecond or two."""
    fleet = GeneratedFleet(stores=1, scales=1)
    (scale,) = fleet.scales.values()
    page = FleetPage(fleet)
    for number in range(3000):
        page.live.index.update(replace(scale, id=ScaleId(f"{number:04}", "01")))
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async def run() -> int:
        other = asyncio.create_task(count_turns())
        found = await page.live.index.read_part(ListQuery(Selection(("engine>=1",))))
        other.cancel()
        return found["total"]

    assert asyncio.run(run()) == 3000
    assert turns >= 2


def test_same_list_is_selected_once_while_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    fleet = GeneratedFleet(stores=2, scales=3)
    page = FleetPage(fleet)
    for scale in fleet.scales.values():
        page.live.index.update(scale)
    filters = 0
    original = Selection.make_filter

    def count(self: Selection) -> Callable[..., bool]:
        nonlocal filters
        filters += 1
        return original(self)

    monkeypatch.setattr(Selection, "make_filter", count)

    async def run(*coroutines: Coroutine[Any, Any, Any]) -> None:
        for each in coroutines:
            await each

    index = page.live.index
    query = ListQuery(Selection())
    asyncio.run(run(index.read_part(query), index.read_part(replace(query, offset=3))))
    assert filters == 1
    index.update(replace(fleet.scales[ScaleId("0001", "01")], data=b"{}"))
    asyncio.run(run(index.read_part(query)))
    assert filters == 2
