"""Every command does what it says, for people and in JSON."""

from __future__ import annotations

import base64
import signal
from pathlib import Path
from typing import Any

import pytest
from cli_program import json_lines, started, vision_ai

from vision_ai import ERROR_CODES, Image
from vision_ai_emulator import Emulator, Fault


def names_in(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def test_info(emulator: Emulator, url: str) -> None:
    told = vision_ai("info", "--json", url=url)
    assert (told.status, told.err) == (0, "")
    assert told.answer["command"] == "info"
    assert told.value["sn"] == "12345678" and told.value["learnMode"] == 1
    seen = vision_ai("info", url=url)
    assert "Serial number      12345678\n" in seen.out
    assert "yes, from feedback" in seen.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json", "--url", "{url}", "info"),
        ("info", "--url", "{url}", "--json"),
        ("--url", "x:", "info", "--json", "--url", "{url}"),
    ],
)
def test_global_options_stand_before_or_after_the_command(url: str, arguments: tuple[str, ...]) -> None:
    told = vision_ai(*(each.format(url=url) for each in arguments), VISION_AI_URL="nowhere:")
    assert told.value["sn"] == "12345678"


def test_global_options_stand_within_a_group(url: str) -> None:
    assert vision_ai("learn-mode", "--json", "--url", url, "get").value == {"mode": 1}


def test_image_to_a_file(url: str, tmp_path: Path) -> None:
    told = vision_ai("image", "pan.jpg", "--json", url=url, cwd=tmp_path)
    picture = Image((tmp_path / "pan.jpg").read_bytes())
    assert told.value == {"file": "pan.jpg", "width": 1280, "height": 720, "bytes": len(picture)}
    assert vision_ai("image", "again.jpg", url=url, cwd=tmp_path).out.startswith("again.jpg  1280×720, ")


def test_image_to_standard_output(url: str, tmp_path: Path) -> None:
    file = tmp_path / "out.jpg"
    with started("image", "-", url=url) as program:
        assert program.stdout
        file.write_bytes(program.stdout.buffer.read())
        assert program.wait() == 0
    assert (Image(file.read_bytes()).width, Image(file.read_bytes()).height) == (1280, 720)


def test_image_again_and_again(emulator: Emulator, url: str, tmp_path: Path) -> None:
    told = vision_ai(
        "image", "pan.jpg", "--watch", "--times", "3", "--every", "0", "--json", url=url, cwd=tmp_path
    )
    assert [line["result"]["file"] for line in told.answers] == ["pan.jpg"] * 3
    assert emulator.acted["get_image"] == 3
    assert names_in(tmp_path) == ["pan.jpg"]


def test_calib(emulator: Emulator, url: str) -> None:
    frame = {"left": 10, "top": 20, "width": 300, "height": 400}
    assert vision_ai("calib", "set", 10, 20, 300, 400, "--json", url=url).value == frame
    assert vision_ai("calib", "get", "--json", url=url).value == frame
    by_name = [part for name, value in frame.items() for part in (f"--{name}", value + 1)]
    assert vision_ai("calib", "set", *by_name, url=url).status == 0
    assert vision_ai("calib", "get", url=url).out == "Left    11\nTop     21\nWidth   301\nHeight  401\n"


def test_learn_mode(emulator: Emulator, url: str) -> None:
    assert vision_ai("learn-mode", "off", "--json", url=url).value == {"mode": 0}
    assert vision_ai("learn-mode", "get", url=url).out == "off: the module only recognises\n"
    assert vision_ai("learn-mode", "on", url=url).out == "on: the module learns from feedback\n"
    assert vision_ai("info", "--json", url=url).value["learnMode"] == 1


def test_items_step_by_step(emulator: Emulator, url: str, tmp_path: Path) -> None:
    assert vision_ai("items", "list", url=url).out == "The module recognises no product yet.\n"
    assert vision_ai("items", "pending", url=url).out == "Nothing is in the cache.\n"
    first = vision_ai(
        "items", "register", "007", "梨", "--picture", "p.jpg", "--json", url=url, cwd=tmp_path
    ).value
    assert Image((tmp_path / "p.jpg").read_bytes()) == base64.b64decode(first["image"])
    second = vision_ai("items", "register", "007", "梨", "--json", url=url).value
    pending = vision_ai("items", "pending", "--json", url=url).value
    assert [each["image_id"] for each in pending] == [first["image_id"], second["image_id"]]
    gone = vision_ai("items", "delete", "007", "--picture", first["image_id"], "--json", url=url).value
    assert gone == {"id": "007", "image_id": first["image_id"]}
    assert first["image_id"] not in vision_ai("items", "pending", url=url).out
    assert vision_ai("items", "commit", "007", "--json", url=url).value == {"id": "007"}
    assert vision_ai("items", "list", "--json", url=url).value == [{"id": "007", "name": "梨"}]
    assert vision_ai("items", "list", url=url).out == "ID   Name\n007  梨\n"


