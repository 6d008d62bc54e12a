"""`vision-ai fleet doctor` and `conformance`."""

from __future__ import annotations

import time

from shared_fleet_cli import NOW, Command, FakeFleet, make_test_scale

from vision_ai_fleet.jobs import Execution, State
from vision_ai_fleet.names import ALERTS, LEASES, ScaleId


def get_states(command: Command) -> dict[str, str]:
    return {each["step"]: each["state"] for each in command("doctor", "--json").value["findings"]}


def test_the_doctor_finds_what_is_wrong(command: Command, fleet: FakeFleet) -> None:
    fleet.buckets[ALERTS] = {"camera_lost.0042.08": object()}
    result = command("doctor")
    assert result.status == 1
    assert "no controller runs" in result.out and "camera lost" in result.out
    assert get_states(command) == {
        "credentials": "right",
        "center": "right",
        "controller": "wrong",
        "scales": "right",
        "modules": "wrong",
        "settings": "wrong",
        "backups": "wrong",
        "alerts": "wrong",
    }


def test_the_doctor_is_content_with_a_fleet_in_order(command: Command, fleet: FakeFleet) -> None:
    fleet.buckets[LEASES] = {"controller": object()}
    scale = make_test_scale("0042/07", backup={"time": time.time(), "digest": "00", "size": 1})
    fleet.known = {scale.id: scale}
    assert set(get_states(command).values()) == {"right"}
    assert command("doctor").status == 0


def test_conformance_is_compared_by_firmware(command: Command, fleet: FakeFleet) -> None:
    def make_execution(state: State, result: dict[str, object] | None = None) -> Execution:
        return Execution(state, "conformance", "x", time=NOW, result=result)

    for scale in fleet.known:
        fleet.outcomes[scale] = make_execution(State.SUCCEEDED, {"conforms": True, "outcome": "complete"})
    fleet.outcomes[ScaleId("0043", "02")] = make_execution(
        State.SUCCEEDED, {"conforms": False, "outcome": "complete"}
    )
    fleet.outcomes[ScaleId("0042", "08")] = make_execution(State.FAILED)
    result = command("conformance", "--json")
    assert result.status == 1
    assert [(each["firmware"], each["scales"]) for each in result.value["firmwares"]] == [
        ("9.9.4.2", 3),  # the fourth is off
        ("9.9.5.0", 1),
    ]
    old, new = result.value["firmwares"]
    assert (old["conform"], old["differ"], old["failed"]) == (2, 0, 1)
    assert (new["conform"], new["differ"], new["failed"]) == (0, 1, 0)
    assert command("conformance", "--scales", "0042/07").status == 0
