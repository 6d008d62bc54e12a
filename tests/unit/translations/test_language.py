"""Which language a process speaks."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from types import SimpleNamespace

import pytest

from vision_ai_translations import find_language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": ""}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh"}, "zh"),
        ({"LANG": "ru_RU.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": ""}, "ru"),
        ({"LC_ALL": "ru_RU.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "ru"),
        ({"LANGUAGE": "zh", "LC_ALL": "ru_RU.UTF-8"}, "zh"),
        ({"LANGUAGE": "de:ru:zh", "LANG": "zh_CN.UTF-8"}, "ru"),
        ({"LANGUAGE": "", "LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANGUAGE": "de:ru:en", "LANG": "en_US.UTF-8"}, "ru"),
        ({"LANGUAGE": "ru", "LC_ALL": "C"}, "en"),
        ({"LANGUAGE": "ru"}, "ru"),
    ],
)
def test_the_environment_decides(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert find_language(environment) == language


@pytest.mark.parametrize(
    ("number", "language"),
    [(0x0419, "ru"), (0x0819, "ru"), (0x0804, "zh"), (0x1004, "zh"), (0x0409, "en"), (0x0407, "en")],
)
def test_on_windows_the_desktop_decides_where_no_variable_is_set(
    monkeypatch: pytest.MonkeyPatch, number: int, language: str
) -> None:
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: number)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    assert find_language({}) == language
    assert find_language({"LANG": "zh_CN.UTF-8"}) == "zh"
    assert find_language({"LC_ALL": "C"}) == "en"


SHOW_CATALOGS = """
import os, sys
opened = []
sys.addaudithook(lambda name, args: opened.append(str(args[0])) if name == "open" else None)
from vision_ai_tools.cli import main
sys.argv = ["vision-ai", *sys.argv[1:]]
try:
    main()
finally:
    print(sorted({name for name in opened if name.endswith(".mo")}), file=sys.stderr)
"""


@pytest.mark.parametrize(("language", "count"), [("en", 0), ("ru", 1)])
def test_english_loads_no_catalog(language: str, count: int) -> None:
    command = [sys.executable, "-c", SHOW_CATALOGS, "--lang", language, "errors", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stderr.count(".mo") == count, done.stderr