def test_all_pictures_of_a_product_are_deleted(emulator: Emulator, url: str) -> None:
    for _ in range(2):
        vision_ai("items", "register", "1", "Fig", url=url)
    assert vision_ai("items", "delete", "1", url=url).out == "all pictures of 1 are out of the cache\n"
    assert vision_ai("items", "pending", "--json", url=url).value == []


def test_teach_without_a_terminal_does_not_wait(emulator: Emulator, url: str) -> None:
    told = vision_ai("items", "teach", "001", "Apple", "--pictures", "2", "--json", url=url)
    assert told.value["id"] == "001" and len(told.value["image_ids"]) == 2
    assert [line["progress"]["done"] for line in json_lines(told.err)] == [0, 1, 2]
    assert vision_ai("recognize", "--json", url=url).value["items"][0]["id"] == "001"


def taught(url: str) -> None:
    assert vision_ai("items", "teach", "001", "Apple", "--pictures", "1", url=url).status == 0


def test_recognize(emulator: Emulator, url: str) -> None:
    emulator.clear_pan()
    assert vision_ai("recognize", url=url).out == "Nothing recognised.\n"
    emulator.put("apple")
    taught(url)
    seen = vision_ai("recognize", url=url).out.splitlines()
    assert seen[0].split() == ["ID", "Name", "Score"]
    assert seen[1].split()[:2] == ["001", "Apple"] and seen[1].split()[2].endswith("%")


def test_recognize_again_and_again(emulator: Emulator, url: str) -> None:
    taught(url)
    watch = ("recognize", "--watch", "--times", "2", "--every", "0")
    told = vision_ai(*watch, "--json", url=url)
    assert [line["result"]["items"][0]["id"] for line in told.answers] == ["001", "001"]
    seen = vision_ai(*watch, url=url).out.splitlines()
    assert [line.split()[:2] for line in seen] == [["001", "Apple"]] * 2


def test_a_watch_goes_on_when_the_module_comes_back(emulator: Emulator, url: str) -> None:
    taught(url)
    with started("recognize", "--watch", "--times", "3", "--every", "0", "--json", url=url) as program:
        assert program.stdout
        first = program.stdout.readline()
        emulator.faults.add(Fault("error_code", "get_result", code=-6103, times=None))
        lines = iter(program.stdout.readline, "")
        error = next(line for line in lines if '"error"' in line)
        emulator.faults.clear()
        program.wait()
    assert json_lines(first)[0]["event"] == "result"
    assert json_lines(error)[0]["error"]["name"] == "CAMERA_LOST"


def test_confirm_takes_the_name_from_the_module(emulator: Emulator, url: str) -> None:
    taught(url)
    told = vision_ai("recognize", "--confirm", "001", "--json", url=url).value
    assert told["confirmed"] == {"id": "001", "name": "Apple", "intop": True}
    seen = vision_ai("recognize", "--confirm", "001", url=url).out.splitlines()
    assert seen[1].split()[-1] == "confirmed"
    assert emulator.acted["result_feedback"] == 2


def test_confirm_something_else_with_its_name(emulator: Emulator, url: str) -> None:
    told = vision_ai("recognize", "--confirm", "099", "--name", "Kiwi", "--json", url=url).value
    assert told["confirmed"] == {"id": "099", "name": "Kiwi", "intop": False}
    unknown = vision_ai("recognize", "--confirm", "098", url=url)
    assert unknown.status == 1
    assert unknown.told == (
        "the module knows no product '098', so its name is not known",
        "Give it: --name NAME",
    )
    assert emulator.acted["result_feedback"] == 1


