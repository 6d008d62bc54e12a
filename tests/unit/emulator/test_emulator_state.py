"""State files: an emulator that loads one continues exactly like the original."""

from __future__ import annotations

import copy
import json
import math
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulator_support import EmulatorClient, connect, create_emulator

from vision_ai_emulator import Dialect, Emulator, Fault, ManualClock
from vision_ai_emulator.serving.transport import open_transport


def connect_to_used_device() -> EmulatorClient:
    """Return a client for a device with every kind of state."""
    client = connect(create_emulator(seed=5, sn="42", pace="polls", dialect=Dialect(image_ids="many")))
    client.emulator.step(3.25)
    client.teach("001", "苹果", "apple")
    client.call_data("set_learnmode", {"mode": 0})
    client.call_data("set_calib", {"height": 300, "left": 450, "top": 100, "width": 340})
    client.call_data("register_item", {"id": "2", "name": "n"})
    client.call_data("get_result")
    client.call("start_backup")
    filename = [client.call("get_backup_status")["filename"] for _ in range(3)][-1]
    content = client.http.get(f"/download/{filename}").content
    client.call_code("start_restore", files={"file": content})
    client.call("get_restore_status")
    client.emulator.put("lemon")
    client.emulator.activate("9", "Neun")
    return client


def continue_use(client: EmulatorClient) -> list[Any]:
    """Return responses that depend on the whole state and on the random numbers."""
    filename = client.call("get_backup_status")["filename"]
    responses: list[Any] = [
        client.call_data("get_device_info"),
        client.call_data("get_calib"),
        client.call_data("get_registered_item_list"),
        client.call("get_backup_status"),
        client.http.get(f"/download/{filename}").content,
        [client.call("get_restore_status") for _ in range(3)],
        client.call_data("get_item_list"),
        client.http.post("/api/get_image").content,
    ]
    client.emulator.put("pear")
    responses += [client.call_data("register_item", {"id": "3", "name": "n"}), client.call_data("get_result")]
    client.emulator.step(1)
    return [*responses, client.call_data("get_result")]


def test_an_emulator_continues_from_a_state_file(tmp_path: Path) -> None:
    client = connect_to_used_device()
    client.emulator.save(tmp_path / "device.json")
    other = connect(create_emulator(pan="empty"))
    other.emulator.load(tmp_path / "device.json")
    assert other.emulator.seed == 5 and other.emulator.dialect.image_ids == "many"
    assert other.emulator.state() == client.emulator.state()
    assert continue_use(other) == continue_use(client)
    assert other.emulator.state() == client.emulator.state()
    assert [path.name for path in tmp_path.iterdir()] == ["device.json"]


def test_a_state_can_be_loaded_over_control(client: EmulatorClient) -> None:
    state = connect_to_used_device().emulator.state()
    status = client.control("PUT", "/state", state)
    assert (status["seed"], status["pan"]["kind"], status["store"]["id"]) == (5, "lemon", "9")
    assert client.control("GET", "/state") == json.loads(json.dumps(state))
    assert continue_use(client) == continue_use(connect_to_used_device())
    assert "--state" in client.control_error(400, "POST", "/state/save")


def test_a_recognition_accepts_feedback_after_loading() -> None:
    client = connect(create_emulator())
    sid = client.call_data("get_result")["sid"]
    other = connect(create_emulator())
    other.emulator.load_state(client.emulator.state())
    assert other.call_code("result_feedback", {"sid": sid, "id": "1", "name": "n", "intop": False}) == 0
    assert other.recognize() == "1"


def test_time_continues_on_another_clock() -> None:
    client = connect(create_emulator())
    client.emulator.step(100)
    client.call("reboot")
    real = Emulator()
    real.load_state(client.emulator.state())
    assert not real.device.up and real.device_clock.seconds() >= 100
    real.freeze()
    real.step(2)
    assert real.device.up


