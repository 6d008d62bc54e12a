"""The benchmark does the work it measures, says what it found, and is not taken in by a wrong answer."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from contest import figures, report
from contest.machine import cores
from contest.registry import (
    BOTH,
    CONTENDERS,
    HTTP_CLIENT,
    HTTPX,
    OURS,
    OURS_ASYNC,
    OURS_ASYNC_ONE,
    OURS_ONE,
    RAW,
    RAW_ASYNC,
    WORKS,
    Contender,
    Work,
)
from contest.scene import Scene, opened_scene
from contest.server import CannotRunError, build
from contest.targets import Verdict, verdicts
from contest.team import Row, Setting, run_work

RUN = Path(__file__).with_name("run.py")
MEGABYTE = 1024 * 1024
ALWAYS_INSTALLED = {RAW, RAW_ASYNC, HTTP_CLIENT, HTTPX, "httpx async", OURS, OURS_ASYNC}
ALWAYS_INSTALLED |= {"openapi-python-client", "openapi-python-client async", "ours over httpx.Client"}

needs_compiler = pytest.mark.skipif(
    not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="the benchmark's server needs a C compiler"
)


def work_named(name: str) -> Work:
    return next(work for work in WORKS if work.name == name)


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, RUN, *arguments], capture_output=True, text=True, timeout=600)


def report_of(folder: Path, *arguments: str) -> tuple[dict[str, Any], str]:
    """The one JSON report of a run that found nothing wrong, and what it printed."""
    small = ("--quick", "--rounds", "2", "--size", "1")
    done = bench(*small, "--folder", str(folder), "--reports", str(folder), *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    (written,) = folder.glob("bench-*.json")
    assert written.with_suffix(".md").read_text().strip() in done.stdout
    return json.loads(written.read_text()), done.stdout


@needs_compiler
def test_whoever_is_installed_does_the_work_rightly(tmp_path: Path) -> None:
    found, printed = report_of(tmp_path, "--work", "get_result", "get_result_async", "download", "upload")
    assert len(found["works"]) == 4
    for each in found["works"]:
        takes = [other for other in CONTENDERS if work_named(each["work"]).takes(other)]
        rows = {row["contender"]: row for row in each["rows"]}
        assert rows.keys() == {other.name for other in takes}
        for name, row in rows.items():
            assert (row["missing"] is None) == (len(row["rounds"]["seconds"]) == 2)
            assert row["missing"] is None or name not in ALWAYS_INSTALLED
            assert f"| {name} " in printed
        assert rows[each["yardstick"]]["times_the_yardstick"] == 1
        assert each["targets"]


@needs_compiler
def test_calls_at_once_and_fresh_starts(tmp_path: Path) -> None:
    names = (HTTPX, "httpx async", OURS, OURS_ASYNC, OURS_ONE, OURS_ASYNC_ONE)
    found, _ = report_of(tmp_path, "--work", "tasks", "threads", "start", "--contender", *names)
    rows = {each["work"]: [row["contender"] for row in each["rows"]] for each in found["works"]}
    assert set(rows["tasks"]) == {"httpx async", OURS_ASYNC, OURS_ASYNC_ONE}
    assert set(rows["threads"]) == {HTTPX, OURS, OURS_ONE}
    assert set(rows["start"]) == {HTTPX, "httpx async", OURS, OURS_ASYNC}
    starts = next(each["rows"] for each in found["works"] if each["work"] == "start")
    assert all(row["modules"] > 0 and len(row["rounds"]["import"]) == 2 for row in starts)
    assert all(verdict["met"] is not None for each in found["works"] for verdict in each["targets"])


@needs_compiler
def test_a_profile_names_the_layers() -> None:
    done = bench("--quick", "--profile", "--contender", OURS)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    bytecodes = {line[0]: float(line[3]) for line in lines if len(line) == 6 and line[2].endswith("%")}
    assert bytecodes["vision_ai._direct.blocking"] > 0
    assert bytecodes["contenders.ours"] > 0


def test_what_does_not_exist_is_refused_before_anything_runs() -> None:
    done = bench("--work", "get_results")
    assert done.returncode == 2
    assert "invalid choice: 'get_results'" in done.stderr


def test_without_a_compiler_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotRunError, match="no C compiler"):
        build(tmp_path)


CHEAT = """
from pathlib import Path
from contenders.standard_library import StandardLibrary

class RightOnce(StandardLibrary):
    pass

class Wrong(StandardLibrary):
    def get_result(self):
        model = super().get_result()
        model.items[-1].score += 0.0001
        return model

    def get_image(self):
        return super().get_image()[:-1]

    def download(self, target):
        super().download(target)
        with open(target, "r+b") as file:
            file.seek(-1, 2)
            file.write(b"?")

    def upload(self, source):
        other = Path(source).with_name("other.evo")
        other.write_bytes(Path(source).read_bytes()[:-1] + b"?")
        super().upload(other)

