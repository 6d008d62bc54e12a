"""What the plugin's tests share: runs of pytest inside a test, and a module on a socket to run them on."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from plugin_runs import Run

import vision_ai
import vision_ai_emulator
import vision_ai_pytest
from vision_ai_emulator import Emulator, serve

WITHOUT_OTHERS = "-p no:schemathesis -p no:hypothesispytest"
"""Plugins that the runs inside a test do not need, and that take seconds to import."""

# pytester forgets what a run in this process imports, and some of it cannot be imported twice. What is imported
# before the first run stays.
for _package in (vision_ai, vision_ai_emulator, vision_ai_pytest):
    for _module in pkgutil.walk_packages(_package.__path__, f"{_package.__name__}."):
        if not _module.name.endswith("__main__"):
            importlib.import_module(_module.name)


@pytest.fixture(autouse=True)
def strict_runs(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run inside a test makes warnings errors, and no module is named from outside."""
    pytester.makeini(
        "[pytest]\nfilterwarnings = error\naddopts = --strict-markers --strict-config -ra "
        + WITHOUT_OTHERS
        + "\n"
    )
    monkeypatch.delenv("VISION_AI_URL", raising=False)


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Runs pytest on the text of a test file, in this process."""

    def run(text: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(test_inside=text)
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", *options)

    return run


@pytest.fixture
def run_apart(pytester: pytest.Pytester) -> Run:
    """The same in a process of its own, where whatever is left behind is noticed at its end."""

    def run_apart(text: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(test_inside=text)
        result = pytester.runpytest_subprocess("-W", "error", *options)
        assert "Warning" not in result.stdout.str() + result.stderr.str()
        return result

    return run_apart


@pytest.fixture
def real() -> Emulator:
    """What stands in for a real module."""
    return Emulator(pan="banana", sn="87654321")


@pytest.fixture
def real_url(real: Emulator) -> Iterator[str]:
    """Its URL."""
    with serve(real) as url:
        yield url
