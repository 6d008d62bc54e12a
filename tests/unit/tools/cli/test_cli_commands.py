"""Every command does what it says, for people and in JSON."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from shared_cli import PROGRAM, make_environment, parse_json_lines, run_cli, run_cli_for_bytes
from shared_cli_server import start_cli

from vision_ai import ERROR_CODES, Image
from vision_ai_emulator import Emulator, Fault
from vision_ai_tools.cli.app import COMMANDS, CommandEntry


def names_in(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def teach(url: str) -> None:
    assert run_cli("items", "teach", "001", "Apple", "--pictures", "1", url=url).status == 0


def test_info(emulator: Emulator, url: str) -> None:
    result = run_cli("info", "--json", url=url)
    assert (result.status, result.err) == (0, "")
    assert result.json["command"] == "info"
    assert result.value["sn"] == "12345678" and result.value["learnMode"] == 1
    view = run_cli("info", url=url).out
    assert "Serial number      12345678\n" in view
    assert "on (learns from feedback)" in view


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json", "--url", "{url}", "info"),
        ("info", "--url", "{url}", "--json"),
        ("--url", "x:", "info", "--json", "--url", "{url}"),
    ],
)
def test_global_options_before_or_after_the_command(url: str, arguments: tuple[str, ...]) -> None:
    result = run_cli(*(each.format(url=url) for each in arguments), VISION_AI_URL="nowhere:")
    assert result.value["sn"] == "12345678"


def test_global_options_before_a_subcommand(url: str) -> None:
    assert run_cli("learn-mode", "--json", "--url", url, "get").value == {"mode": 1}


def test_image_to_a_file(url: str, tmp_path: Path) -> None:
    result = run_cli("image", "pan.jpg", "--json", url=url, cwd=tmp_path)
    picture = Image((tmp_path / "pan.jpg").read_bytes())
    assert result.value == {"file": "pan.jpg", "width": 1280, "height": 720, "bytes": len(picture)}
    assert run_cli("image", "again.jpg", url=url, cwd=tmp_path).out.startswith("again.jpg  1280×720, ")


def test_image_to_standard_output(url: str) -> None:
    status, out, _ = run_cli_for_bytes("image", "-", url=url)
    assert (status, Image(out).width, Image(out).height) == (0, 1280, 720)


def test_image_is_taken_repeatedly(emulator: Emulator, url: str, tmp_path: Path) -> None:
    watch = ("--watch", "--times", "3", "--every", "0", "--json")
    result = run_cli("image", "pan.jpg", *watch, url=url, cwd=tmp_path)
    assert [line["result"]["file"] for line in result.json_lines] == ["pan.jpg"] * 3
    assert emulator.acted["get_image"] == 3
    assert names_in(tmp_path) == ["pan.jpg"]


def test_calib(emulator: Emulator, url: str) -> None:
    area = {"left": 10, "top": 20, "width": 300, "height": 400}
    assert run_cli("calib", "set", 10, 20, 300, 400, "--json", url=url).value == area
    assert run_cli("calib", "get", "--json", url=url).value == area
    options = [part for name, value in area.items() for part in (f"--{name}", value + 1)]
    assert run_cli("calib", "set", *options, url=url).status == 0
    assert run_cli("calib", "get", url=url).out == "Left    11\nTop     21\nWidth   301\nHeight  401\n"


def test_learn_mode(emulator: Emulator, url: str) -> None:
    assert run_cli("learn-mode", "off", "--json", url=url).value == {"mode": 0}
    assert run_cli("learn-mode", "get", url=url).out == "off: the module only recognizes\n"
    assert run_cli("learn-mode", "on", url=url).out == "on: the module learns from feedback\n"
    assert run_cli("info", "--json", url=url).value["learnMode"] == 1


def test_items_step_by_step(emulator: Emulator, url: str, tmp_path: Path) -> None:
    assert run_cli("items", "list", url=url).out == "The module does not recognize any product yet.\n"
    assert run_cli("items", "pending", url=url).out == "The cache is empty.\n"
    first = run_cli(
        "items", "register", "007", "梨", "--picture", "p.jpg", "--json", url=url, cwd=tmp_path
    ).value
    assert Image((tmp_path / "p.jpg").read_bytes()) == base64.b64decode(first["image"])
    second = run_cli("items", "register", "007", "梨", "--json", url=url).value
    pending = run_cli("items", "pending", "--json", url=url).value
    assert [each["image_id"] for each in pending] == [first["image_id"], second["image_id"]]
    deleted = run_cli("items", "delete", "007", "--picture", first["image_id"], "--json", url=url).value
    assert deleted == {"id": "007", "image_id": first["image_id"]}
    assert first["image_id"] not in run_cli("items", "pending", url=url).out
    assert run_cli("items", "commit", "007", "--json", url=url).value == {"id": "007"}
    assert run_cli("items", "list", "--json", url=url).value == [{"id": "007", "name": "梨"}]
    assert run_cli("items", "list", url=url).out == "ID   Name\n007  梨\n"


def test_all_pictures_of_a_product_are_deleted(emulator: Emulator, url: str) -> None:
    for _ in range(2):
        run_cli("items", "register", "1", "Fig", url=url)
    assert run_cli("items", "delete", "1", url=url).out == "deleted from the cache: all pictures of 1\n"
    assert run_cli("items", "pending", "--json", url=url).value == []


def test_teach_does_not_wait_without_a_terminal(emulator: Emulator, url: str) -> None:
    result = run_cli("items", "teach", "001", "Apple", "--pictures", "2", "--json", url=url)
    assert result.value["id"] == "001" and len(result.value["image_ids"]) == 2
    assert [line["progress"]["done"] for line in parse_json_lines(result.err)] == [0, 1, 2]
    assert run_cli("recognize", "--json", url=url).value["items"][0]["id"] == "001"


def test_a_failed_teach_says_what_is_left(emulator: Emulator, url: str) -> None:
    emulator.faults.add(Fault("drop_before_answer", "register_item", 1, acted=True))
    result = run_cli("items", "teach", "001", "Apple", "--json", url=url)
    assert (result.status, result.error["kind"], result.error["leftovers"]) == (1, "lost", [])
    assert "Nothing of this attempt is left" in result.error["message"]
    assert result.error["hint"] == "Try again."
    emulator.faults.add(Fault("error_code", "commit_registered_item", 1, code=-6510))
    emulator.faults.add(Fault("error_code", "delete_registered_image", None, code=-6203))
    result = run_cli("items", "teach", "001", "Apple", "--pictures", "1", "--json", url=url)
    [left] = run_cli("items", "pending", "--json", url=url).value
    assert result.error["leftovers"] == [left["image_id"]]
    assert f"Picture {left['image_id']} of '001' is still in the cache" in result.error["message"]


def test_recognize(emulator: Emulator, url: str) -> None:
    emulator.clear_pan()
    assert run_cli("recognize", url=url).out == "No product recognized.\n"
    emulator.put("apple")
    teach(url)
    view = run_cli("recognize", url=url).out.splitlines()
    assert view[0].split() == ["ID", "Name", "Score"]
    assert view[1].split()[:2] == ["001", "Apple"] and view[1].split()[2].endswith("%")


def test_a_watch_prints_what_changes(emulator: Emulator, url: str) -> None:
    teach(url)
    watch = ("recognize", "--watch", "--times", "2", "--every", "0.01")
    with start_cli(*watch, url=url) as program:
        assert program.out.readline().split()[:2] == ["001", "Apple"]
        emulator.clear_pan()
        assert program.out.readline() == "no product recognized\n"
        assert program.wait() == 0


def test_a_watch_continues_after_an_error(emulator: Emulator, url: str) -> None:
    teach(url)
    watch = ("recognize", "--watch", "--times", "4", "--every", "0.01", "--json")
    with start_cli(*watch, url=url) as program:
        lines = [program.out.readline()]
        emulator.faults.add(Fault("error_code", "get_result", code=-6103, times=None))
        lines.append(program.out.readline())
        emulator.clear_pan()
        emulator.faults.clear()
        lines += [program.out.readline(), program.out.readline()]
        assert program.wait() == 0
    first, lost, restored, empty = parse_json_lines("".join(lines))
    assert first["event"] == "recognized" and first["recognized"]["items"][0]["id"] == "001"
    assert datetime.fromisoformat(first["recognized"]["time"]).tzinfo is not None
    assert lost["connection_lost"]["name"] == "CAMERA_LOST" and lost["connection_lost"]["exit"] == 1
    assert restored["connection_restored"]["sn"] == "12345678"
    assert empty["event"] == "pan_empty"


def test_confirm_takes_the_name_from_the_module(emulator: Emulator, url: str) -> None:
    teach(url)
    result = run_cli("recognize", "--confirm", "001", "--json", url=url).value
    assert result["confirmed"] == {"id": "001", "name": "Apple", "intop": True}
    view = run_cli("recognize", "--confirm", "001", url=url).out.splitlines()
    assert view[1].split()[-1] == "confirmed"
    assert emulator.acted["result_feedback"] == 2


def test_confirm_another_product_with_its_name(emulator: Emulator, url: str) -> None:
    result = run_cli("recognize", "--confirm", "099", "--name", "Kiwi", "--json", url=url).value
    assert result["confirmed"] == {"id": "099", "name": "Kiwi", "intop": False}
    unknown = run_cli("recognize", "--confirm", "098", url=url)
    assert unknown.status == 1
    assert unknown.failure == (
        "the module has no product '098', so its name is unknown",
        "Give the name: --name NAME",
    )
    assert emulator.acted["result_feedback"] == 1


def test_feedback(emulator: Emulator, url: str) -> None:
    sid = run_cli("recognize", "--json", url=url).value["sid"]
    result = run_cli("feedback", sid, "001", "Apple", "--not-in-top", "--json", url=url).value
    assert result == {"sid": sid, "id": "001", "name": "Apple", "intop": False}
    assert emulator.acted["result_feedback"] == 1


def test_backup_and_restore(emulator: Emulator, url: str, tmp_path: Path) -> None:
    teach(url)
    backup = run_cli("backup", "--poll", "0.05", url=url, cwd=tmp_path)
    file = tmp_path / backup.out.strip()
    assert file.is_file() and names_in(tmp_path) == [file.name]
    assert "downloading: 100%" in backup.err.splitlines()

    result = run_cli("backup", tmp_path, "--poll", "0.05", "--json", url=url)
    second = Path(result.value["file"])
    assert second.stat().st_size == result.value["bytes"]
    assert {line["event"] for line in parse_json_lines(result.err)} == {"progress"}
    assert parse_json_lines(result.err)[-1]["progress"]["phase"] == "downloading"

    emulator.reset()
    restored = run_cli("restore", file, "--yes", "12345678", "--poll", "0.05", "--json", url=url)
    assert restored.value == {"file": str(file)}
    assert [phase for phase in ("uploading", "restoring") if phase in restored.err] == [
        "uploading",
        "restoring",
    ]
    assert run_cli("items", "list", "--json", url=url).value == [{"id": "001", "name": "Apple"}]


def test_progress_for_people_is_in_english(emulator: Emulator, url: str, tmp_path: Path) -> None:
    backup = run_cli("backup", "--poll", "0.01", url=url, cwd=tmp_path)
    file = tmp_path / backup.out.strip()
    restored = run_cli("restore", file, "--yes", "12345678", "--poll", "0.01", url=url)
    assert "backing up: generating" in backup.err.splitlines()
    assert "restoring: verifying" in restored.err.splitlines()
    assert backup.err.isascii() and restored.err.isascii()


def test_reboot(emulator: Emulator, url: str) -> None:
    assert run_cli("reboot", "--json", url=url).value == {"ready": False}
    assert emulator.acted["reboot"] == 1


def test_reboot_waits(emulator: Emulator, url: str) -> None:
    result = run_cli("reboot", "--wait", "--poll", "0.05", "--json", url=url).value
    assert result["ready"] is True and result["info"]["sn"] == "12345678"
    assert emulator.acted["reboot"] == 1


def test_reset(emulator: Emulator, url: str) -> None:
    teach(url)
    result = run_cli("reset", "--yes", "12345678", url=url)
    assert (result.status, result.out) == (0, "the module is resetting to its factory settings\n")
    assert run_cli("items", "list", "--json", url=url).value == []


def test_errors_lists_all_codes() -> None:
    result = run_cli("errors", "--json", VISION_AI_URL="nowhere:").value
    assert [entry["code"] for entry in result["codes"]] == list(ERROR_CODES)
    assert [(span["first"], span["last"]) for span in result["ranges"]] == [(-6599, -6500)]
    assert len(run_cli("errors").out.splitlines()) == 1 + len(ERROR_CODES) + 1


@pytest.mark.parametrize("code", ["-6103", "6103", "CAMERA_LOST", "camera_lost"])
def test_errors_explains_one_code(code: str) -> None:
    result: dict[str, Any] = run_cli("errors", code, "--json").value
    assert (result["code"], result["name"], result["retryable"]) == (-6103, "CAMERA_LOST", True)
    assert "reboot" in result["hint"]


def test_every_error_has_a_hint() -> None:
    result = run_cli("errors", "--json").value
    unknown = run_cli("errors", "-1", "--json").value
    assert unknown["name"] == "UNKNOWN"
    assert all(
        entry["hint"] and entry["hint"] != unknown["hint"] for entry in result["codes"] + result["ranges"]
    )


@contextmanager
def start_emulator(*options: str) -> Iterator[subprocess.Popen[str]]:
    command = [PROGRAM, "emulator", "--port", "0", *options]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=make_environment()
    ) as program:
        try:
            yield program
        finally:
            program.kill()


def test_emulator_runs_until_ctrl_c() -> None:
    with start_emulator("--pan", "banana") as program:
        assert program.stdout
        url = program.stdout.readline().split()[3]
        assert run_cli("info", "--json", url=url).value["sn"] == "12345678"
        program.send_signal(signal.SIGINT)
        assert program.wait(60) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_emulator_prints_its_addresses_in_json_and_ends_at_several_signals(number: signal.Signals) -> None:
    with start_emulator("--json") as program:
        assert program.stdout
        [line] = parse_json_lines(program.stdout.readline())
        assert sorted(line["result"]) == ["control_url", "url"]
        assert run_cli("info", "--url", line["result"]["url"]).status == 0
        for _ in range(3):
            program.send_signal(number)
        assert program.wait(60) == 0


@pytest.mark.slow
@pytest.mark.parametrize("pause", [0, 0.001, 0.01, 0.05, 0.1])
def test_the_emulator_ends_at_three_ctrl_c_however_quick_they_are(pause: float) -> None:
    for _ in range(4):
        with start_emulator("--json") as program:
            assert program.stdout and program.stdout.readline()
            for _ in range(3):
                program.send_signal(signal.SIGINT)
                time.sleep(pause)  # the pause is what is tested
            assert program.wait(60) == 0


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_each_command_has_the_short_form_of_help(entry: CommandEntry) -> None:
    assert f"Usage: vision-ai {entry.name}" in run_cli(entry.name, "-h").out


@pytest.mark.parametrize(
    "command", [("-h",), ("items", "teach", "-h"), ("calib", "set", "-h"), ("link", "up", "-h")]
)
def test_groups_have_the_short_form_of_help_too(command: tuple[str, ...]) -> None:
    assert "Usage: vision-ai" in run_cli(*command).out


def test_the_help_of_the_emulator_lists_its_own_options() -> None:
    page = run_cli("emulator", "--help").out
    assert "vision_ai_emulator" not in page
    for option in ("--port PORT", "--pan KIND", "--state FILE", "--dialect NAME=VALUE", "--pace {"):
        assert f"  {option}" in page
    assert "--json" in page


def test_an_address_without_a_scheme_means_http(url: str) -> None:
    address = url.removeprefix("http://")
    port = address.rpartition(":")[2]
    for each in (address, f"{address}/", f"localhost:{port}"):
        assert run_cli("info", "--json", "--url", each).value["sn"] == "12345678", each
    assert run_cli("info", "--json", url=address).value["sn"] == "12345678"
    assert run_cli("--url", address, "doctor", "--json").value["reached"]


@pytest.mark.parametrize(
    "url", ["emulator:", "emulator:?seed=1", "replay:1.har", "ftp://127.0.0.1", "usb:0", "x"]
)
def test_other_urls_stay_as_they_are(url: str) -> None:
    assert f"http://{url}" not in run_cli("info", "--json", "--url", url).out


@pytest.mark.parametrize(
    "name", ["pan.png", "pan.PNG", "pan.webp", "pan.jpg.gif", "pan.tiff", "pan.heic", "pan.pdf"]
)
def test_no_picture_of_another_format_is_promised(
    url: str, emulator: Emulator, tmp_path: Path, name: str
) -> None:
    for command in (("image", name), ("items", "register", "1", "One", "--picture", name)):
        message, hint = run_cli(*command, url=url, cwd=tmp_path).failure
        assert message.startswith(f"{name}: the module's pictures are JPEGs") and ".jpg" in hint
    assert emulator.acted == {} and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["pan.jpg", "pan.JPEG", "pan", "pan.tmp", "pan.1"])
def test_other_names_get_a_picture(url: str, tmp_path: Path, name: str) -> None:
    assert run_cli("image", name, url=url, cwd=tmp_path).status == 0
    assert (tmp_path / name).read_bytes().startswith(b"\xff\xd8")


def test_wait_for_a_module(emulator: Emulator, url: str) -> None:
    assert run_cli("wait", url=url).out == "the module 12345678 is ready\n"
    result = run_cli("wait", "--json", url=url).value
    assert result["ready"] and result["info"]["sn"] == "12345678"
    emulator.device.reboot(0.2)
    assert run_cli("wait", "--poll", "0.05", "--timeout", "30", url=url).status == 0


def test_wait_has_a_time_limit() -> None:
    result = run_cli("wait", "--timeout", "0.1", "--poll", "0.05", "--json", "--url", "http://127.0.0.1:9")
    assert (result.status, result.error["kind"]) == (3, "unreachable")
    assert "doctor" in result.error["hint"]
    assert run_cli("wait", "--timeout", "-1", "--json", "--url", "http://127.0.0.1:9").status == 2


def test_image_repeated_waits_for_a_module(emulator: Emulator, url: str, tmp_path: Path) -> None:
    fault = emulator.faults.add(Fault("refuse", times=None))
    image = ("image", "pan.jpg", "--watch", "--every", "0.05", "--json")
    with start_cli(*image, url=url, cwd=tmp_path) as program:
        assert json.loads(program.out.readline())["error"]["kind"] == "unreachable"
        emulator.faults.remove(fault.id)
        assert any('"result"' in line for line in iter(program.out.readline, ""))


def test_a_watch_waits_for_a_module(emulator: Emulator, url: str) -> None:
    fault = emulator.faults.add(Fault("refuse", times=None))
    with start_cli("recognize", "--watch", "--every", "0.05", "--json", url=url) as program:
        assert json.loads(program.out.readline())["connection_lost"]["kind"] == "unreachable"
        emulator.faults.remove(fault.id)
        assert json.loads(program.out.readline())["event"] == "connection_restored"


NO_MODULE = ("--every", "0", "--url", "http://127.0.0.1:9", "--timeout", "0.6")


def test_a_watch_without_success_fails() -> None:
    watch = ("recognize", "--watch", "--times", "1", *NO_MODULE)
    result = run_cli(*watch)
    assert result.status == 3
    assert result.err.count("vision-ai: ") == 1
    (line,) = run_cli(*watch, "--json").json_lines
    assert (line["event"], line["connection_lost"]["kind"]) == ("connection_lost", "unreachable")
    assert run_cli("recognize", "--watch", "--url", "x:y:z").status == 2


def test_image_repeated_without_success_fails(tmp_path: Path) -> None:
    image = ("image", "pan.jpg", "--watch", "--times", "2", *NO_MODULE)
    result = run_cli(*image, cwd=tmp_path)
    assert result.status == 3
    assert result.err.count("vision-ai: ") == 1, "the same message is printed once"
    assert len(run_cli(*image, "--json", cwd=tmp_path).json_lines) == 2


def test_a_watch_knows_products_that_were_taught_meanwhile(emulator: Emulator, url: str) -> None:
    with start_cli("recognize", "--watch", "--every", "0", url=url) as program:
        assert program.out.readline() == "no product recognized\n"
        teach(url)
        assert any("001 Apple" in line for line in iter(program.out.readline, ""))


OLDER_FIRMWARE: dict[str, object] = {
    "/api/get_device_info": {"sn": 12345678},
    "/api/get_calib": {"left": "1", "top": 2},
    "/api/get_item_list": [{"id": 7}, {"name": "Pear"}],
    "/api/get_registered_item_list": [{"id": "7", "image_id": None}],
    "/api/get_result": {"items": [{"id": 7, "score": "0.5"}]},
    "/api/register_item": {"image": "/9j/"},
}
"""What is left out of each response, or of another type."""


@pytest.fixture
def older_module() -> Iterator[str]:
    """URL of a module whose responses have gaps."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.dumps({"code": "0", "data": OLDER_FIRMWARE[self.path]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("arguments", "value", "text"),
    [
        (["info"], {"api_version": "v1", "sn": "12345678"}, "Firmware           –"),
        (["calib", "get"], {"left": 1, "top": 2}, "Width   –"),
        (["items", "list"], [{"id": "7"}, {"name": "Pear"}], "Pear"),
        (["items", "pending"], [{"id": "7"}], "7"),
        (["recognize"], {"items": [{"id": "7", "score": 0.5}]}, "50%"),
        (["items", "register", "7", "Pear"], {"id": "7", "name": "Pear", "image": "/9j/"}, "in the cache"),
    ],
)
def test_gaps_in_the_responses_of_older_firmware_are_shown(
    older_module: str, arguments: list[str], value: object, text: str
) -> None:
    result = run_cli(*arguments, "--json", url=older_module)
    assert (result.status, result.value) == (0, value)
    shown = run_cli(*arguments, url=older_module)
    assert shown.status == 0
    assert text in shown.out
    assert "None" not in shown.out
