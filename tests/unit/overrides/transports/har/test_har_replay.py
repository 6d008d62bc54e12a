"""A recording is played back as it was made, and a request that it lacks is an error."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import httpx
import pytest
from har_support import Clients, entries, open_recorder, open_recording, run_day, send
from jsonschema import Draft202012Validator

from vision_ai import (
    AnswerLostError,
    AnswerTimeoutError,
    DeviceError,
    InvalidInputError,
    RecordingError,
    UnreachableError,
    VisionAI,
    VisionAIError,
)
from vision_ai._transports.har.player import open_transport
from vision_ai.recording import Player, Recorder
from vision_ai.transports import run_sync
from vision_ai_emulator import Emulator, EmulatorTransport, Fault, serve

DIST = Path(__file__).parents[5] / "openapi" / "dist"
CONTRACT = json.loads((DIST / "vision-ai.json").read_text(encoding="utf-8"))


def test_a_recording_with_secrets_replays_the_same_results(
    clients: Clients, inner: Any, har: Path, tmp_path: Path, backup: Path
) -> None:
    recorded = run_day(clients.record(har, inner, secrets=True), tmp_path)
    module = clients.replay(har)
    assert run_day(module, tmp_path) == recorded


def test_a_recording_without_secrets_replays_all_but_the_secrets(
    clients: Clients, inner: Any, har: Path, tmp_path: Path, backup: Path
) -> None:
    recorded = run_day(clients.record(har, inner), tmp_path)
    replayed = run_day(clients.replay(har), tmp_path)
    assert recorded[1:-1] == replayed[1:-1]
    assert (replayed[0].firmware, replayed[0].learn_mode) == (recorded[0].firmware, recorded[0].learn_mode)
    assert not {replayed[0].sn, replayed[0].client_id, replayed[0].client_name} & {
        recorded[0].sn,
        recorded[0].client_id,
        recorded[0].client_name,
    }
    assert replayed[-1].startswith(f"left out of this recording: {len(recorded[-1])} bytes".encode())


def test_the_placeholder_of_a_backup_can_be_restored(
    clients: Clients, emulator: Emulator, har: Path, tmp_path: Path
) -> None:
    module = clients.record(har, EmulatorTransport(emulator))
    module.restore(module.backup(tmp_path, poll=0.01), poll=0.01)
    replayed = clients.replay(har)
    replayed.restore(replayed.backup(tmp_path, poll=0.01), poll=0.01)
    another = tmp_path / "another.evo"
    another.write_bytes(b"something\0else")
    with pytest.raises(RecordingError, match="another body"):
        clients.replay(har).restore(another)


def test_a_redacted_recording_keeps_to_the_contract(
    clients: Clients, emulator: Emulator, har: Path, tmp_path: Path, backup: Path
) -> None:
    run_day(clients.record(har, EmulatorTransport(emulator)), tmp_path)
    checked = 0
    for entry in entries(har):
        path = httpx.URL(entry["request"]["url"]).path
        operation = CONTRACT["paths"].get(path, {}).get("post")
        content = entry["response"]["content"]
        if operation is None or content["mimeType"] != "application/json":
            continue
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        validator = Draft202012Validator({**schema, "components": CONTRACT["components"]})
        validator.validate(json.loads(content["text"]))
        checked += 1
    assert checked > 10


def test_equal_requests_get_their_responses_in_order_and_the_last_one_repeats(
    clients: Clients, emulator: Emulator, har: Path
) -> None:
    module = clients.record(har, EmulatorTransport(emulator))
    for mode in (1, 0):
        module.set_learnmode(mode=mode)
        assert module.get_learnmode().mode == mode
    replayed = clients.replay(har)
    assert [replayed.get_learnmode().mode for _ in range(4)] == [1, 0, 0, 0]


def test_bodies_are_compared_as_json(har: Path, emulator: Emulator) -> None:
    with open_recording(har, emulator) as module:
        module.set_calib(left=1, top=2, width=3, height=4)
    spaced = b'{ "height" : 4,\n"width":3, "top":2, "left":1 }'
    response = send(Player(har), "POST", "http://other:8080/api/set_calib", spaced)
    assert json.loads(run_sync(response.read(1000)))["code"] == 0


def test_hosts_and_path_prefixes_are_ignored(har: Path, emulator: Emulator) -> None:
    with (
        serve(emulator) as url,
        VisionAI(url, transport=open_recorder(httpx.HTTPTransport(), har)) as module,
    ):
        module.get_calib()
    with VisionAI("https://shop.example/scales/3", transport=Player(har)) as module:
        assert module.get_calib().width > 0


def test_a_missing_request_is_reported_with_the_recorded_ones(
    clients: Clients, emulator: Emulator, har: Path
) -> None:
    module = clients.record(har, EmulatorTransport(emulator))
    module.set_calib(left=1, top=2, width=3, height=4)
    module.get_calib()
    module.get_calib()
    replayed = clients.replay(har, retries=2)
    with pytest.raises(RecordingError) as other_body:
        replayed.set_calib(left=1, top=2, width=3, height=5)
    assert str(har) in str(other_body.value)
    assert 'POST /api/set_calib {"height": 5' in str(other_body.value)
    assert 'POST /api/set_calib {"height": 4' in str(other_body.value)
    with pytest.raises(RecordingError, match=r"POST /api/get_calib \(2×\)"):
        replayed.get_image()
    assert isinstance(pickle.loads(pickle.dumps(other_body.value)), RecordingError)


def test_a_long_body_is_shortened_in_the_message(emulator: Emulator, har: Path) -> None:
    with open_recording(har, emulator) as module:
        module.get_calib()
    with VisionAI("http://module", transport=Player(har)) as module:
        with pytest.raises(RecordingError) as missing:
            module.register_item(id="7", name="x" * 100_000)
        assert len(str(missing.value)) < 1000


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("refuse", times=1), UnreachableError),
        (Fault("drop_before_answer", times=1), AnswerLostError),
        (Fault("drop_mid_answer", times=1), AnswerLostError),
        (Fault("slow_first_byte", "get_item_list", seconds=60, times=1), AnswerTimeoutError),
        (Fault("error_code", "get_item_list", code=-6209, times=1), DeviceError),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else None,
)
def test_failures_are_replayed_as_the_same_error(
    clients: Clients, emulator: Emulator, har: Path, fault: Fault, error: type[VisionAIError]
) -> None:
    emulator.faults.add(fault)
    module = clients.record(har, EmulatorTransport(emulator), timeout=0.5)
    with pytest.raises(error):
        module.get_item_list()
    assert module.get_item_list() == []
    replayed = clients.replay(har)
    with pytest.raises(error):
        replayed.get_item_list()
    assert replayed.get_item_list() == []


def test_retries_are_replayed(clients: Clients, emulator: Emulator, har: Path) -> None:
    emulator.faults.add(Fault("drop_before_answer", "get_calib", times=2))
    area = clients.record(har, EmulatorTransport(emulator), retries=2).get_calib()
    assert [entry["response"]["status"] for entry in entries(har)] == [0, 0, 200]
    assert clients.replay(har, retries=2).get_calib() == area


def test_a_restart_is_replayed(clients: Clients, emulator: Emulator, har: Path) -> None:
    module = clients.record(har, EmulatorTransport(emulator))
    module.reboot()
    info = module.wait_until_ready(poll=0.02, timeout=10)
    replayed = clients.replay(har)
    replayed.reboot()
    assert replayed.wait_until_ready(poll=0.01, timeout=10).firmware == info.firmware


def test_a_replay_can_be_recorded_again(emulator: Emulator, har: Path, tmp_path: Path) -> None:
    with open_recording(har, emulator) as module:
        module.backup(tmp_path, poll=0.01)
    again = tmp_path / "again.har"
    with VisionAI("http://module", transport=Recorder(Player(har), again)) as module:
        module.backup(tmp_path, poll=0.01)
    first, second = entries(har)[-1], entries(again)[-1]
    assert first["response"]["content"]["text"] == second["response"]["content"]["text"]


def test_the_replay_scheme_accepts_a_path(
    emulator: Emulator, har: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_recording(har, emulator) as module:
        area = module.get_calib()
    monkeypatch.chdir(har.parent)
    for url in (f"replay:{har}", "replay:day.har", "replay:./day.har", "REPLAY:day.har"):
        with VisionAI("http://module", transport=open_transport(url, asynchronous=False)) as module:
            assert module.get_calib() == area
    monkeypatch.setenv("HOME", str(har.parent))
    assert open_transport("replay:~/day.har", asynchronous=True).path == har


def test_a_missing_recording_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_transport(f"replay:{tmp_path / 'no.har'}", asynchronous=False)
    with pytest.raises(ValueError, match=r"replay:day\.har"):
        open_transport("replay:", asynchronous=False)


def test_record_and_replay_by_url(emulator: Emulator, har: Path) -> None:
    with VisionAI(emulator.url, record=har) as module:
        area = module.get_calib()
        module.get_device_info()
    with VisionAI(f"replay:{har}") as module:
        assert module.get_calib() == area
        assert module.get_device_info().sn != "12345678"
        with pytest.raises(RecordingError):
            module.get_image()
    with pytest.raises(InvalidInputError, match="without secrets"):
        VisionAI(emulator.url, record=har, record_secrets=True)


def test_a_recording_of_v2_replays(clients: Clients, har: Path) -> None:
    emulator = Emulator(api="v2")
    recorded = clients.record(har, EmulatorTransport(emulator), api="auto")
    expected = (recorded.get_device_info().board, recorded.learn(id="1", name="Apple", pictures=2))
    items = recorded.get_item_list()
    replayed = clients.replay(har, api="auto")
    assert (replayed.get_device_info().board, replayed.learn(id="1", name="Apple", pictures=2)) == expected
    assert replayed.get_item_list() == items
    assert replayed.api_version == "v2"


@pytest.mark.parametrize(("recorded", "profile"), [("v1", "v2"), ("v2", "v1"), ("v2", None)])
def test_a_client_finds_out_the_version_of_a_recording(
    clients: Clients, har: Path, recorded: Any, profile: Any
) -> None:
    emulator = Emulator(api=recorded)
    clients.record(har, EmulatorTransport(emulator), api=recorded).get_result()
    replayed = clients.replay(har, api="auto", profile={"vision_ai_profile": 1, "api": profile})
    assert replayed.get_result().items == []
    assert replayed.api_version == recorded
