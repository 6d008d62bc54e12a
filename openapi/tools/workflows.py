"""Run the workflows of vision-ai.arazzo.yaml against the emulator, with Redocly's respect."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from document import Node
from linters import run_redocly

SOURCE = Path("dist", "vision-ai-3.0-codegen.json")
BACKUP = "backup.evo"
MAXIMUM_POLLS = 100

_WITHOUT_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class EmulatorError(Exception):
    """The emulator does not start, or its backup fails."""


def run_workflows(workflows: Path, source: str) -> subprocess.CompletedProcess[str]:
    """Run all workflows against a new emulator. `source` is the text of the OpenAPI document that they refer to.

    Raises:
        EmulatorError: There is no emulator to run them against.
    """
    with tempfile.TemporaryDirectory() as name, _run_emulator() as url:
        folder = Path(name)
        copied = Path(shutil.copy(workflows, folder))
        (folder / SOURCE).parent.mkdir()
        (folder / SOURCE).write_text(source, encoding="utf-8")
        (folder / BACKUP).write_bytes(_make_backup(url))
        # Without the schema check, which fails for binary bodies and for `nullable` beside references.
        return run_redocly("respect", str(copied), f"--server=module={url}", "--severity=SCHEMA_CHECK=off")


@contextmanager
def _run_emulator() -> Generator[str]:
    """Start an emulator on a free port of this computer, and yield its URL."""
    command = [sys.executable, "-m", "vision_ai_emulator", "--port", "0", "--pan", "apple"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = re.search(r"http://\S+", process.stdout.readline())
            if url is None:
                raise EmulatorError("the emulator does not start")
            yield url[0]
        finally:
            process.terminate()


def _make_backup(url: str) -> bytes:
    """Return a backup of the emulator, which the workflow of a restore uploads."""
    _post(f"{url}/api/start_backup")
    for _ in range(MAXIMUM_POLLS):
        status = _post(f"{url}/api/get_backup_status")
        if status["status"] == 3:
            with _WITHOUT_PROXY.open(f"{url}/download/{status['filename']}", timeout=10) as response:
                return response.read()
        time.sleep(0.1)
    raise EmulatorError("the emulator does not finish a backup")


def _post(url: str) -> Node:
    with _WITHOUT_PROXY.open(urllib.request.Request(url, method="POST"), timeout=10) as response:
        return json.load(response)
