from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from network_lab import NetworkLab, explain_unavailability, remove_stale_namespaces
from preloaded_program import PreloadedProgram
from shared_usb_tree import UsbTree


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PreloadedProgram]:
    program = PreloadedProgram(tmp_path_factory.mktemp("program"))
    yield program
    program.close()


@pytest.fixture(scope="session")
def shared_lab(tmp_path_factory: pytest.TempPathFactory, program: PreloadedProgram) -> Iterator[NetworkLab]:
    reason = explain_unavailability()
    if reason is not None:
        # CI must run these tests.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    remove_stale_namespaces()
    with NetworkLab(tmp_path_factory.mktemp("lab"), program) as lab:
        yield lab


@pytest.fixture
def lab(shared_lab: NetworkLab) -> NetworkLab:
    """A terminal and a module, connected and configured."""
    shared_lab.reset()
    return shared_lab


@pytest.fixture
def usb(tmp_path: Path) -> UsbTree:
    return UsbTree(tmp_path / "sys")
