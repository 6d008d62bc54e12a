"""State files: an emulator that goes on from one is the one it was taken from."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulator_support import Channel, in_process, make

from vision_ai_emulator import Dialect, Emulator, Fault, ManualClock
from vision_ai_emulator.serving.transport import open_transport


def lived() -> Channel:
    """A device that everything has happened to."""
    channel = in_process(make(seed=5, sn="42", pace="polls", dialect=Dialect(image_ids="many")))
    channel.emulator.step(3.25)
    channel.teach("001", "苹果", "apple")
    channel.data("set_learnmode", {"mode": 0})
    channel.data("set_calib", {"height": 300, "left": 450, "top": 100, "width": 340})
    channel.data("register_item", {"id": "2", "name": "n"})
    channel.data("get_result")
    channel.post("start_backup")
    filename = [channel.post("get_backup_status")["filename"] for _ in range(3)][-1]
    content = channel.client.get(f"/download/{filename}").content
    channel.code("start_restore", files={"file": content})
    channel.post("get_restore_status")
    channel.emulator.put("lemon")
    channel.emulator.activate("9", "Neun")
    return channel


def future(channel: Channel) -> list[Any]:
    """What a device does next: answers that hold all that it knows and draws."""
    filename = channel.post("get_backup_status")["filename"]
    seen: list[Any] = [
        channel.data("get_device_info"),
        channel.data("get_calib"),
        channel.data("get_registered_item_list"),
        channel.post("get_backup_status"),
        channel.client.get(f"/download/{filename}").content,
        [channel.post("get_restore_status") for _ in range(3)],
        channel.data("get_item_list"),
        channel.client.post("/api/get_image").content,
    ]
    channel.emulator.put("pear")
    seen += [channel.data("register_item", {"id": "3", "name": "n"}), channel.data("get_result")]
    channel.emulator.step(1)
    return [*seen, channel.data("get_result")]


def test_it_goes_on_as_it_would_have(tmp_path: Path) -> None:
    channel = lived()
    channel.emulator.save(tmp_path / "device.json")
    other = in_process(make(pan="empty"))
    other.emulator.load(tmp_path / "device.json")
    assert other.emulator.seed == 5 and other.emulator.dialect.image_ids == "many"
    assert other.emulator.state() == channel.emulator.state()
    assert future(other) == future(channel)
    assert other.emulator.state() == channel.emulator.state()
    assert [path.name for path in tmp_path.iterdir()] == ["device.json"]


def test_over_control(channel: Channel) -> None:
    state = lived().emulator.state()
    status = channel.control("PUT", "/state", state)
    assert (status["seed"], status["pan"]["kind"], status["store"]["id"]) == (5, "lemon", "9")
    assert channel.control("GET", "/state") == json.loads(json.dumps(state))
    assert future(channel) == future(lived())
    assert "--state" in channel.wrong(400, "POST", "/state/save")


def test_feedback_for_a_recognition_of_before() -> None:
    channel = in_process(make())
    sid = channel.data("get_result")["sid"]
    other = in_process(make())
    other.emulator.load_state(channel.emulator.state())
    assert other.code("result_feedback", {"sid": sid, "id": "1", "name": "n", "intop": False}) == 0
    assert other.best() == "1"


def test_on_another_clock_the_same_time_goes_on() -> None:
    channel = in_process(make())
    channel.emulator.step(100)
    channel.post("reboot")
    real = Emulator()
    real.load_state(channel.emulator.state())
    assert not real.device.up and real.device_clock.seconds() >= 100
    real.freeze()
    real.step(2)
    assert real.device.up


def test_a_state_that_says_the_device_is_gone_closes_the_port(channel: Channel) -> None:
    other = in_process(make())
    other.post("reboot")
    channel.control("PUT", "/state", other.emulator.state())
    with pytest.raises(httpx.ConnectError):
        channel.client.post("/api/get_calib")


def test_faults_and_log_stay_with_who_tests() -> None:
    emulator = make()
    emulator.faults.add(Fault("endless"))
    in_process(emulator).code("nonsense")
    emulator.load_state(make().state())
    assert len(emulator.faults.pending) == 1 and len(emulator.log) == 1


def spoilt(path: str, value: Any) -> Any:
    """A state with something wrong in one place."""
    state: Any = json.loads(json.dumps(lived().emulator.state()))
    *way, last = path.split("/")
    place = state
    for name in way:
        place = place[int(name) if isinstance(place, list) else name]
    if value is None:
        del place[last]
    else:
        place[last] = value
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
        ("device", None),
    ],
)
def test_what_is_no_state_changes_nothing(direct: Channel, path: str, value: Any) -> None:
    direct.teach("1", "Apple", "apple")
    before = direct.emulator.state()
    with pytest.raises(ValueError, match="not a state of an emulator"):
        direct.emulator.load_state(spoilt(path, value))
    assert direct.emulator.state() == before


def test_files_that_hold_no_state(tmp_path: Path) -> None:
    emulator = make()
    for content in (b"", b"\xff", b"[]", b"[" * 100_000, b"null"):
        (tmp_path / "device.json").write_bytes(content)
        with pytest.raises(ValueError, match=r"not (a|contain a) state"):
            emulator.load(tmp_path / "device.json")
    with pytest.raises(FileNotFoundError):
        emulator.load(tmp_path / "none.json")


def test_states_in_the_url(tmp_path: Path) -> None:
    file = tmp_path / "device.json"
    lived().emulator.save(file)
    emulator = open_transport(f"emulator:?state={file}&clock=frozen", asynchronous=False).emulator
    assert isinstance(emulator.clock, ManualClock) and emulator.pan == "lemon" and emulator.seed == 5
    assert open_transport(f"emulator:?state={file}&pan=empty", asynchronous=False).emulator.pan is None
    with pytest.raises(ValueError, match="seed"):
        open_transport(f"emulator:?state={file}&seed=1", asynchronous=False)
    with pytest.raises(ValueError, match="clock"):
        open_transport("emulator:?clock=fast", asynchronous=False)
