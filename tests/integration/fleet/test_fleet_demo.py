"""The tour of a fleet runs as a reader would run it, and leaves nothing behind but what it says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

DEMO = Path(__file__).parents[3] / "examples" / "fleet_demo.py"
LIMIT = 500
"""Seconds, on a computer that does a lot else."""


@pytest.mark.slow
def test_the_tour_of_a_fleet(tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, str(DEMO)],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for text in (
        "3 scales, 3 online",
        "001  Apple",
        "knows 001 Apple, 002 Pear, 666 Mistake",
        "Reason   The module refused the data set with -6142",
        "learn mode",
        "02:30 Europe/Berlin",
        "Right first   6 of 6",
        "Everything was done",
    ):
        assert text in done.stdout, text
    assert "Traceback" not in done.stdout + done.stderr
    assert sorted(each.name for each in (tmp_path / "demo-output").iterdir()) == [
        *("fleet-report.html", "newest.evo", "pan-01.jpg"),
    ]
    assert list(folder.iterdir()) == []
