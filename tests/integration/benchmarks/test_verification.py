"""A contender with wrong output, or none, is reported, and does not stop the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from suite.measurement.runner import run_workload
from suite.measurement.settings import Settings
from suite.registry import BASELINE, CONTENDERS, SDK, WORKLOADS, Contender, Workload, add_baseline
from suite.results.records import MEGABYTE, ContenderResult, WorkloadResult
from suite.results.report import render_markdown
from suite.setup.machine import assign_cores
from suite.setup.workspace import Workspace, open_workspace

pytestmark = pytest.mark.slow

FAULTY_CONTENDERS = """
from pathlib import Path
from contenders.http_client import HttpClient

class Correct(HttpClient):
    pass

class Wrong(HttpClient):
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

class Broken(HttpClient):
    def get_result(self):
        raise RuntimeError("broken on purpose")

class Exiting(HttpClient):
    def get_result(self):
        raise SystemExit(7)
"""

OTHER_SDK = """
class VisionAI:
    def __init__(self, url, **options):
        raise RuntimeError("this is the other SDK")

AsyncVisionAI = VisionAI
"""


@pytest.fixture(scope="module")
def workspace(compiler: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("bench")
    (folder / "faulty.py").write_text(FAULTY_CONTENDERS)
    with open_workspace([], folder, MEGABYTE, lambda _: None) as opened:
        yield replace(opened, extra_folders=(folder,))


def workload_named(name: str) -> Workload:
    return next(workload for workload in WORKLOADS if workload.name == name)


def run(workspace: Workspace, workload: Workload, contenders: list[Contender]) -> list[ContenderResult]:
    settings = Settings(workspace, assign_cores().contenders, rounds=2, batch_seconds=0.001, seed=1)
    return run_workload(workload, contenders, settings, lambda _: None)


def run_entries(workspace: Workspace, workload: Workload, *entries: str) -> list[ContenderResult]:
    return run(workspace, workload, [Contender(entry, entry) for entry in entries])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("get_result", "wrong recognition"),
        ("get_image", "wrong picture"),
        ("download", "wrong file, of 1,048,576 bytes"),
        ("upload", "the server received another file than the backup"),
    ],
)
def test_wrong_output_is_reported(workspace: Workspace, name: str, message: str) -> None:
    workload = workload_named(name)
    wrong, correct = run_entries(workspace, workload, "faulty:Wrong", "faulty:Correct")
    assert wrong.failed is not None
    assert message in wrong.failed
    assert correct.measured
    text = render_markdown(WorkloadResult(workload, [wrong, correct], MEGABYTE))
    assert "| faulty:Wrong   |" in text
    assert "faulty:Wrong FAILED" in text


@pytest.mark.parametrize(
    ("entry", "message"),
    [("faulty:Broken", "broken on purpose"), ("faulty:Exiting", "its process ended (7)")],
)
def test_a_broken_contender_does_not_stop_the_others(workspace: Workspace, entry: str, message: str) -> None:
    broken, correct = run_entries(workspace, workload_named("get_result"), entry, "faulty:Correct")
    assert broken.failed is not None
    assert message in broken.failed
    assert correct.measured


@pytest.mark.parametrize("name", ["get_result", "start"])
def test_a_contender_that_is_not_installed_is_reported(workspace: Workspace, name: str) -> None:
    workload = workload_named(name)
    missing, correct = run_entries(workspace, workload, "unknown:Unknown", "faulty:Correct")
    assert missing.missing == "No module named 'unknown'"
    assert correct.measured
    text = render_markdown(WorkloadResult(workload, [missing, correct], 0))
    assert "unknown:Unknown is missing: No module named 'unknown'" in text


def test_the_baseline_is_the_sdk_of_the_other_checkout(workspace: Workspace, tmp_path: Path) -> None:
    package = tmp_path / "overrides" / "vision_ai"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(OTHER_SDK)
    contenders = add_baseline([each for each in CONTENDERS if each.name == SDK], tmp_path)
    sdk, baseline = run(workspace, workload_named("get_result"), contenders)
    assert sdk.measured
    assert baseline.contender.name == BASELINE
    assert baseline.failed is not None
    assert "this is the other SDK" in baseline.failed
