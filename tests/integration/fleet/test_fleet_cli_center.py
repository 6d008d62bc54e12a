"""The commands with a real center, which `vision-ai fleet up` runs, and a real agent with a module in memory."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from shared_cli import PROGRAM, Result, make_environment, run_cli
from shared_fleet_agent import make_settings
from shared_fleet_cli import Command
from shared_fleet_module import FakeModule
from shared_fleet_ports import find_free_port

from vision_ai_fleet.agent.agent import Agent
from vision_ai_fleet.credentials import Credentials


@contextmanager
def run_agent(credentials: Credentials, data: Path, module: FakeModule) -> Iterator[None]:
    """Run an agent in a thread of its own."""
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    stop = asyncio.Event()

    async def run() -> None:
        async with Agent(make_settings(credentials, data), module) as agent:
            await agent.ready.wait()
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    try:
        assert ready.wait(60)
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "center"


@pytest.fixture
def center(folder: Path) -> Iterator[dict[str, Any]]:
    """What a center printed that runs until the end of the test."""
    port = find_free_port()
    command = [
        PROGRAM,
        "fleet",
        "up",
        "--folder",
        str(folder),
        "--listen",
        f"127.0.0.1:{port}",
        "--page",
        "0",
    ]
    with subprocess.Popen(
        [*command, "--json"], stdout=subprocess.PIPE, text=True, env=make_environment()
    ) as up:
        assert up.stdout is not None
        try:
            yield json.loads(up.stdout.readline())["result"]
        finally:
            up.send_signal(signal.SIGINT)
        assert up.wait(60) == 0


@pytest.fixture
def command(center: dict[str, Any], folder: Path, tmp_path: Path) -> Command:
    return lambda *arguments: run_cli(
        "fleet", *arguments, "--json", cwd=tmp_path, VISION_AI_FLEET=str(folder)
    )


def test_the_way_from_a_new_center_to_a_backup(
    center: dict[str, Any], command: Command, tmp_path: Path
) -> None:
    assert center["page"].startswith("http://127.0.0.1:")
    enrolled = command("enrol", "0042", "07", "--output", "scale.creds")
    assert enrolled.status == 0 and "BEGIN" not in enrolled.out
    credentials = Credentials.read(tmp_path / "scale.creds")
    assert command("enrol", "0042", "07").error["kind"] == "conflict"
    assert command("call", "0042/07", "get_learnmode").error["kind"] == "offline"

    with run_agent(credentials, tmp_path / "agent", FakeModule()):
        [scale] = command("list", "--where", "online=true").value
        assert (scale["store"], scale["scale"], scale["online"]) == ("0042", "07", True)
        assert command("call", "0042/07", "get_device_info").value["sn"] == scale["serial_number"]
        run = command("run", "backup", "--yes")
        assert (run.status, run.value["state"]["phase"]) == (0, "COMPLETED")
        id = run.value["spec"]["id"]
        [execution] = command("status", id).value["executions"]
        assert execution["state"] == "SUCCEEDED"
        [backup] = command("backups", "--store", "0042").value
        got = command("backups", "get", "0042/07", "own.evo")
        assert (tmp_path / got.value["file"]).stat().st_size == backup["size"]
        assert command("set", "0042/07", "--learn-mode", "off").status == 0
        assert {each["step"]: each["state"] for each in command("doctor").value["findings"]}[
            "controller"
        ] == "right"


def test_a_scale_trades_a_code_for_its_credentials_once(
    center: dict[str, Any], command: Command, tmp_path: Path
) -> None:
    code = command("enrol", "0042", "08", "--code").value
    url = code["command"].split()[3]
    assert url == center["page"]

    def enrol(file: str) -> Result:
        return run_cli("agent", "enrol", url, code["code"], "-o", file, "--json", cwd=tmp_path)

    assert enrol("own.creds").value == {"store": "0042", "scale": "08", "file": "own.creds"}
    assert (tmp_path / "own.creds").stat().st_mode & 0o077 == 0
    assert enrol("own.creds").status == 2  # the file exists
    assert enrol("again.creds").error["kind"] == "rights"
    assert not (tmp_path / "again.creds").exists()


def test_a_person_may_do_what_the_role_says_until_revoked_or_the_center_is_away(
    center: dict[str, Any], command: Command, folder: Path, tmp_path: Path
) -> None:
    assert command("enrol", "0042", "07", "-o", "scale.creds").status == 0
    assert command("enrol", "--role", "viewer", "--name", "anna", "-o", "anna.creds").status == 0
    anna = ("--credentials", "anna.creds")
    assert len(command("list", *anna).value) == 1
    assert command("set", "0042/07", "--learn-mode", "on", *anna).error["kind"] == "rights"
    assert command("revoke", "--name", "anna").value["revoked"][0]["name"] == "anna"
    assert command("list", *anna).error["kind"] == "rights"
    identities = command("identities", "--all").value
    assert {(each["name"], each["valid"]) for each in identities} == {
        ("operator", True),
        ("0042/07", True),
        ("anna", False),
    }

    text = (folder / "operator.creds").read_text().replace(center["address"], "nats://127.0.0.1:9")
    (tmp_path / "away.creds").write_text(text)
    away = ("--credentials", "away.creds")
    assert (command("list", *away).status, command("list", *away).error["kind"]) == (3, "center")
    doctor = command("doctor", *away)
    states = {each["step"]: each["state"] for each in doctor.value["findings"]}
    assert (doctor.status, states["center"]) == (3, "wrong")
