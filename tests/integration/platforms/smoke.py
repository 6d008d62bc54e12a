"""The smoke set: everything that the SDK and its tools do, once, in the Python that runs this file.

    python smoke.py URL [NAME … | -NAME …]

URL is that of an emulator that another process serves. Each check prints its name when it passed. With the real
Python of another platform, this file needs nothing but the SDK with its extras.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import io
import json
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

Check = Callable[[str, Path], None]
CHECKS: dict[str, Check] = {}
LONGEST_CHECK = 300 if sys.platform == "win32" else 60
"""Seconds. Under wine the first checks also compile what they import."""
HAS_LOCKS = False
for name in ("fcntl", "msvcrt"):
    with contextlib.suppress(ImportError):
        importlib.import_module(name)
        HAS_LOCKS = True


def check(function: Check) -> Check:
    """Add a function to the set."""
    CHECKS[function.__name__] = function
    return function


@check
def sync_calls(url: str, folder: Path) -> None:
    import vision_ai

    with vision_ai.VisionAI(url, timeout=30) as module:
        assert module.get_device_info().sn == "12345678"
        module.learn(id="001", name="Apple", pictures=1)
        assert module.get_result().items[0].id == "001"
        picture = module.get_image()
        assert (picture.width, picture.height) == (1280, 720)
        assert picture.save(folder / "pan.jpg").read_bytes() == picture
        print("  ", module)


@check
def async_calls(url: str, folder: Path) -> None:
    import vision_ai

    client = vision_ai.AsyncVisionAI(url, timeout=30)

    async def call() -> None:
        assert (await client.get_device_info()).sn == "12345678"
        assert (await client.get_result()).items[0].id == "001"

    for _ in range(2):  # one client in two event loops
        asyncio.run(call())
    asyncio.run(client.aclose())


@check
def canceled_watch(url: str, folder: Path) -> None:
    """Cancel a watch in the turn of the event loop in which its pause ends: some versions of anyio lose that."""
    import vision_ai

    pause = 0.01

    async def cancel(client: vision_ai.AsyncVisionAI) -> None:
        loop = asyncio.get_running_loop()

        def cancel_after_the_pause() -> bool:
            assert not task.cancelling(), "the watch went on"
            loop.call_soon(loop.call_later, pause, task.cancel)
            return False

        async def watch() -> None:
            async for _ in client.watch(every=pause, when=cancel_after_the_pause):
                pass

        task = asyncio.create_task(watch())
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert task.cancelled()

    async def main() -> None:
        async with vision_ai.AsyncVisionAI(url) as client:
            for _ in range(20):
                await cancel(client)

    asyncio.run(main())


@check
def calls_in_threads(url: str, folder: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    import vision_ai

    with vision_ai.VisionAI(url, timeout=30, concurrency=3) as module, ThreadPoolExecutor(3) as pool:
        assert len({each.sn for each in pool.map(lambda _: module.get_device_info(), range(9))}) == 1


@check
def backup_and_restore(url: str, folder: Path) -> None:
    import vision_ai

    with vision_ai.VisionAI(url, timeout=30) as module:
        file = module.backup(folder, poll=0.05, timeout=60)
        assert file.stat().st_size > 0
        module.restore(file, poll=0.05, timeout=60)

    async def restore() -> None:
        async with vision_ai.AsyncVisionAI(url, timeout=30) as client:
            await client.restore(await client.backup(folder, poll=0.05, timeout=60), poll=0.05, timeout=60)

    asyncio.run(restore())


@check
def unreachable_module(url: str, folder: Path) -> None:
    import vision_ai

    with vision_ai.VisionAI("http://127.0.0.1:9", timeout=5, retries=0) as module:
        try:
            module.get_device_info()
        except vision_ai.UnreachableError:
            return
    raise AssertionError("something responds on the discard port")


@check
def emulator_in_process(url: str, folder: Path) -> None:
    import vision_ai

    with vision_ai.VisionAI("emulator:") as module:
        assert module.get_device_info().sn == "12345678"

    async def call() -> None:
        async with vision_ai.AsyncVisionAI("emulator:") as client:
            assert (await client.get_device_info()).sn == "12345678"

    asyncio.run(call())


@check
def served_emulator(url: str, folder: Path) -> None:
    import vision_ai
    from vision_ai_emulator import Emulator, Fault, serve

    emulator = Emulator()
    with serve(emulator) as own_url, vision_ai.VisionAI(own_url, retries=0) as module:
        assert module.get_device_info().sn == "12345678"
        emulator.faults.add(Fault("drop_before_answer", "get_calib"))
        with contextlib.suppress(vision_ai.AnswerLostError):
            module.get_calib()
        assert module.get_calib().left == 444


if sys.platform == "win32":

    @check
    def many_connections(url: str, folder: Path) -> None:
        """Windows' select() takes 512 sockets. More connections must not end the emulator."""
        import socket
        from urllib.parse import urlsplit

        import vision_ai
        from vision_ai_emulator import Emulator, serve

        with serve(Emulator()) as own_url, contextlib.ExitStack() as stack:
            parts = urlsplit(own_url)
            for _ in range(560):
                stack.enter_context(socket.create_connection((parts.hostname, parts.port), 30))
            with vision_ai.VisionAI(own_url, timeout=30) as module:
                assert module.get_device_info().sn == "12345678"


