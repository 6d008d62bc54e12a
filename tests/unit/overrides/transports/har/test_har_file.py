"""The recording as a file: valid after every call, never lost, one writer at a time."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from har_support import Clients, entries, open_recorder, open_recording, paths, send

from vision_ai import InvalidInputError, VisionAI
from vision_ai.recording import Player
from vision_ai.transports import run_sync
from vision_ai_emulator import Emulator, EmulatorTransport


def test_the_file_is_valid_after_every_call(clients: Clients, emulator: Emulator, har: Path) -> None:
    module = clients.record(har, EmulatorTransport(emulator))
    assert entries(har) == []
    for number in range(1, 4):
        module.get_calib()
        assert len(entries(har)) == number
    clients.close()
    assert len(entries(har)) == 3


def test_a_second_run_is_appended(emulator: Emulator, har: Path) -> None:
    with open_recording(har, emulator) as module:
        module.get_calib()
    before = har.read_bytes()
    with open_recording(har, emulator):
        pass
    assert har.read_bytes() == before
    with open_recording(har, emulator) as module:
        module.get_learnmode()
    assert paths(har) == ["/api/get_calib", "/api/get_learnmode"]
    assert har.read_bytes().startswith(before.removesuffix(b"\n]}}\n"))


def test_an_empty_file_is_used_like_a_new_one(emulator: Emulator, har: Path) -> None:
    har.touch()
    with open_recording(har, emulator) as module:
        module.get_calib()
    assert paths(har) == ["/api/get_calib"]


@pytest.mark.parametrize(
    "content",
    [
        b"my shopping list",
        b"[]",
        b'"log"\n',
        b'{"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537"}, "entries": []}}',
        b'{\n  "log": {"version": "1.2",\n "creator": {"name": "vision-ai-module"},\n "entries": [\n]}}',
        bytes(range(256)) * 40,
    ],
)
def test_any_other_file_is_rejected_and_left_unchanged(emulator: Emulator, har: Path, content: bytes) -> None:
    har.write_bytes(content)
    with pytest.raises(InvalidInputError, match="choose another name"):
        open_recording(har, emulator)
    assert har.read_bytes() == content
    assert not emulator.requests


def test_a_recording_does_not_change_whether_it_has_secrets(emulator: Emulator, har: Path) -> None:
    with open_recording(har, emulator) as module:
        module.get_device_info()
        with pytest.raises(InvalidInputError, match="without secrets"):
            open_recording(har, emulator, secrets=True)
    with pytest.raises(InvalidInputError, match="without secrets"):
        open_recording(har, emulator, secrets=True)
    assert len(entries(har)) == 1


def test_a_recording_with_secrets_is_readable_by_its_owner_only(emulator: Emulator, har: Path) -> None:
    open_recording(har, emulator, secrets=True).close()
    assert stat.S_IMODE(har.stat().st_mode) == 0o600


@pytest.mark.parametrize("path", ["", "a\0b", 7, None])
def test_an_invalid_path_is_rejected(emulator: Emulator, path: object) -> None:
    with pytest.raises(InvalidInputError, match="record"):
        open_recording(path, emulator)  # type: ignore[arg-type]


def test_a_path_that_cannot_be_written_fails_before_anything_is_sent(
    emulator: Emulator, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        open_recording(tmp_path / "no such folder" / "day.har", emulator)
    with pytest.raises(IsADirectoryError):
        open_recording(tmp_path, emulator)
    assert not emulator.requests


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_disk_is_reported_at_once(emulator: Emulator) -> None:
    with pytest.raises(OSError, match="No space left"):
        open_recording(Path("/dev/full"), emulator)


DISK_FILLS_UP = """
import logging, resource, sys
from vision_ai import VisionAI

logging.basicConfig(format="%(name)s %(levelname)s %(message)s")
secrets = sys.argv[1] == "True"
with VisionAI("emulator:?pan=banana", api="v1", record="day.har", record_secrets=secrets, timeout=60) as module:
    module.get_calib()
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    for _ in range(3):
        assert module.get_image().data
    module.get_calib()
"""


@pytest.mark.parametrize("secrets", [True, False])
def test_a_disk_that_fills_up_ends_the_recording_but_no_call(tmp_path: Path, secrets: bool) -> None:
    run = subprocess.run(
        [sys.executable, "-c", DISK_FILLS_UP, str(secrets)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stderr.startswith("vision_ai WARNING recording in day.har has ended")
    assert run.stderr.count("\n") == 1
    assert paths(tmp_path / "day.har") == ["/api/get_calib"]


@pytest.mark.parametrize("cut", [1, 3, 5, 6, 40, 300])
def test_a_crash_loses_at_most_the_last_entry(emulator: Emulator, har: Path, cut: int) -> None:
    with open_recording(har, emulator) as module:
        module.get_calib()
        module.get_learnmode()
        module.get_item_list()
    whole = har.read_bytes()
    har.write_bytes(whole[:-cut])
    kept = ["/api/get_calib", "/api/get_learnmode", "/api/get_item_list"][: 3 if cut <= 5 else 2]
    with VisionAI("http://module", transport=Player(har)) as module:
        module.get_calib()
        module.get_learnmode()
    with open_recording(har, emulator) as module:
        module.get_device_info()
    assert paths(har) == [*kept, "/api/get_device_info"]


ENDLESS = """
from vision_ai import VisionAI

