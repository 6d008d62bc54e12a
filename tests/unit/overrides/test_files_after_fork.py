"""A child process leaves alone the file that its parent writes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vision_ai import Progress, VisionAI, VisionAIError
from vision_ai._files import open_pending

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning"),
]
GUARD = 20


def wait_for_child(child: int) -> None:
    assert os.waitpid(child, 0)[1] == 0


def end_child(function: Callable[[], object], expected: type[BaseException]) -> None:
    """Call the function in a child process, and end it there: with 0 where it raises what is expected."""
    signal.alarm(GUARD)
    try:
        function()
    except expected:
        os._exit(0)
    except BaseException:  # noqa: BLE001  # a child must not run the parent's tests
        os._exit(1)
    os._exit(2)


def test_a_child_that_ends_in_a_callback_leaves_the_parents_backup(tmp_path: Path) -> None:
    children: list[int] = []
    parent = os.getpid()

    def fork(step: Progress) -> None:
        if step.phase == "downloading" and step.done and not children:
            child = os.fork()
            if child == 0:
                sys.exit()
            children.append(child)
            wait_for_child(child)

    with VisionAI("emulator:") as module:
        module.learn(id="1", name="Apple", pictures=1)
        try:
            path = module.backup(tmp_path, poll=0.001, progress=fork)
        except SystemExit:
            if os.getpid() != parent:
                os._exit(0)
            raise
        finally:
            if os.getpid() != parent:
                os._exit(1)
        assert children
        module.restore(path, poll=0.001)
    assert list(tmp_path.iterdir()) == [path]


def test_the_file_of_the_parent_has_nothing_of_the_child(tmp_path: Path) -> None:
    with open_pending(tmp_path, "a.evo") as file:
        file.write(b"buffered ")
        child = os.fork()
        if child == 0:
            file.discard()
            os._exit(0)
        wait_for_child(child)
        file.write(b"by the parent")
    assert file.put_in_place(replace=False).read_bytes() == b"buffered by the parent"


@pytest.mark.parametrize("step", ["write", "finish", "put_in_place"])
def test_a_child_cannot_go_on_with_the_file(tmp_path: Path, step: str) -> None:
    with open_pending(tmp_path, "a.evo") as file:
        file.write(b"a backup")
        steps: dict[str, Callable[[], object]] = {
            "write": lambda: file.write(b" and more"),
            "finish": file.finish,
            "put_in_place": lambda: file.put_in_place(replace=True),
        }
        child = os.fork()
        if child == 0:
            end_child(steps[step], VisionAIError)
        wait_for_child(child)
    assert file.put_in_place(replace=False).read_bytes() == b"a backup"
