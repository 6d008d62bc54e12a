"""The steps of the scenarios, and the responses of the emulator that prove them.

Each version of the API has a scenario. It prints a line for each step: the name of the step, a colon, and the result.
"""

from __future__ import annotations

import re
from typing import Literal

from attrs import frozen

Api = Literal["v1", "v2"]

SUCCESS = 0
BYTES = None
FILE_NOT_FOUND = -6202
PARAMETER_ERROR = -6213

Response = tuple[str, int | None]
"""The name of an operation in the log of the emulator, and the code of the response."""


@frozen
class Step:
    name: str
    proof: frozenset[Response]

    def find_result(self, output: str) -> str:
        """Return the printed result, or "" if the scenario did not print one."""
        line = re.search(rf"^{self.name}: (.*\S)\s*$", output, re.MULTILINE)
        return line[1] if line else ""

    def find_problem(self, output: str, responses: set[Response]) -> str:
        """Return why the step did not succeed, or "" if it did."""
        if not self.find_result(output):
            return "the scenario did not print a result"
        missing = sorted(operation for operation, _ in self.proof - responses)
        return f"the emulator has no successful {', '.join(missing)}" if missing else ""


def _step(name: str, *operations: str, code: int | None = SUCCESS, and_bytes: str = "") -> Step:
    proof: set[Response] = {(operation, code) for operation in operations}
    return Step(name, frozenset(proof | ({(and_bytes, BYTES)} if and_bytes else set())))


STEPS: dict[Api, tuple[Step, ...]] = {
    "v1": (
        _step("device", "get_device_info"),
        _step("picture", and_bytes="get_image"),
        _step("calibration", "set_calib", "get_calib"),
        _step("recognition", "register_item", "commit_registered_item", "get_result", "result_feedback"),
        _step("backup", "start_backup", "get_backup_status", and_bytes="download"),
        _step("restore", "start_restore", "get_restore_status"),
        _step("error", "commit_registered_item", code=FILE_NOT_FOUND),
    ),
    "v2": (
        _step("device", "get_device_info"),
        _step("picture", and_bytes="get_image"),
        _step("teaching", "add_item_template", "get_item_template_list"),
        _step("recognition", "get_result"),
        _step("deletion", "delete_item_template"),
        _step("error", "set_calib", code=PARAMETER_ERROR),
    ),
}