class Broken(StandardLibrary):
    def get_result(self):
        raise RuntimeError("I give up")

class Dying(StandardLibrary):
    def get_result(self):
        raise SystemExit(7)
"""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with opened_scene([], tmp_path_factory.mktemp("bench"), MEGABYTE, lambda _: None) as opened:
        yield opened


def rows_of(scene: Scene, folder: Path, work: Work, *entries: str) -> list[Row]:
    (folder / "cheat.py").write_text(CHEAT)
    setting = Setting(scene, cores().contenders, rounds=2, batch=0.001, seed=1, more_contenders=folder)
    return run_work(work, [Contender(entry, entry) for entry in entries], setting, lambda _: None)


@needs_compiler
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("get_result", "wrong recognition"),
        ("get_image", "wrong picture"),
        ("download", "wrong file, of 1,048,576 bytes"),
        ("upload", "not the one that was to be sent"),
    ],
)
def test_a_wrong_answer_is_caught(scene: Scene, tmp_path: Path, name: str, said: str) -> None:
    wrong, right = rows_of(scene, tmp_path, work_named(name), "cheat:Wrong", "cheat:RightOnce")
    assert wrong.failed is not None
    assert said in wrong.failed
    assert right.measured
    text = report.markdown(report.Result(work_named(name), [wrong, right], MEGABYTE))
    assert "| cheat:Wrong     |" in text
    assert "cheat:Wrong FAILED" in text


@needs_compiler
@pytest.mark.parametrize(
    ("entry", "said"), [("cheat:Broken", "I give up"), ("cheat:Dying", "its process ended (7)")]
)
def test_one_that_breaks_stops_nobody_else(scene: Scene, tmp_path: Path, entry: str, said: str) -> None:
    broken, right = rows_of(scene, tmp_path, work_named("get_result"), entry, "cheat:RightOnce")
    assert broken.failed is not None
    assert said in broken.failed
    assert right.measured


@needs_compiler
@pytest.mark.parametrize("name", ["get_result", "start"])
def test_one_that_is_not_installed_is_reported(scene: Scene, tmp_path: Path, name: str) -> None:
    missing, right = rows_of(scene, tmp_path, work_named(name), "nobody:Nobody", "cheat:RightOnce")
    assert missing.missing == "No module named 'nobody'"
    assert right.measured
    text = report.markdown(report.Result(work_named(name), [missing, right], 0))
    assert "nobody:Nobody is missing: No module named 'nobody'" in text


def row(name: str, *wall: float, memory: int | None = None) -> Row:
    return Row(Contender(name, "not:Run"), wall=list(wall), processor=list(wall), memory=memory)


def verdict_on(work: str, quantity: str, against: str, rows: list[Row]) -> Verdict:
    of_work = verdicts(work, rows)
    return next(
        each for each in of_work if each.target.quantity == quantity and each.target.against == against
    )


def test_ratios_are_of_the_same_round() -> None:
    calm_then_stormy, twice_as_long = row("a", 1, 1, 10), row("b", 2, 2, 20)
    assert figures.ratio(twice_as_long, calm_then_stormy) == 2
    assert figures.ratio(calm_then_stormy, twice_as_long) == 0.5


def test_targets_are_held_against_what_was_measured() -> None:
    rows = [row(RAW, 1, 1), row(OURS, 1.5, 1.5), row(HTTP_CLIENT, 1.5, 1.5), row(HTTPX, 4, 4)]
    assert verdict_on("get_result", "time", RAW, rows).met is True
    assert verdict_on("get_result", "time", HTTP_CLIENT, rows).met is False  # ahead is more than level
    assert verdict_on("get_result", "time", HTTPX, rows).met is False
    assert verdict_on("get_result", "time", RAW, rows[1:]).met is None


def test_speed_and_memory_have_targets_too() -> None:
    eight, more = 8 * MEGABYTE, 8 * MEGABYTE + 1
    rows = [row(RAW, 1), row(OURS, 1.25, memory=eight), row(OURS_ASYNC, 1, memory=more), row("swift", 0.5)]
    assert verdict_on("download", "speed", RAW, rows).met is False
    assert verdict_on("download", "memory", "", rows).met is True
    best = next(each for each in verdicts("upload", rows) if each.target.quantity == "speed")
    assert "(swift)" in best.wanted
    assert best.measured == "0.40 ×"
    memories = [each.met for each in verdicts("upload", rows) if each.target.quantity == "memory"]
    assert memories == [True, False]


def test_the_fastest_comes_first_and_what_is_missing_last() -> None:
    gone = Row(Contender("gone", "not:Run"), missing="not installed")
    work = Work("any", "Any work", "get_result", "time", RAW, BOTH)
    ranked = figures.ranked([gone, row("slow", 3), row("fast", 1)])
    assert [each.contender.name for each in ranked] == ["fast", "slow", "gone"]
    lines = report.markdown(report.Result(work, ranked, 0)).splitlines()
    assert len({len(line) for line in lines if line.startswith("|")}) == 1
