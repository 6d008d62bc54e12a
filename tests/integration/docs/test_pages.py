"""Every Python snippet and shell sequence of README.md, docs/ and the emulator's pages runs on its own, as printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_blocks import SHELLS, Block, read_blocks, run_python, run_shell, write_files

from vision_ai_emulator import Emulator, serve

ROOT = Path(__file__).parents[3]
EMULATOR = ROOT / "emulator" / "vision_ai_emulator"
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    EMULATOR / "V2.md",
    ROOT / "website" / "index.md",
]
BLOCKS = {page: read_blocks(page.read_text(encoding="utf-8")) for page in PAGES}


def blocks_in(languages: set[str]) -> list[object]:
    return [
        pytest.param(page, block, id=f"{page.relative_to(ROOT)}:{block.line}")
        for page, blocks in BLOCKS.items()
        for block in blocks
        if block.language in languages and block.reason_not_to_run is None
    ]


@pytest.fixture
def emulator() -> Emulator:
    """A module with an apple on its pan, whose backups and restores take no time."""
    return Emulator(pace="immediate", reboot_seconds=0.2)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("page", "block"), blocks_in({"python"}))
def test_a_python_snippet_runs_on_its_own(
    page: Path,
    block: Block,
    emulator: Emulator,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    nothing_leaves_this_computer: None,
) -> None:
    write_files(BLOCKS[page], folder)
    if block.file is not None:
        compile(block.text, block.file, "exec")
        return
    monkeypatch.setenv("VISION_AI_URL", emulator.url)
    run_python(block, page)


@pytest.mark.parametrize(("page", "block"), blocks_in(SHELLS))
def test_a_shell_sequence_runs_on_its_own(page: Path, block: Block, emulator: Emulator, folder: Path) -> None:
    write_files(BLOCKS[page], folder)
    if not block.served:
        run_shell(block, folder, "emulator:")
        return
    with serve(emulator) as url:
        run_shell(block, folder, url)


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_code_block_names_its_language(page: Path) -> None:
    without = [block.line for block in BLOCKS[page] if not block.language]
    assert not without, f"code blocks without a language on lines {without}; use `text` for output"


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_block_that_does_not_run_has_a_reason(page: Path) -> None:
    assert "" not in [block.reason_not_to_run for block in BLOCKS[page]]
