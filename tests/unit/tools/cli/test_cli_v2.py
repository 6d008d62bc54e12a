"""The commands on a module that speaks V2: its own operations, and what it lacks."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest
from shared_cli import parse_json_lines, run_cli
from shared_cli_server import start_cli

from vision_ai import Image
from vision_ai_emulator import Dialect, Emulator, Settings

SERIAL = "12345678"
LACKING = [
    (("calib", "get"), "get_calib"),
    (("learn-mode", "get"), "get_learnmode"),
    (("learn-mode", "off"), "set_learnmode"),
    (("items", "pending"), "get_registered_item_list"),
    (("items", "register", "1", "Fig"), "register_item"),
    (("items", "delete", "1"), "delete_registered_item"),
    (("items", "commit", "1"), "commit_registered_item"),
    (("reboot",), "reboot"),
    (("reset", "--yes", SERIAL), "reset_device"),
    (("backup",), "start_backup"),
    (("feedback", "1", "1", "Fig"), "result_feedback"),
]
ONLY_IN_V2 = [
    (("speed", "fast"), "set_predict_speed"),
    (("clock", "set"), "set_time"),
    (("sync", "master"), "set_sync_master"),
    (("items", "templates", "1"), "get_item_template_list"),
    (("items", "add-template", "1"), "add_item_template"),
    (("items", "delete-template", "1", "2"), "delete_item_template"),
    (("items", "delete-product", "1", "--yes", SERIAL), "delete_item"),
    (("items", "clear", "--yes", SERIAL), "clear_all_template"),
]


def mark_slow(cases: list[tuple[tuple[str, ...], str]]) -> list[Any]:
    """Run two cases of the kind always, and the others in the slow set."""
    return [
        pytest.param(*case, id=" ".join(case[0]), marks=() if number < 2 else pytest.mark.slow)
        for number, case in enumerate(cases)
    ]


@pytest.fixture
def module(v2: Emulator, v2_url: str) -> Emulator:
    v2.reset(settings=Settings(api="v2"), dialect=Dialect())
    return v2


def test_info_shows_the_version_and_its_fields(module: Emulator, v2_url: str, url: str) -> None:
    result = run_cli("info", "--json", url=v2_url).value
    assert result["api_version"] == "v2" and result["board"] == "1109" and result["predict_speed"] == "fast"
    view = run_cli("info", url=v2_url).out
    assert view.startswith("API                V2, of which 13 of 31 operations are known")
    assert "Recognition speed  fast\n" in view and "Store" not in view
    assert run_cli("info", "--json", url=url).value["api_version"] == "v1"
    assert "API                V1" in run_cli("info", url=url).out


def test_teaching_and_deleting(module: Emulator, v2_url: str, tmp_path: Path) -> None:
    taught = run_cli("items", "teach", "001", "Apple", "--pictures", "2", "--json", url=v2_url).value
    assert len(taught["sids"]) == 2 and "image_ids" not in taught
    added = run_cli(
        "items", "add-template", "001", "--picture", "p.jpg", "--json", url=v2_url, cwd=tmp_path
    ).value
    assert Image((tmp_path / "p.jpg").read_bytes()).width
    assert run_cli("items", "list", url=v2_url).out == "ID   Templates\n001  3\n"
    sids = run_cli("items", "templates", "001", "--json", url=v2_url).value["sids"]
    assert sids == [*taught["sids"], added["sid"]]  # without the entry that is none (B3)
    assert run_cli("items", "templates", "001", url=v2_url).out.split() == ["Template", *sids]
    assert run_cli("items", "delete-template", "001", sids[0], url=v2_url).status == 0
    assert run_cli("items", "list", "--json", url=v2_url).value == [{"id": "001", "count": 2}]
    assert run_cli("items", "delete-product", "001", "--yes", SERIAL, url=v2_url).status == 0
    assert run_cli("items", "list", "--json", url=v2_url).value == []


def test_clear_asks_for_the_serial_number(module: Emulator, v2_url: str) -> None:
    run_cli("items", "teach", "001", "Apple", "--pictures", "1", url=v2_url)
    assert run_cli("items", "clear", url=v2_url).status == 2
    assert run_cli("items", "clear", "--yes", "1", url=v2_url).status == 2
    assert module.acted.get("clear_all_template", 0) == 0
    assert run_cli("items", "clear", "--yes", SERIAL, "--json", url=v2_url).value == {}
    assert run_cli("items", "list", "--json", url=v2_url).value == []


def test_speed_clock_and_synchronization(module: Emulator, v2_url: str) -> None:
    assert run_cli("speed", "normal", "--json", url=v2_url).value == {"speed": "normal"}
    assert run_cli("speed", "get", url=v2_url).out == "normal\n"
    assert run_cli("clock", "set", "2030-01-02T03:04:05+00:00", url=v2_url).status == 0
    assert [each.body for each in module.log if each.operation == "set_time"] == [
        '{"sec":1893553445,"usec":0}'
    ]
    assert run_cli("clock", "set", "noon", url=v2_url).status == 2
    assert run_cli("sync", "master", "--no-upload", "--json", url=v2_url).value == {
        "upload": False,
        "download": True,
    }
    assert module.settings.sync_mode == "master" and not module.settings.upload


@pytest.mark.parametrize(("arguments", "operation"), mark_slow(LACKING))
def test_what_v2_lacks_is_said_in_one_line(
    module: Emulator, v2_url: str, arguments: tuple[str, ...], operation: str, tmp_path: Path
) -> None:
    result = run_cli(*arguments, url=v2_url, cwd=tmp_path)
    assert (result.status, result.out) == (1, "")
    [line] = result.err.splitlines()
    assert operation in line and "V2" in line and "Nothing was sent" in line and "VisionAI(" not in line
    error = run_cli(*arguments, "--json", url=v2_url, cwd=tmp_path).error
    assert (error["kind"], error["exit"], error["operation"], error["api_version"]) == (
        "unsupported",
        1,
        operation,
        "v2",
    )
    assert operation not in module.acted


@pytest.mark.parametrize(("arguments", "operation"), mark_slow(ONLY_IN_V2))
def test_what_v1_lacks_is_said_in_one_line(
    emulator: Emulator, url: str, arguments: tuple[str, ...], operation: str
) -> None:
    result = run_cli(*arguments, url=url)
    assert result.status == 1 and operation in result.err and "Nothing was sent" in result.err
    assert len(result.err.splitlines()) == 1 and "api=" not in result.err


def test_a_recognition_is_shown_though_it_cannot_be_confirmed(module: Emulator, v2_url: str) -> None:
    run_cli("items", "teach", "001", "Apple", "--pictures", "1", url=v2_url)
    for dialect in (
        Dialect(),
        Dialect(result_sid=True),
        Dialect(other_method="answer", result_sid=True),
    ):  # B1, B2
        module.dialect = dialect
        result = run_cli("recognize", "--confirm", "001", url=v2_url)
        assert result.status == 0 and result.out.splitlines()[1].startswith("001")
        assert len(result.err.splitlines()) == 1 and "result_feedback" in result.err
        value = run_cli("recognize", "--confirm", "001", "--json", url=v2_url).value
        assert value["items"][0]["id"] == "001" and value["confirmed"] is None
        assert "V2" in value["not_confirmed"]


def test_the_version_can_be_given(module: Emulator, v2_url: str, url: str) -> None:
    assert run_cli("--api", "v2", "items", "list", "--json", url=v2_url).value == []
    assert module.requests == (("GET", "/api/get_item_list"),)
    assert run_cli("learn-mode", "get", "--api", "v1", url=v2_url).err.count("UNKNOWN_COMMAND (-6117)") == 1
    assert run_cli("info", "--api", "v3", url=url).status == 2


def test_wait_sets_the_clock(module: Emulator, v2_url: str) -> None:
    assert run_cli("wait", "--no-set-clock", url=v2_url).status == 0
    assert "set_time" not in module.acted
    assert run_cli("wait", url=v2_url).out == f"the module {SERIAL} is ready\n"
    assert module.acted["set_time"] == 1


def test_the_emulator_takes_the_version_too() -> None:
    with start_cli("--api", "v2", "emulator", "--port", "0", "--control-port", "0", "--json") as program:
        [started] = parse_json_lines(program.out.readline())
        assert run_cli("info", "--json", url=started["result"]["url"]).value["api_version"] == "v2"
        program.send_signal(signal.SIGINT)
        assert program.wait() == 0
