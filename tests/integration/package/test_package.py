"""What is installed, what an import loads, and what no file may contain."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from shared_sources import list_project_files

ROOT = Path(__file__).parents[3]

ALLOWED = {"vision_ai", "vision_ai_generated", "attr", "attrs", "httptools"}
"""Modules from beyond the standard library that `import vision_ai` may load."""


def loaded_by(statement: str) -> set[str]:
    program = f"import sys; before = set(sys.modules)\n{statement}\nprint(*sorted(set(sys.modules) - before))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(result.stdout.split())


def test_an_import_loads_only_what_the_sdk_needs() -> None:
    roots = {name.partition(".")[0] for name in loaded_by("import vision_ai")}
    foreign = {name for name in roots if name not in sys.stdlib_module_names and not name.startswith("_")}
    assert foreign <= ALLOWED


def test_an_import_loads_no_operation_and_no_model() -> None:
    modules = loaded_by("import vision_ai")
    assert "vision_ai_generated.operations" in modules
    assert not [name for name in modules if name.startswith("vision_ai_generated.api.")]
    assert {name for name in modules if name.startswith("vision_ai_generated.models.")} <= {
        "vision_ai_generated.models.error_code"
    }


NOT_FOR_A_CALL = {
    *("httpx", "httpcore", "h11", "ssl", "rich", "click", "anyio", "sniffio", "idna"),
    *(
        "asyncio",
        "trio",
        "importlib.metadata",
        "zlib",
        "xml",
        "email.message",
        "csv",
        "zipfile",
        "sqlite3",
        "tempfile",
    ),
    *("vision_ai.catalog", "vision_ai._pipeline.product_lookup"),
    *("vision_ai._redaction", "vision_ai._transports.har", "vision_ai._transports.httpx_adapter"),
    *("vision_ai._transports.httpx_client", "vision_ai._transports.direct.async_"),
    *("vision_ai_generated.models.restore_status", "vision_ai_generated.models.sync_mode"),
}
"""What neither an import nor a first call may load."""


def test_a_first_call_loads_only_what_it_needs() -> None:
    call = (
        "from vision_ai import VisionAI, UnreachableError\n"
        "module = VisionAI('http://127.0.0.1:1', retries=0)\n"
        "try: module.get_result()\n"
        "except UnreachableError: pass\n"
    )
    modules = loaded_by(call)
    assert "vision_ai._transports.direct.sync" in modules
    operations = [
        name for name in modules if name.startswith("vision_ai_generated.api.") and name.count(".") == 3
    ]
    assert operations == ["vision_ai_generated.api.recognition.get_result"]
    assert sorted(modules & NOT_FOR_A_CALL) == []


def test_with_trio_httpx_is_loaded_before_a_call_is_timed() -> None:
    modules = loaded_by(
        "import trio; from vision_ai import AsyncVisionAI; AsyncVisionAI('http://127.0.0.1:1')"
    )
    assert "httpx" in modules


def test_an_emulator_in_the_process_loads_no_server() -> None:
    modules = loaded_by("from vision_ai import VisionAI; VisionAI('emulator:').get_device_info()")
    assert "vision_ai_emulator.http.interface" in modules
    assert not {"starlette", "uvicorn"} & modules


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(ROOT)], check=True)
    return next(folder.glob("*.whl"))


PACKAGES = {
    "vision_ai",
    "vision_ai_generated",
    "vision_ai_emulator",
    "vision_ai_pytest",
    "vision_ai_tools",
    "vision_ai_fleet",
    "vision_ai_translations",
}


def test_the_wheel_contains_the_packages_and_their_type_markers(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for package in PACKAGES:
        assert f"{package}/__init__.py" in names
        assert f"{package}/py.typed" in names
    roots = {name.partition("/")[0] for name in names if ".dist-info" not in name}
    assert roots == PACKAGES
    assert any(name.endswith("licenses/LICENSE") for name in names)
    for contract in ("contract.json", "contract-v2.json"):
        assert f"vision_ai_tools/conformance/{contract}" in names
    assert "vision_ai_tools/report/page.html.j2" in names
    for language in ("en", "ru", "zh"):
        assert f"vision_ai_translations/locale/{language}/LC_MESSAGES/vision_ai.mo" in names


def test_the_installed_wheel_works(wheel: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(tmp_path)]
    subprocess.run([*command, str(wheel)], check=True)
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import vision_ai\n"
        f"assert vision_ai.__file__.startswith({str(tmp_path)!r}), vision_ai.__file__\n"
        "print(vision_ai.VisionAI('emulator:').get_device_info().firmware)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "9.9.4.2"


@pytest.mark.parametrize("name", ["dev", "demo", "bench"])
def test_every_pin_has_its_hashes_and_none_names_an_index(name: str) -> None:
    pins = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert "://" not in pins
    assert "--index-url" not in pins and "--find-links" not in pins
    requirements = [line for line in pins.splitlines() if "==" in line]
    assert len(requirements) > 20
    assert pins.count("==") == len(requirements)
    assert all(line.endswith("\\") for line in requirements)


def test_no_file_contains_a_path_of_this_machine() -> None:
    files = list_project_files()
    assert len(files) > 500
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in files}
    found = [path for path, text in texts.items() if f"{ROOT}/" in text or f"{Path.home()}/" in text]
    assert found == []
