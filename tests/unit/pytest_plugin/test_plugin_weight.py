"""The plugin is loaded in every run of pytest wherever the package is installed."""

from __future__ import annotations

import subprocess
import sys

import pytest


def test_the_plugin_loads_nothing_but_itself() -> None:
    program = (
        "import sys, pytest; before = set(sys.modules)\n"
        "import vision_ai_pytest.plugin; print(*sorted(set(sys.modules) - before))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["vision_ai_pytest", "vision_ai_pytest.plugin"]


def test_a_run_without_its_fixtures_loads_neither_the_sdk_nor_the_emulator(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # other plugins load httpx themselves
    pytester.makepyfile(
        """
        import sys

        def test_it(request):
            assert request.config.pluginmanager.hasplugin("vision_ai_pytest.plugin")
            packages = {name.partition(".")[0] for name in sys.modules}
            assert not packages & {"vision_ai", "vision_ai_generated", "vision_ai_emulator", "httpx", "attrs"}
        """
    )
    pytester.runpytest_subprocess("-p", "vision_ai_pytest.plugin").assert_outcomes(passed=1)