@check
def recording(url: str, folder: Path) -> None:
    import vision_ai
    from vision_ai._file_lock import try_lock

    file = folder / "day.har"
    for _ in range(2):  # the second time it is continued
        with vision_ai.VisionAI(url, timeout=30, record=file, api="v1") as module, file.open("r+b") as other:
            module.get_learnmode()
            assert not (HAS_LOCKS and try_lock(other.fileno())), "another program may write the file"
    assert len(json.loads(file.read_bytes())["log"]["entries"]) == 2
    with vision_ai.VisionAI(f"replay:{file}") as module:
        assert module.get_learnmode().mode in (0, 1)


@check
def journal(url: str, folder: Path) -> None:
    import vision_ai
    from vision_ai.journal import JournalReader

    file = folder / "recognitions.db"
    file.write_bytes(b"damaged")  # and is renamed
    for _ in range(2):
        with vision_ai.VisionAI(
            url, timeout=30, journal=file, journal_pictures=folder / "pictures"
        ) as module:
            module.confirm(module.get_result(), id="001", name="Apple")
    with JournalReader(file) as rows:
        for row in rows.recognitions():
            assert row.choice == "001" and row.device is not None and row.picture is not None
            assert (folder / row.picture).is_file()
        assert len(list(rows.recognitions())) == 2
    assert len(list(folder.glob("recognitions.db.damaged-*"))) == 1


class Output(io.BytesIO):
    """A standard output that calls a function after each piece."""

    def __init__(self, after_piece: Callable[[bytes], None]) -> None:
        super().__init__()
        self._after_piece = after_piece

    def write(self, piece: Any, /) -> int:
        written = super().write(piece)
        self._after_piece(self.getvalue())
        return written


def run_program(*arguments: str, after_piece: Callable[[bytes], None] = lambda _: None) -> tuple[int, str]:
    """Run `vision-ai` in this process: its exit status and what it prints."""
    from vision_ai_tools.cli import main

    out = io.TextIOWrapper(Output(after_piece), encoding="utf-8", write_through=True)
    sys.argv = ["vision-ai", *arguments]
    with contextlib.redirect_stdout(out):
        try:
            status: object = main()
        except SystemExit as exit:
            status = exit.code
    out.seek(0)
    return int(str(status or 0)), out.read()


@check
def command_line(url: str, folder: Path) -> None:
    status, out = run_program("info", "--json", "--url", url)
    assert status == 0 and json.loads(out)["result"]["sn"] == "12345678", out
    status, out = run_program("image", str(folder / "one.jpg"), "--url", url)
    assert status == 0 and (folder / "one.jpg").exists(), out
    status, out = run_program("recognize", "--url", url)
    assert status == 0, out
    status, out = run_program("--help")
    assert status == 0 and "recognize" in out
    status, out = run_program("errors", "-6103")
    assert status == 0, out


@check
def conformance(url: str, folder: Path) -> None:
    status, out = run_program("conformance", "--json", "--url", url)
    assert status == 0 and "Traceback" not in out, out


@check
def doctor(url: str, folder: Path) -> None:
    status, out = run_program("doctor", "--json", "--url", url)
    assert status in (0, 1) and "findings" in out, out


@check
def link(url: str, folder: Path) -> None:
    status, out = run_program("link", "status", "--json")
    assert status in (0, 1), out
    assert "Traceback" not in out


@check
def emulator_command(url: str, folder: Path) -> None:
    import signal

    def interrupt(printed: bytes) -> None:
        if b"http://127.0.0.1:" in printed and not threads:
            threads.append(threading.Thread(target=signal.raise_signal, args=[signal.SIGINT]))
            threads[0].start()

    threads: list[threading.Thread] = []
    previous = signal.getsignal(signal.SIGINT)
    status, out = run_program("emulator", "--port", "0", "--json", after_piece=interrupt)
    signal.signal(signal.SIGINT, previous)
    assert status == 0 and threads, out


@check
def console(url: str, folder: Path) -> None:
    import vision_ai
    from vision_ai_tools.console.backup_store import BackupStore
    from vision_ai_tools.console.server import ConsoleServer

    server: Any = ConsoleServer(
        vision_ai.AsyncVisionAI(url, timeout=30), url, "127.0.0.1", 0, BackupStore(folder)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(server.url, timeout=30) as page:
            assert b"<html" in page.read().lower()
    finally:
        server.stop()
        thread.join()


@check
def pytest_plugin(url: str, folder: Path) -> None:
    import os

    import pytest

    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # no plugins but this one
    test = folder / "test_till.py"
    test.write_text("def test_till(vision_ai):\n    assert vision_ai.get_device_info().sn == '12345678'\n")
    arguments = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "vision_ai_pytest.plugin",
        "--rootdir",
        str(folder),
        str(test),
    ]
    assert pytest.main(arguments) == 0


def main(url: str, *names: str) -> int:
    """Run the checks of these names, or all; without those whose names begin with a dash."""
    import faulthandler
    import traceback

    print(f"Python {sys.version}", flush=True)
    failed = 0
    wanted = [each for each in names if not each.startswith("-")] or list(CHECKS)
    for name in wanted:
        if f"-{name}" in names:
            continue
        faulthandler.dump_traceback_later(LONGEST_CHECK, exit=True)
        started = time.perf_counter()
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            try:
                CHECKS[name](url, Path(folder))
            except BaseException:  # noqa: BLE001  # the others run too
                failed += 1
                traceback.print_exc()
                print(f"failed: {name}", flush=True)
            else:
                print(f"passed: {name} ({time.perf_counter() - started:.1f} s)", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
