"""`vision-ai fleet run`, `jobs`, `status`, `pause`, `resume`, `cancel` and `schedule`."""

from __future__ import annotations

from pathlib import Path

import pytest
from shared_cli import parse_json_lines
from shared_fleet_cli import NOW, Command, FakeFleet, make_test_backup

from vision_ai_fleet.jobs import Execution, State
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.rollout import Phase

DAY = 86400.0


def test_a_job_is_followed_to_its_end(command: Command, fleet: FakeFleet) -> None:
    result = command("run", "backup", "--store", "0042", "--yes", "--json")
    assert result.status == 0
    [id] = fleet.entries
    assert result.value["spec"]["id"] == id
    assert (result.value["state"]["phase"], result.value["state"]["counts"]) == (
        "COMPLETED",
        {"SUCCEEDED": 3},
    )
    steps = [line["progress"] for line in parse_json_lines(result.err)]
    assert (steps[0]["phase"], steps[0]["done"], steps[0]["total"]) == ("stage 1 of 2", 0, 1)
    assert steps[-1]["phase"] == "stage 2 of 2" and steps[-1]["done"] == steps[-1]["total"] == 2


def test_an_aborted_job_ends_with_status_1_and_names_the_scales(command: Command, fleet: FakeFleet) -> None:
    failed = Execution(State.FAILED, "backup", "x", time=NOW, code=-6103, message="The camera is lost.")
    fleet.outcomes[ScaleId("0042", "08")] = failed
    result = command("run", "backup", "--yes")
    assert result.status == 1
    assert "too many scales failed" in result.out
    assert "0042/08" in result.out and "The camera is lost." in result.out and "0042/07" not in result.out


def test_what_changes_scales_is_refused_where_nobody_can_confirm(command: Command, fleet: FakeFleet) -> None:
    result = command("run", "reboot")
    assert (result.status, fleet.entries) == (2, {})
    message, hint = result.failure
    assert message.startswith("Restart: 5 scales of 2 stores.") and "--yes" in hint
    assert command("run", "doctor", "--no-wait").status == 0


def test_the_order_has_what_the_options_say(command: Command, fleet: FakeFleet) -> None:
    command(
        *("run", "set-learn-mode", "--mode", "off", "--where", "online=true", "--scales", "0042/07,0042/09"),
        *("--stages", "1,50%,100%", "--max-failures", "2", "--window", "22:00-06:00"),
        *("--order", "within-store", "--expires", "12h", "--yes", "--no-wait"),
    )
    [rollout] = fleet.entries.values()
    spec = rollout.spec
    assert (spec.kind, spec.arguments, spec.by) == ("set_learn_mode", {"mode": 0}, "anna")
    assert (spec.where, spec.targets) == (("online=true",), ("0042/07", "0042/09"))
    assert (spec.stages, spec.max_failures, spec.window) == (("1", "50%", "100%"), "2", "22:00-06:00")
    assert (spec.order, spec.expires_after) == ("within-store", DAY / 2)
    assert fleet.chosen[spec.id] == [ScaleId("0042", "07")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("backup", "--mode", "on"), "--mode is an option of set-learn-mode"),
        (("restore",), "restore needs --dataset"),
        (("set-calibration", "--area", "1,2,3"), "not an area"),
        (("teaching-list", "--file", "none.csv"), "there is no file"),
        (("backup", "--window", "22-6"), "window must be"),
        (("backup", "--stages", "50%,1"), "must grow"),
        (("backup", "--where", "engine=1.0"), "no scale was selected"),
        (("backup", "--expires", "soon"), "not a length of time"),
    ],
)
def test_an_order_that_cannot_be_carried_out_is_refused(
    command: Command, fleet: FakeFleet, arguments: tuple[str, ...], message: str
) -> None:
    result = command("run", *arguments, "--yes")
    assert result.status == 2 and message in result.failure[0]
    assert fleet.entries == {} and fleet.uploads == {}