def test_loading_a_restarting_device_closes_the_port(client: EmulatorClient) -> None:
    other = connect(create_emulator())
    other.call("reboot")
    client.control("PUT", "/state", other.emulator.state())
    with pytest.raises(httpx.ConnectError):
        client.http.post("/api/get_calib")


def test_loading_a_state_keeps_faults_and_log() -> None:
    emulator = create_emulator()
    emulator.faults.add(Fault("endless"))
    connect(emulator).call_code("nonsense")
    emulator.load_state(create_emulator().state())
    assert len(emulator.faults.pending) == 1 and len(emulator.log) == 1


@pytest.fixture(scope="module")
def used_state() -> Any:
    return json.loads(json.dumps(connect_to_used_device().emulator.state()))


def replace(state: Any, path: str, value: Any) -> Any:
    """Return a copy of a state with one value replaced, or deleted if the new value is None."""
    state = copy.deepcopy(state)
    *parents, last = path.split("/")
    parent = state
    for name in parents:
        parent = parent[int(name) if isinstance(parent, list) else name]
    if value is None:
        del parent[last]
    else:
        parent[last] = value
    return state


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("format", "other"),
        ("version", 2),
        ("seed", "5"),
        ("settings/sn", 42),
        ("settings/pace", "slow"),
        ("settings/unknown", 1),
        ("dialect/charset", "utf16"),
        ("clock/now", "yesterday"),
        ("clock", None),
        ("camera/item/kind", "durian"),
        ("camera/item/size", 1e300),
        ("camera/item/angle", math.inf),
        ("camera/random/numbers", [1, 2]),
        ("device/identifiers/suffix", "x"),
        ("device/contents/store", "9"),
        ("device/contents/memory/calibration/left", -1),
        ("device/contents/memory/products/0/templates/0/features", "x"),
        ("device/contents/cache/0/features", None),
        ("device/contents/restore/schedule/pace", "x"),
        ("device/contents/finished_backup/content", "*"),
        ("device/contents/reboots", True),
        ("settings/api", "v3"),
        ("device/contents/restore/firmware", {"board": "1109"}),
        ("device/contents/upgrade", {"restart_at": 1, "firmware": None}),
        ("device/contents/upgrade", "x"),
        ("device/contents/date/now", "1970-01-01T00:00:00+00:00"),
        ("device/contents/date/now", "9999-01-01T00:00:00"),
        ("device/contents/date/from", "x"),
        ("device", None),
    ],
)
def test_an_invalid_state_changes_nothing(emulator: Emulator, used_state: Any, path: str, value: Any) -> None:
    emulator.device.teach("1", "Apple")
    before = emulator.state()
    with pytest.raises(ValueError, match="not a state of an emulator"):
        emulator.load_state(replace(used_state, path, value))
    assert emulator.state() == before


def test_files_without_a_state_are_rejected(tmp_path: Path) -> None:
    emulator = create_emulator()
    for content in (b"", b"\xff", b"[]", b"[" * 100_000, b"null"):
        (tmp_path / "device.json").write_bytes(content)
        with pytest.raises(ValueError, match=r"not (a|contain a) state"):
            emulator.load(tmp_path / "device.json")
    with pytest.raises(FileNotFoundError):
        emulator.load(tmp_path / "none.json")


def test_the_url_can_name_a_state_file(tmp_path: Path) -> None:
    file = tmp_path / "device.json"
    connect_to_used_device().emulator.save(file)
    emulator = open_transport(f"emulator:?state={file}&clock=frozen", asynchronous=False).emulator
    assert isinstance(emulator.clock, ManualClock) and emulator.pan == "lemon" and emulator.seed == 5
    assert open_transport(f"emulator:?state={file}&pan=empty", asynchronous=False).emulator.pan is None
    with pytest.raises(ValueError, match="seed"):
        open_transport(f"emulator:?state={file}&seed=1", asynchronous=False)
    with pytest.raises(ValueError, match="clock"):
        open_transport("emulator:?clock=fast", asynchronous=False)
