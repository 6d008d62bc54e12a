"""Reads the code blocks of a Markdown page and runs them as a reader would: each on its own, as printed.

HTML comments directly before a block say what is special about it:

- `<!-- served emulator -->`: a shell sequence whose commands share one emulator, served over HTTP. Other
  sequences run with `VISION_AI_URL=emulator:`, which gives each command a fresh emulator.
- `<!-- file: NAME -->`: the block is a file, as a block is that begins with `# NAME.py`. It lies in the folder of
  every other block of the page.
- `<!-- not run: REASON -->`: the block cannot run in a test: it needs root, hardware, or the network.
"""

from __future__ import annotations

import ipaddress
import os
import re
import subprocess
import sys
from pathlib import Path

from attrs import frozen
from markdown_it import MarkdownIt

SHELLS = {"sh", "bash", "shell", "console"}
PRINTED_URLS = ("http://172.22.0.6", "http://127.0.0.1:8172")
"""Where pages say a module or a served emulator is; replaced by the emulator of the test."""
UNSAFE_COMMAND = re.compile(r"(?:^|[;&|]\s*)(?:sudo|pip|make|apt|apt-get|docker|git|npm)\b", re.MULTILINE)
ADDRESS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
SECONDS = 60


@frozen
class Block:
    """A code block, and the line of the page on which it begins."""

    language: str
    text: str
    line: int
    comments: tuple[str, ...] = ()
    """Those directly before it."""

    @property
    def served(self) -> bool:
        return "served emulator" in self.comments

    @property
    def file(self) -> str | None:
        first_line = re.match(r"# (\w+\.py)\n", self.text)
        return first_line[1] if first_line else self._value("file")

    @property
    def reason_not_to_run(self) -> str | None:
        return self._value("not run")

    def _value(self, key: str) -> str | None:
        prefix = f"{key}:"
        return next((each[len(prefix) :].strip() for each in self.comments if each.startswith(prefix)), None)


def read_blocks(text: str) -> list[Block]:
    """Return the code blocks of a page, in order."""
    blocks: list[Block] = []
    comments: list[str] = []
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "html_block":
            comments += re.findall(r"<!--\s*(.*?)\s*-->", token.content, re.DOTALL)
            continue
        if token.type in ("fence", "code_block"):
            assert token.map is not None
            language = token.info.split()[0] if token.info else ""
            blocks.append(Block(language, token.content, token.map[0] + 1, tuple(comments)))
        comments = []
    return blocks


def run_python(block: Block, page: Path) -> None:
    """Execute a block in this process, in a namespace of its own; errors point at the page's lines."""
    source = "\n" * block.line + block.text
    exec(compile(source, str(page), "exec"), {"__name__": "__main__"})


def run_shell(block: Block, folder: Path, url: str) -> str:
    """Run a shell sequence until its first error. Returns its output; raises AssertionError when it fails."""
    if unsafe := UNSAFE_COMMAND.search(block.text):
        raise AssertionError(
            f"`{unsafe[0].strip()}` must not run in a test: mark the block `<!-- not run: … -->`"
        )
    text = block.text
    for printed in PRINTED_URLS:
        text = text.replace(printed, url)
    for address in ADDRESS.findall(re.sub(r"#.*", "", text)):
        if not ipaddress.ip_address(address).is_loopback:
            raise AssertionError(
                f"the block would send something to {address}: mark it `<!-- not run: … -->`"
            )
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "VISION_AI_URL": url,
    }
    run = subprocess.run(
        ["bash", "-e", "-u", "-o", "pipefail", "-c", text],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert run.returncode == 0, f"exit status {run.returncode}:\n{run.stdout}"
    return run.stdout


def write_files(blocks: list[Block], folder: Path) -> None:
    """Write the blocks that are files into a folder."""
    for block in blocks:
        if block.file is not None:
            (folder / block.file).write_text(block.text, encoding="utf-8")
