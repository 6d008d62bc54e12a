"""docs/testing-a-till.md: its example runs as printed, and its names are those of the plugin."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vision_ai_emulator import Emulator
from vision_ai_pytest import device

PAGE = (Path(__file__).parents[3] / "docs" / "testing-a-till.md").read_text(encoding="utf-8")
FILES = {
    text.partition("\n")[0].removeprefix("# "): text
    for text in re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
}
TESTS = sum(len(re.findall(r"^(?:async )?def test_", text, re.MULTILINE)) for text in FILES.values())
ON_ANY_MODULE = {"test_the_module_responds", "test_with_the_anyio_plugin[asyncio]"}


@pytest.fixture(autouse=True)
def write_files_of_the_page(pytester: pytest.Pytester) -> None:
    assert len(FILES) == PAGE.count("```python")
    assert {"till.py", "test_till.py"} <= set(FILES)
    for name, text in FILES.items():
        (pytester.path / name).write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_the_example_passes(pytester: pytest.Pytester) -> None:
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=TESTS)


@pytest.mark.parametrize(
    ("options", "passed"),
    [
        pytest.param([], ON_ANY_MODULE, marks=pytest.mark.slow),
        (["--vision-ai-allow=act"], ON_ANY_MODULE | {"test_at_most_three_guesses"}),
    ],
)
def test_on_a_real_module_runs_what_the_page_says(
    pytester: pytest.Pytester, real: Emulator, real_url: str, options: list[str], passed: set[str]
) -> None:
    result = pytester.runpytest_subprocess("-v", f"--vision-ai-url={real_url}", *options)
    result.assert_outcomes(passed=len(passed), skipped=TESTS - len(passed))
    assert set(re.findall(r"::(\S+) PASSED", result.stdout.str())) == passed
    changes = {path for _, path in real.requests} - {"/api/get_device_info", "/api/get_result"}
    assert changes == ({"/api/result_feedback"} if options else set())


def test_its_tables_match_the_plugin(pytester: pytest.Pytester) -> None:
    listed = pytester.runpytest_inprocess("--fixtures").stdout.str()
    fixtures = set(re.findall(r"^(\w*vision_ai\w*) -- ", listed, re.MULTILINE))
    assert fixtures == set(re.findall(r"^\| `(\w*vision_ai\w*)` \|", PAGE, re.MULTILINE))
    options = set(re.findall(r"--vision-ai-\w+", pytester.runpytest_inprocess("--help").stdout.str()))
    assert options == set(re.findall(r"--vision-ai-\w+", PAGE))


def test_its_keywords_are_those_of_the_marker() -> None:
    section = PAGE.split("## The marker\n")[1].split("\n## ")[0]
    listed = "".join(line for line in section.splitlines() if line.startswith("- "))
    named = {name for name in re.findall(r"`([a-z_]+)`", listed) if name not in ("learn",)}
    assert named <= set(device.list_keywords())
    assert {"taught", "pan", "seed", "clock", "settings"} <= named
