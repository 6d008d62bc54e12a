"""What a scenario does, and which answers of the emulator prove that it did.

A scenario prints a line for each step that it has done: the step's name, a colon, and what came of it.
"""

from __future__ import annotations

import re

from attrs import frozen

SUCCESS = 0
BYTES = None
FILE_NOT_FOUND = -6202

Answer = tuple[str, int | None]
"""An operation, as the emulator's log calls it, and the code of its answer."""


@frozen
class Step:
    name: str
    proof: frozenset[Answer]

    def told(self, output: str) -> str:
        """What came of it, empty where the scenario did not come that far."""
        line = re.search(rf"^{self.name}: (.*\S)\s*$", output, re.MULTILINE)
        return line[1] if line else ""

    def doubt(self, output: str, answers: set[Answer]) -> str:
        """Why it cannot be taken for done, empty where it can."""
        if not self.told(output):
            return "the scenario says nothing of it"
        unseen = sorted(operation for operation, _ in self.proof - answers)
        return f"the emulator saw no good {', '.join(unseen)}" if unseen else ""


def _step(name: str, *operations: str, code: int | None = SUCCESS, and_bytes: str = "") -> Step:
    proof: set[Answer] = {(operation, code) for operation in operations}
    return Step(name, frozenset(proof | ({(and_bytes, BYTES)} if and_bytes else set())))


STEPS = (
    _step("device", "get_device_info"),
    _step("picture", and_bytes="get_image"),
    _step("calibration", "set_calib", "get_calib"),
    _step("recognition", "register_item", "commit_registered_item", "get_result", "result_feedback"),
    _step("backup", "start_backup", "get_backup_status", and_bytes="download"),
    _step("restore", "start_restore", "get_restore_status"),
    _step("error", "commit_registered_item", code=FILE_NOT_FOUND),
)
