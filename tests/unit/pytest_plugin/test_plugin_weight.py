"""pytest loads the plugin in every run where the package is installed, so it must load quickly."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points

import pytest


def test_pytest_finds_the_plugin() -> None:
    assert entry_points(group="pytest11")["vision_ai"].value == "vision_ai_pytest.plugin"


def test_the_plugin_imports_nothing_else() -> None:
    program = (
        "import sys, pytest; before = set(sys.modules)\n"
        "import vision_ai_pytest.plugin; print(*sorted(set(sys.modules) - before))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["vision_ai_pytest", "vision_ai_pytest.plugin"]


def test_a_run_without_its_fixtures_imports_neither_the_sdk_nor_the_emulator(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_it(request):
            assert request.config.pluginmanager.hasplugin("vision_ai_pytest.plugin")
            packages = {name.partition(".")[0] for name in sys.modules}
            assert not packages & {"vision_ai", "vision_ai_generated", "vision_ai_emulator", "httpx", "attrs"}
        """
    )
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p vision_ai_pytest.plugin")  # without other plugins
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
