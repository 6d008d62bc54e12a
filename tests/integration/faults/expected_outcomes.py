"""The faults, and the outcome of each call that meets one.

Written from what the SDK documents of its errors, not from what it does.
"""

from __future__ import annotations

from typing import Literal

from attrs import Factory, frozen
from call_cases import CallCase

from vision_ai_emulator import Fault

SUCCESS = "success"
LONG = 30.0
"""Seconds; beyond every deadline of the matrix."""

Repetition = Literal["always", "once"]


@frozen
class FaultCase:
    """A kind of fault with its parameters, for the operation of a call or for everything."""

    name: str
    kind: str
    parameters: dict[str, object] = Factory(dict)
    everywhere: bool = False
    """Whether the fault affects every operation."""
    before: bool = False
    """Whether the fault affects the call before, on the same connection, instead of the call itself."""
    only: frozenset[Repetition] = frozenset({"always", "once"})

    def fault(self, call_case: CallCase, repetition: Repetition) -> Fault:
        times = None if repetition == "always" else 1
        operation = None if self.everywhere else call_case.earlier if self.before else call_case.target
        return Fault(self.kind, operation, times, **self.parameters)  # type: ignore[arg-type]


ALWAYS: frozenset[Repetition] = frozenset({"always"})
ONCE: frozenset[Repetition] = frozenset({"once"})

FAULT_CASES: tuple[FaultCase, ...] = (
    FaultCase("port closed", "refuse", everywhere=True, only=ALWAYS),
    FaultCase("reset at the head", "refuse"),
    FaultCase("slow first byte", "slow_first_byte", {"seconds": LONG}),
    FaultCase("error code", "error_code", {"code": -6210}),
    FaultCase("error code -65xx", "error_code", {"code": -6510}, only=ALWAYS),
    FaultCase("HTTP 500", "http_status", {"status": 500}),
    FaultCase("HTTP 502", "http_status", {"status": 502}, only=ALWAYS),
    FaultCase("HTTP 404", "http_status", {"status": 404}),
    FaultCase("dropped, not done", "drop_before_answer", {"acted": False}),
    FaultCase("dropped, done", "drop_before_answer", {"acted": True}),
    FaultCase("reset, done", "drop_before_answer", {"acted": True, "ending": "reset"}),
    FaultCase("reboot before", "reboot", {"seconds": 0.3}, only=ONCE),
    FaultCase("reboot after", "reboot", {"seconds": 0.3, "acted": True}, only=ONCE),
    FaultCase("job fails", "job_fails", only=ALWAYS),
    FaultCase("dropped in the answer", "drop_mid_answer"),
    FaultCase("reset in the answer", "drop_mid_answer", {"ending": "reset"}),
    FaultCase("JSON cut", "truncated_json"),
    FaultCase("picture cut", "truncated_picture"),
    FaultCase("trailing comma", "trailing_comma", only=ALWAYS),
    FaultCase("wrong content type", "wrong_content_type", only=ALWAYS),
    FaultCase("no content type", "no_content_type", only=ALWAYS),
    FaultCase("length too large", "content_length_too_large"),
    FaultCase("length too large, silence", "content_length_too_large", {"ending": "silence"}),
    FaultCase("length too small", "content_length_too_small"),
    FaultCase("without end", "endless", only=ALWAYS),
    FaultCase("slow body", "slow_body", {"seconds": LONG}),
    FaultCase("stale, noticed", "stale_keep_alive", {"ending": "at_once"}, before=True, only=ONCE),
    FaultCase("stale, reset", "stale_keep_alive", {"ending": "reset"}, before=True, only=ONCE),
    FaultCase("stale, silent", "stale_keep_alive", {"ending": "silence"}, before=True, only=ONCE),
)

HARMLESS = {"trailing comma", "wrong content type", "no content type", "stale, noticed"}
LOST = {
    "reset at the head": "AnswerLostError",
    "dropped, not done": "AnswerLostError",
    "dropped, done": "AnswerLostError",
    "reset, done": "AnswerLostError",
    "dropped in the answer": "AnswerLostError",
    "reset in the answer": "AnswerLostError",
    "length too large": "AnswerLostError",
    "length too large, silence": "AnswerTimeoutError",
    "slow first byte": "AnswerTimeoutError",
    "slow body": "AnswerTimeoutError",
    "stale, reset": "AnswerLostError",
    "stale, silent": "AnswerTimeoutError",
}
"""Faults that lose the response, and the error of the last try."""
SECONDARY = {"wait_until_ready": {"set_time"}, "stopped learn": {"delete_item_template"}}
"""The steps of workflows whose failure changes nothing in their outcome."""
STATUS_OPERATIONS = {"get_backup_status", "get_restore_status"}


