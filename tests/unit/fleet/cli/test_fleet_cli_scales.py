"""`vision-ai fleet list`, `show`, `set` and `call`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from shared_cli import run_cli
from shared_fleet_cli import Command, FakeFleet

from vision_ai_emulator import Emulator, serve
from vision_ai_fleet.names import ScaleId


def test_a_list_shows_presence_module_and_drift(command: Command) -> None:
    result = command("list")
    lines = {line.split()[0]: line for line in result.out.splitlines()[1:]}
    assert list(lines) == ["0042/07", "0042/08", "0042/09", "0043/01", "0043/02"]
    assert "learn mode" in lines["0042/07"]
    assert "camera lost (-6103)" in lines["0042/08"]
    assert "offline" in lines["0042/09"]
    assert result.err.strip() == "5 scales, 4 online"


def test_conditions_a_store_an_order_and_a_limit_choose_what_is_listed(command: Command) -> None:
    def get_names(*options: str) -> list[str]:
        return [f"{each['store']}/{each['scale']}" for each in command("list", *options, "--json").value]

    assert get_names("--store", "0043") == ["0043/01", "0043/02"]
    assert get_names("--where", "online=false") == ["0042/09"]
    assert get_names("--where", "firmware>=9.9.5") == ["0043/02"]
    assert get_names("--sort", "-firmware", "--limit", "1") == ["0043/02"]


def test_a_condition_on_an_unknown_field_is_a_usage_failure(command: Command) -> None:
    result = command("list", "--where", "color=red", "--json")
    assert (result.status, result.error["kind"]) == (2, "input")
    assert "engine" in result.error["message"]


def test_one_scale_is_shown_with_what_differs_from_the_desired_state(command: Command) -> None:
    result = command("show", "0042/07")
    assert "on (desired: off)" in result.out and "SN0042/07" in result.out


def test_a_scale_that_does_not_exist_is_said_to_be_missing(command: Command) -> None:
    result = command("show", "0042/77")
    assert result.status == 1
    assert result.failure == ("there is no scale 0042/77", "See: vision-ai fleet list")


def test_a_desired_state_is_set_without_a_question_for_one_scale(command: Command, fleet: FakeFleet) -> None:
    result = command("set", "0042/07", "--learn-mode", "off", "--json")
    assert result.value == {"scales": ["0042/07"], "desired": {"learn_mode": 0}}
    assert fleet.desired == {ScaleId("0042", "07"): {"learn_mode": 0}}


def test_many_scales_are_not_set_where_nobody_can_confirm(command: Command, fleet: FakeFleet) -> None:
    result = command("set", "--store", "0042", "--calibration", "1,2,300,400", "--enforce")
    assert result.status == 2 and fleet.desired == {}
    assert "3 scales" in result.failure[0] and "--yes" in result.failure[1]
    assert command("set", "--store", "0042", "--calibration", "1,2,300,400", "--enforce", "--yes").status == 0
    assert len(fleet.desired) == 3
    [desired] = {repr(each) for each in fleet.desired.values()}
    assert "'left': 1, 'top': 2, 'width': 300, 'height': 400" in desired


@pytest.mark.parametrize(
    "arguments",
    [("0042/07",), ("--learn-mode", "on"), ("0042/07", "--calibration", "1,2,3")],
)
def test_what_says_nothing_to_set_is_refused(
    command: Command, fleet: FakeFleet, arguments: tuple[str, ...]
) -> None:
    assert command("set", *arguments).status == 2
    assert fleet.desired == {}


def test_without_credentials_it_says_how_to_get_some(fleet: FakeFleet, tmp_path: Path) -> None:
    result = run_cli("fleet", "list", "--folder", tmp_path / "none")
    assert result.status == 1
    message, hint = result.failure
    assert message.endswith(os.fspath(Path("none") / "operator.creds")) and "vision-ai fleet up" in hint


def test_the_server_option_replaces_the_address_of_the_credentials(
    command: Command, fleet: FakeFleet
) -> None:
    command("list", "--server", "tls://center:4222")
    assert fleet.credentials.server == "tls://center:4222"


def test_options_of_a_single_module_are_refused(command: Command) -> None:
    result = run_cli("--url", "http://127.0.0.1:9", "fleet", "list")
    assert result.status == 2 and "takes no --url" in result.failure[0]


def test_an_operation_is_called_through_the_agent(command: Command, fleet: FakeFleet) -> None:
    with serve(Emulator()) as fleet.url:
        assert command("call", "0042/07", "get_device_info", "--json").value["sn"] == "12345678"
        assert "12345678" in command("call", "0042/07", "get_device_info").out
        assert command("call", "0042/07", "set_learnmode", "mode=0").out == "0042/07: set_learnmode done\n"
        assert command("call", "0042/07", "get_learnmode", "--json").value == {"mode": 0}


def test_a_picture_is_saved_to_the_output_file(command: Command, fleet: FakeFleet, tmp_path: Path) -> None:
    assert command("call", "0042/07", "get_image").status == 2
    with serve(Emulator()) as fleet.url:
        result = command("call", "0042/07", "get_image", "--output", "pan.jpg", "--json")
    assert (tmp_path / "pan.jpg").read_bytes().startswith(b"\xff\xd8")
    assert result.value["bytes"] == (tmp_path / "pan.jpg").stat().st_size


def test_what_acts_on_a_module_needs_its_serial_number(command: Command, fleet: FakeFleet) -> None:
    emulator = Emulator()
    with serve(emulator) as fleet.url:
        assert command("call", "0042/07", "reset_device").status == 2
        result = command("call", "0042/07", "register_item", "id=001", "name=Apple", "--yes", "wrong")
        assert result.status == 2 and "12345678" in result.failure[0]
        assert command("call", "0042/07", "get_registered_item_list", "--json").value == []
        yes = command("call", "0042/07", "register_item", "id=001", "name=Apple", "--yes", "12345678")
        assert yes.status == 0
        assert len(command("call", "0042/07", "get_registered_item_list", "--json").value) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("get_devise_info",), "not an operation"),
        (("start_restore", "file=x"), "carries a file"),
        (("set_learnmode",), "needs mode"),
        (("set_learnmode", "mode=often"), "not a value"),
        (("set_learnmode", "speed=1"), "no argument"),
        (("get_calib", "--output", "x"), "returns no file"),
    ],
)
def test_calls_that_make_no_sense_are_refused_before_anything_is_sent(
    command: Command, arguments: tuple[str, ...], message: str
) -> None:
    result = command("call", "0042/07", *arguments)
    assert result.status == 2 and message in result.failure[0]