def test_a_data_set_of_a_scale_begins_elsewhere(command: Command, fleet: FakeFleet) -> None:
    fleet.stored += [make_test_backup("0042/07", NOW - 2 * DAY), make_test_backup("0042/07")]
    command("run", "restore", "--dataset", "0042/07", "--store", "0042", "--yes", "--no-wait")
    [rollout] = fleet.entries.values()
    assert rollout.spec.canary_excludes == ("0042/07",)
    assert fleet.chosen[rollout.spec.id][0] != ScaleId("0042", "07")
    assert rollout.spec.arguments["file"]["created"] == NOW
    assert fleet.uploads == {}  # the store's scales can read it


def test_each_scale_gets_its_own_backup_back(command: Command, fleet: FakeFleet) -> None:
    command("run", "restore", "--dataset", "own", "--store", "0042", "--yes", "--no-wait")
    [rollout] = fleet.entries.values()
    assert (rollout.spec.arguments, rollout.spec.canary_excludes) == ({"file": "own"}, ())


def test_a_data_set_for_another_store_is_copied_to_where_its_scales_can_read_it(
    command: Command, fleet: FakeFleet
) -> None:
    fleet.stored.append(make_test_backup("0042/07"))
    command("run", "restore", "--dataset", "0042/07", "--yes", "--no-wait")
    [rollout] = fleet.entries.values()
    file = rollout.spec.arguments["file"]
    assert (file["stream"], file["serial_number"], file["engine"]) == ("FILES", "SN0042/07", "9.5.0")
    assert fleet.uploads == {file["name"]: b"backup"}
    assert rollout.spec.canary_excludes == ("0042/07",)


def test_a_scale_gets_its_own_backup_back(command: Command, fleet: FakeFleet) -> None:
    fleet.stored += [make_test_backup("0042/07", NOW - 2 * DAY), make_test_backup("0042/07")]
    day = "2026-11-26"
    command(*("run", "restore", "--scales", "0042/07", "--dataset", f"0042/07@{day}", "--yes", "--no-wait"))
    [rollout] = fleet.entries.values()
    assert fleet.chosen[rollout.spec.id] == [ScaleId("0042", "07")]
    assert rollout.spec.arguments["file"]["created"] == NOW - 2 * DAY


def test_a_data_set_that_does_not_exist_is_said_to_be_missing(command: Command, fleet: FakeFleet) -> None:
    result = command("run", "restore", "--dataset", "0042/07", "--yes", "--json")
    assert (result.status, result.error["kind"]) == (1, "missing")
    assert command("run", "restore", "--dataset", "none.evo", "--yes").status == 2
    assert fleet.entries == {}


def test_a_file_is_uploaded_for_its_job(command: Command, fleet: FakeFleet, tmp_path: Path) -> None:
    (tmp_path / "plu.csv").write_text("id,name\n001,Apple\n")
    assert command("run", "teaching-list", "--file", "plu.csv", "--no-wait").status == 0
    [rollout] = fleet.entries.values()
    assert fleet.uploads == {"plu.csv": b"id,name\n001,Apple\n"}
    assert rollout.spec.arguments["file"]["name"] == "plu.csv"


def test_jobs_are_listed_paused_resumed_and_canceled(command: Command, fleet: FakeFleet) -> None:
    fleet.is_held = True
    id = command("run", "doctor", "--no-wait", "--json").value["spec"]["id"]
    assert id in command("jobs").out
    for action, phase in (("pause", Phase.PAUSED), ("resume", Phase.RUNNING), ("cancel", Phase.CANCELED)):
        result = command(action, id, "--json")
        assert result.value["state"]["phase"] == phase == fleet.entries[id].state.phase
    assert command("jobs", "--running", "--json").value == []
    assert command("status", id, "--wait").status == 1  # it was canceled


def test_status_shows_each_scale_or_those_that_failed(command: Command, fleet: FakeFleet) -> None:
    fleet.outcomes[ScaleId("0043", "01")] = Execution(State.EXPIRED, "doctor", "x", time=NOW)
    id = command("run", "doctor", "--no-wait", "--json").value["spec"]["id"]
    assert len(command("status", id, "--json").value["executions"]) == 5
    [failed] = command("status", id, "--failed", "--json").value["executions"]
    assert (failed["store"], failed["scale"], failed["state"]) == ("0043", "01", "EXPIRED")
    assert "0043/01" in command("status", id, "--failed").out


