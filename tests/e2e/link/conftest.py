from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from link_bench import LinkBench, remove_what_dead_runs_left, why_not
from usb_tree import UsbTree


@pytest.fixture(scope="session")
def one_bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LinkBench]:
    reason = why_not()
    if reason is not None:
        # Where all must run, what cannot run has failed.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    remove_what_dead_runs_left()
    with LinkBench(tmp_path_factory.mktemp("bench")) as bench:
        yield bench


@pytest.fixture
def bench(one_bench: LinkBench) -> LinkBench:
    """Terminal and module on one cable; all is well."""
    one_bench.reset()
    return one_bench


@pytest.fixture
def usb(tmp_path) -> UsbTree:
    return UsbTree(tmp_path / "sys")