def test_feedback(emulator: Emulator, url: str) -> None:
    sid = vision_ai("recognize", "--json", url=url).value["sid"]
    told = vision_ai("feedback", sid, "001", "Apple", "--not-in-top", "--json", url=url).value
    assert told == {"sid": sid, "id": "001", "name": "Apple", "intop": False}
    assert emulator.acted["result_feedback"] == 1


def test_backup_and_restore(emulator: Emulator, url: str, tmp_path: Path) -> None:
    taught(url)
    made = vision_ai("backup", "--poll", "0.05", url=url, cwd=tmp_path)
    file = tmp_path / made.out.strip()
    assert file.is_file() and names_in(tmp_path) == [file.name]
    assert "downloading: 100%" in made.err.splitlines()

    told = vision_ai("backup", tmp_path, "--poll", "0.05", "--json", url=url)
    second = Path(told.value["file"])
    assert second.stat().st_size == told.value["bytes"]
    assert {line["event"] for line in json_lines(told.err)} == {"progress"}
    assert json_lines(told.err)[-1]["progress"]["phase"] == "downloading"

    emulator.reset()
    restored = vision_ai("restore", file, "--yes", "12345678", "--poll", "0.05", "--json", url=url)
    assert restored.value == {"file": str(file)}
    assert [phase for phase in ("uploading", "restoring") if phase in restored.err] == [
        "uploading",
        "restoring",
    ]
    assert vision_ai("items", "list", "--json", url=url).value == [{"id": "001", "name": "Apple"}]


def test_reboot(emulator: Emulator, url: str) -> None:
    assert vision_ai("reboot", "--json", url=url).value == {"ready": False}
    assert emulator.acted["reboot"] == 1


def test_reboot_waits(emulator: Emulator, url: str) -> None:
    told = vision_ai("reboot", "--wait", "--poll", "0.05", "--json", url=url).value
    assert told["ready"] is True and told["info"]["sn"] == "12345678"
    assert emulator.acted["reboot"] == 1


def test_reset(emulator: Emulator, url: str) -> None:
    taught(url)
    told = vision_ai("reset", "--yes", "12345678", url=url)
    assert (told.status, told.out) == (0, "the module returns to its factory settings\n")
    assert vision_ai("items", "list", "--json", url=url).value == []


def test_errors_lists_the_catalogue() -> None:
    told = vision_ai("errors", "--json", VISION_AI_URL="nowhere:").value
    assert [entry["code"] for entry in told["codes"]] == list(ERROR_CODES)
    assert [(span["first"], span["last"]) for span in told["ranges"]] == [(-6599, -6500)]
    assert len(vision_ai("errors").out.splitlines()) == 1 + len(ERROR_CODES) + 1


@pytest.mark.parametrize("code", ["-6103", "6103", "CAMERA_LOST", "camera_lost"])
def test_errors_explains_one(code: str) -> None:
    told: dict[str, Any] = vision_ai("errors", code, "--json").value
    assert (told["code"], told["name"], told["retryable"]) == (-6103, "CAMERA_LOST", True)
    assert "reboot" in told["hint"]


def test_every_error_has_a_hint() -> None:
    told = vision_ai("errors", "--json").value
    unknown = vision_ai("errors", "-1", "--json").value
    assert unknown["name"] == "UNKNOWN"
    assert all(entry["hint"] and entry["hint"] != unknown["hint"] for entry in told["codes"] + told["ranges"])


def test_emulator_serves_until_ctrl_c() -> None:
    with started("emulator", "--port", "0", "--pan", "banana") as program:
        assert program.stdout
        url = program.stdout.readline().split()[3]
        assert vision_ai("info", "--json", url=url).value["sn"] == "12345678"
        program.send_signal(signal.SIGINT)
        assert program.wait() == 0


def test_emulator_tells_its_addresses_in_json() -> None:
    with started("emulator", "--port", "0", "--json") as program:
        assert program.stdout
        [told] = json_lines(program.stdout.readline())
        assert sorted(told["result"]) == ["control_url", "url"]
        assert vision_ai("info", "--url", told["result"]["url"]).status == 0
        program.send_signal(signal.SIGTERM)
        program.wait()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_emulator_ends_by_several_signals_too(ending: signal.Signals) -> None:
    with started("emulator", "--port", "0", "--json") as program:
        assert program.stdout
        assert json_lines(program.stdout.readline())[0]["event"] == "result"
        for _ in range(3):
            program.send_signal(ending)
        assert program.wait(60) == 0