def test_a_teaching_list_is_shown_and_written_for_the_staff(
    command: Command, fleet: FakeFleet, tmp_path: Path
) -> None:
    (tmp_path / "plu.csv").write_text("id,name\n001,Apple\n002,Pear\n")
    missing = [{"id": "002", "name": "Pear", "group": None}]
    for scale in fleet.known:
        result = {"products": 2, "missing_count": 0, "missing": []}
        if scale == ScaleId("0042", "07"):
            result = {"products": 2, "missing_count": 1, "missing": missing}
        fleet.outcomes[scale] = Execution(State.SUCCEEDED, "teaching_list", "x", time=NOW, result=result)
    assert "1 of 2 products are not taught" in command("run", "teaching-list", "--file", "plu.csv").out
    [id] = fleet.entries
    assert command("status", id, "--lists", "lists", "--json").value == {
        "files": [str(Path("lists") / "0042-07.csv")]
    }
    assert (tmp_path / "lists" / "0042-07.csv").read_text() == "id,name\n002,Pear\n"


def test_a_job_that_does_not_exist_is_said_to_be_missing(command: Command) -> None:
    result = command("status", "none", "--json")
    assert (result.status, result.error["kind"]) == (1, "missing")


def test_a_schedule_is_added_listed_and_removed(command: Command, fleet: FakeFleet) -> None:
    result = command(
        *("schedule", "backup", "--at", "02:30", "--zone", "Europe/Berlin", "--keep", "5", "--spread", "90m")
    )
    assert result.status == 0, result
    schedule = fleet.timetable["backup"]
    assert (schedule.at, schedule.zone, schedule.keep, schedule.spread) == (
        "02:30",
        "Europe/Berlin",
        5,
        5400.0,
    )
    assert "Europe/Berlin" in command("schedule").out
    assert command("schedule", "list", "--json").value[0]["name"] == "backup"
    assert command("schedule", "remove", "backup").status == 0
    assert command("schedule", "--json").value == []


def test_a_schedule_that_nobody_would_look_after_is_refused(command: Command, fleet: FakeFleet) -> None:
    assert command("schedule", "firmware", "--at", "02:30").status == 2
    assert command("schedule", "backup", "--at", "2:30 pm").status == 2
    assert fleet.timetable == {}


@pytest.mark.parametrize(
    ("kind", "answer", "is_done"),
    [
        (("reboot",), "y", True),
        (("reboot",), "", False),
        (("restore", "--dataset", "0042/07", "--store", "0042"), "3", True),
        (("restore", "--dataset", "0042/07", "--store", "0042"), "y", False),
    ],
)
def test_a_person_confirms_and_what_is_final_with_the_number_of_scales(
    command: Command,
    fleet: FakeFleet,
    monkeypatch: pytest.MonkeyPatch,
    kind: tuple[str, ...],
    answer: str,
    is_done: bool,
) -> None:
    fleet.stored.append(make_test_backup("0042/07"))
    monkeypatch.setattr("vision_ai_tools.cli.output.Output.interactive", True)
    monkeypatch.setattr("vision_ai_tools.cli.output.Output.ask", lambda output, question: answer)
    result = command("run", *kind, "--no-wait")
    assert (result.status == 0, bool(fleet.entries)) == (is_done, is_done)


def test_an_interruption_ends_only_the_following(
    command: Command, fleet: FakeFleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def interrupt(id: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(fleet, "rollout", interrupt)
    result = command("run", "doctor", "--json")
    [id] = fleet.entries
    assert (result.status, result.error["kind"], result.error["id"]) == (130, "interrupted", id)
    assert f"fleet status {id} --wait" in result.error["hint"]
    assert not fleet.entries[id].state.phase.is_end