def expected_for(call_case: CallCase, fault_case: FaultCase, repetition: Repetition) -> set[str]:
    """Return the class names of the allowed errors, and `SUCCESS` where the call may succeed."""
    if fault_case.name in HARMLESS:
        return {SUCCESS}
    if not fault_case.before and call_case.target in SECONDARY.get(call_case.name.partition(",")[0], ()):
        # The workflow has done its work before, and only notes the failure.
        return {"UnreachableError"} if fault_case.everywhere else {SUCCESS}
    outcome = _outcomes_of_one_call(call_case, fault_case, repetition)
    if call_case.name.startswith("wait_until_ready"):
        # It polls until it gets a response: a lasting fault makes the module unreachable, others pass.
        passes = repetition == "once" or outcome == {SUCCESS}
        silent = LOST.get(fault_case.name) == "AnswerTimeoutError"  # one poll may take all the time
        return (
            {SUCCESS, "UnreachableError"}
            if passes and silent
            else {SUCCESS}
            if passes
            else {"UnreachableError"}
        )
    return outcome


def _outcomes_of_one_call(call_case: CallCase, fault_case: FaultCase, repetition: Repetition) -> set[str]:
    if fault_case.before and call_case.name.startswith(("learn", "stopped learn")):
        return {SUCCESS}  # it begins with a list, which is repeated
    if fault_case.name in LOST:
        if call_case.target == "reboot" and LOST[fault_case.name] == "AnswerTimeoutError":
            return {"AnswerTimeoutError", "AnswerLostError"}  # it restarts before the timeout
        if fault_case.before and call_case.name.startswith(("backup", "restore")):
            return {LOST[fault_case.name]}  # the first step must not be repeated
        if _is_status_of_workflow(call_case):
            return _outcomes_of_polling(repetition)
        # A call is repeated where that is safe; a transfer may need all of its time for one try.
        if repetition == "once" and call_case.repeatable:
            needs_all_its_time = call_case.response_kind == "file" and call_case.workflow
            slow = LOST[fault_case.name] == "AnswerTimeoutError"
            return {SUCCESS, "AnswerTimeoutError"} if needs_all_its_time and slow else {SUCCESS}
        return {LOST[fault_case.name]}
    match fault_case.name:
        case "HTTP 500" | "HTTP 502" if _is_status_of_workflow(call_case):
            return _outcomes_of_polling(repetition)
        case "port closed":
            return {"UnreachableError"}
        case "error code":
            return {"TransferError"} if _is_status_of_workflow(call_case) else {"InternalError"}
        case "error code -65xx":
            return {"TransferError"} if _is_status_of_workflow(call_case) else {"EngineError"}
        case "HTTP 404" if call_case.target == "start_restore" and repetition == "once":
            return {SUCCESS}  # the second path (A3) knows it
        case "HTTP 404" if call_case.api == "auto" and call_case.effect == "read":
            return {"CommandError"}  # the module knows neither form (B1): what it returned first
        case "HTTP 500" | "HTTP 502" | "HTTP 404" | "JSON cut" | "picture cut":
            return {"InvalidAnswerError"}
        case "length too small" if call_case.response_kind == "file" and repetition == "once":
            return {SUCCESS}  # lost, so it is repeated
        case "length too small":
            # A truncated file must not be accepted as complete.
            return (
                {"AnswerLostError"}
                if call_case.response_kind == "file"
                else {"InvalidAnswerError", "AnswerLostError"}
            )
        case "without end":
            return {"InvalidAnswerError", "AnswerTimeoutError"}
        case "job fails":
            return {"TransferError"} if call_case.workflow else {SUCCESS}
        case "reboot before" | "reboot after":
            return _outcomes_around_a_reboot(call_case)
    raise AssertionError(f"no outcome is listed for {fault_case.name!r}")


def _outcomes_of_polling(repetition: Repetition) -> set[str]:
    """Return the outcomes of a workflow whose status cannot be asked for: it asks until its time is up."""
    return {SUCCESS, "AnswerTimeoutError"} if repetition == "once" else {"AnswerTimeoutError"}


def _is_status_of_workflow(call_case: CallCase) -> bool:
    return call_case.workflow and call_case.target in STATUS_OPERATIONS


def _outcomes_around_a_reboot(call_case: CallCase) -> set[str]:
    """Return the outcomes after a loss whose later tries find no device, or one that has lost its task."""
    if not call_case.repeatable:
        return {"AnswerLostError"}
    if _is_status_of_workflow(call_case):
        return {"TransferError", "AnswerTimeoutError", SUCCESS}
    return {SUCCESS, "UnreachableError"}