module = VisionAI("emulator:?pan=banana", api="v1", record="day.har", record_secrets=True, timeout=60)
while True:
    module.get_image()
    print("one more", flush=True)
"""


@pytest.mark.parametrize(
    "calls", [pytest.param(1, marks=pytest.mark.slow), 4, pytest.param(9, marks=pytest.mark.slow)]
)
def test_a_killed_program_leaves_every_finished_call(emulator: Emulator, tmp_path: Path, calls: int) -> None:
    program = [sys.executable, "-c", ENDLESS]
    with subprocess.Popen(program, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for _ in range(calls):
            assert running.stdout.readline() == "one more\n"
        running.kill()
    har = tmp_path / "day.har"
    with VisionAI("http://module", transport=Player(har)) as module:
        assert module.get_image().width == 1280
    with open_recording(har, emulator, secrets=True) as module:
        module.get_calib()
    assert len(paths(har)) > calls
    assert paths(har)[-1] == "/api/get_calib"


def test_two_clients_of_one_process_share_a_file(emulator: Emulator, har: Path) -> None:
    with open_recording(har, emulator) as one, open_recording(har, emulator) as other:

        def ask(module: VisionAI) -> None:
            for _ in range(25):
                module.get_device_info()
                module.get_image()

        threads = [threading.Thread(target=ask, args=(module,)) for module in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        one.close()
        other.get_calib()
    assert len(paths(har)) == 101
    serials = {
        json.loads(entry["response"]["content"]["text"])["data"]["sn"]
        for entry in entries(har)
        if entry["request"]["url"].endswith("get_device_info")
    }
    assert len(serials) == 1


def test_a_moved_file_is_followed_by_a_new_one(emulator: Emulator, har: Path) -> None:
    with open_recording(har, emulator) as old:
        old.get_calib()
        moved = har.rename(har.with_name("yesterday.har"))
        with open_recording(har, emulator) as new:
            new.get_learnmode()
            old.get_item_list()
    assert paths(moved) == ["/api/get_calib", "/api/get_item_list"]
    assert paths(har) == ["/api/get_learnmode"]


def test_a_pipe_is_rejected(emulator: Emulator, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InvalidInputError, match="is not a file"):
        open_recording(pipe, emulator)


def test_another_program_is_rejected_during_a_recording(emulator: Emulator, har: Path) -> None:
    script = (
        "import sys\n"
        "from vision_ai import InvalidInputError\n"
        "from vision_ai.recording import Recorder\n"
        "try:\n    Recorder(None, sys.argv[1])\n"
        "except InvalidInputError as error:\n    print(error)\n"
    )
    with open_recording(har, emulator) as module:
        module.get_calib()
        run = subprocess.run(
            [sys.executable, "-c", script, str(har)], capture_output=True, text=True, check=True
        )
        module.get_calib()
    assert "another program is recording" in run.stdout
    assert len(paths(har)) == 2


FORKED = """
import os
from vision_ai import VisionAI

module = VisionAI("emulator:", record="day.har", api="v1")
module.get_calib()
child = os.fork()
if child == 0:
    module.get_learnmode()
    module.close()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
module.get_item_list()
module.close()
"""


def test_a_forked_process_leaves_the_recording_to_its_parent(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FORKED], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert paths(tmp_path / "day.har") == ["/api/get_calib", "/api/get_item_list"]


def test_no_file_stays_open(emulator: Emulator, har: Path, caplog: pytest.LogCaptureFixture) -> None:
    def open_files() -> set[str]:
        return {str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}

    with caplog.at_level(logging.WARNING), open_recording(har, emulator) as module:
        assert str(har) in open_files()
        module.get_image()
    assert not [name for name in open_files() if str(har.parent) in name]
    assert not caplog.records


def test_a_response_may_end_after_the_client_is_closed(emulator: Emulator, har: Path) -> None:
    recorder = open_recorder(EmulatorTransport(emulator), har)
    response = send(recorder, "POST", "http://module/api/get_calib")
    run_sync(recorder.close())
    run_sync(recorder.close())
    assert json.loads(run_sync(response.read(1000)))["code"] == 0
    assert entries(har) == []
