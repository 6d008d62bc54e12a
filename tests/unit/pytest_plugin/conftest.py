"""Fixtures of the plugin's tests: runs of pytest inside a test, and a module on a socket."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from plugin_runs import Run

import vision_ai
import vision_ai_emulator
import vision_ai_pytest
from vision_ai_emulator import Emulator, Settings, serve

PLUGINS = "-p vision_ai_pytest.plugin -p anyio.pytest_plugin"
"""The other plugins of this environment take much longer to load."""
SETTINGS = Settings(sn="87654321")


# pytester unloads what a run in this process imports, and some modules cannot be imported twice. What is imported
# before the first run stays.
for _package in (vision_ai, vision_ai_emulator, vision_ai_pytest):
    for _module in pkgutil.walk_packages(_package.__path__, f"{_package.__name__}."):
        if not _module.name.endswith("__main__"):
            importlib.import_module(_module.name)


@pytest.fixture(autouse=True)
def strict_runs(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make warnings errors in every run, and name no module from outside."""
    pytester.makeini("[pytest]\nfilterwarnings = error\naddopts = --strict-markers --strict-config -ra\n")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", PLUGINS)
    monkeypatch.delenv("VISION_AI_URL", raising=False)


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Run pytest on the text of a test file, in this process."""

    def run(text: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(test_inside=text)
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", *options)

    return run


@pytest.fixture
def run_in_process(pytester: pytest.Pytester) -> Run:
    """Run pytest in a process of its own, which reports whatever is left behind at its end."""

    def run_in_process(text: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(test_inside=text)
        result = pytester.runpytest_subprocess("-W", "error", *options)
        assert "Warning" not in result.stdout.str() + result.stderr.str()
        return result

    return run_in_process


@pytest.fixture(scope="session")
def session_module() -> Emulator:
    return Emulator(pan="banana", settings=SETTINGS)


@pytest.fixture(scope="session")
def session_url(session_module: Emulator) -> Iterator[str]:
    with serve(session_module) as url:
        yield url


@pytest.fixture
def real(session_module: Emulator) -> Emulator:
    """An emulator in place of a real module."""
    session_module.reset(pan="banana", settings=SETTINGS)
    return session_module


@pytest.fixture
def real_url(real: Emulator, session_url: str) -> str:
    """Its URL on 127.0.0.1."""
    return session_url
