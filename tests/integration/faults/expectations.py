"""Which faults there are, and what must come out of a call that meets one.

Written from what the SDK promises of its errors, not from what it does.
"""

from __future__ import annotations

from typing import Literal

from attrs import Factory, frozen
from subjects import Subject

from vision_ai_emulator import Fault

FINE = "fine"
LONG = 30.0
"""Seconds; beyond every deadline of the matrix."""

Lasting = Literal["always", "once"]


@frozen
class Trouble:
    """A kind of fault with its parameters, aimed at the subject's target or at everything."""

    name: str
    kind: str
    parameters: dict[str, object] = Factory(dict)
    everywhere: bool = False
    """Not aimed at one operation."""
    before: bool = False
    """Hits a call that goes before on the same connection, instead of the subject's."""
    only: frozenset[Lasting] = frozenset({"always", "once"})

    def fault(self, subject: Subject, lasting: Lasting) -> Fault:
        times = None if lasting == "always" else 1
        operation = None if self.everywhere else "get_calib" if self.before else subject.target
        return Fault(self.kind, operation, times, **self.parameters)  # type: ignore[arg-type]


ALWAYS: frozenset[Lasting] = frozenset({"always"})
ONCE: frozenset[Lasting] = frozenset({"once"})

TROUBLES: tuple[Trouble, ...] = (
    Trouble("port closed", "refuse", everywhere=True, only=ALWAYS),
    Trouble("reset at the head", "refuse"),
    Trouble("slow first byte", "slow_first_byte", {"seconds": LONG}),
    Trouble("error code", "error_code", {"code": -6210}),
    Trouble("error code -65xx", "error_code", {"code": -6510}, only=ALWAYS),
    Trouble("HTTP 500", "http_status", {"status": 500}),
    Trouble("HTTP 502", "http_status", {"status": 502}, only=ALWAYS),
    Trouble("HTTP 404", "http_status", {"status": 404}),
    Trouble("dropped, not done", "drop_before_answer", {"acted": False}),
    Trouble("dropped, done", "drop_before_answer", {"acted": True}),
    Trouble("reset, done", "drop_before_answer", {"acted": True, "ending": "reset"}),
    Trouble("reboot before", "reboot", {"seconds": 0.3}, only=ONCE),
    Trouble("reboot after", "reboot", {"seconds": 0.3, "acted": True}, only=ONCE),
    Trouble("job fails", "job_fails", only=ALWAYS),
    Trouble("dropped in the answer", "drop_mid_answer"),
    Trouble("reset in the answer", "drop_mid_answer", {"ending": "reset"}),
    Trouble("JSON cut", "truncated_json"),
    Trouble("picture cut", "truncated_picture"),
    Trouble("trailing comma", "trailing_comma", only=ALWAYS),
    Trouble("wrong content type", "wrong_content_type", only=ALWAYS),
    Trouble("no content type", "no_content_type", only=ALWAYS),
    Trouble("length too large", "content_length_too_large"),
    Trouble("length too large, silence", "content_length_too_large", {"ending": "silence"}),
    Trouble("length too small", "content_length_too_small"),
    Trouble("without end", "endless", only=ALWAYS),
    Trouble("slow body", "slow_body", {"seconds": LONG}),
    Trouble("stale, noticed", "stale_keep_alive", {"ending": "at_once"}, before=True, only=ONCE),
    Trouble("stale, reset", "stale_keep_alive", {"ending": "reset"}, before=True, only=ONCE),
    Trouble("stale, silent", "stale_keep_alive", {"ending": "silence"}, before=True, only=ONCE),
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
"""Calls that get no answer, and as what an error of the last try tells it."""
STATUS_QUESTIONS = {"get_backup_status", "get_restore_status"}


def expected(subject: Subject, trouble: Trouble, lasting: Lasting) -> set[str]:
    """The class names of errors that are right, and `FINE` where the call may succeed."""
    if trouble.name in HARMLESS:
        return {FINE}
    outcome = _of_one_call(subject, trouble, lasting)
    if subject.name.startswith("wait_until_ready"):
        # It asks until it is answered: what lasts comes out as not reachable, all else passes.
        passes = lasting == "once" or outcome == {FINE}
        silent = LOST.get(trouble.name) == "AnswerTimeoutError"  # one question may take all the time there is
        return {FINE, "UnreachableError"} if passes and silent else {FINE} if passes else {"UnreachableError"}
    return outcome


def _of_one_call(subject: Subject, trouble: Trouble, lasting: Lasting) -> set[str]:
    if trouble.name in LOST:
        if subject.target == "reboot" and LOST[trouble.name] == "AnswerTimeoutError":
            return {"AnswerTimeoutError", "AnswerLostError"}  # it restarts before the answer's time has come
        if trouble.before and subject.name.startswith(("backup", "restore")):
            return {LOST[trouble.name]}  # whose first step must not be repeated
        # Once is tried again where that is safe; a file's transfer may need all of its time for one try.
        if lasting == "once" and subject.repeatable:
            patient = subject.answer == "file" and subject.workflow
            slow = LOST[trouble.name] == "AnswerTimeoutError"
            return {FINE, "AnswerTimeoutError"} if patient and slow else {FINE}
        return {LOST[trouble.name]}
    match trouble.name:
        case "port closed":
            return {"UnreachableError"}
        case "error code":
            return {"TransferError"} if _a_workflows_status(subject) else {"InternalError"}
        case "error code -65xx":
            return {"TransferError"} if _a_workflows_status(subject) else {"EngineError"}
        case "HTTP 404" if subject.target == "start_restore" and lasting == "once":
            return {FINE}  # the second path (A3) knows it
        case "HTTP 500" | "HTTP 502" | "HTTP 404" | "JSON cut" | "picture cut":
            return {"InvalidAnswerError"}
        case "length too small" if subject.answer == "file" and lasting == "once":
            return {FINE}  # lost, and so tried again
        case "length too small":
            # A file that is cut without a sign of it must at least not be taken for a whole one.
            return (
                {"AnswerLostError"} if subject.answer == "file" else {"InvalidAnswerError", "AnswerLostError"}
            )
        case "without end":
            return {"InvalidAnswerError", "AnswerTimeoutError"}
        case "job fails":
            return {"TransferError"} if subject.workflow else {FINE}
        case "reboot before" | "reboot after":
            return _around_a_reboot(subject)
    raise AssertionError(f"nothing is expected of {trouble.name!r}")


def _a_workflows_status(subject: Subject) -> bool:
    return subject.workflow and subject.target in STATUS_QUESTIONS


def _around_a_reboot(subject: Subject) -> set[str]:
    """Lost at first; the further tries find nobody, or a device that has forgotten what was going on."""
    if not subject.repeatable:
        return {"AnswerLostError"}
    if _a_workflows_status(subject):
        return {"TransferError", "UnreachableError", FINE}
    return {FINE, "UnreachableError"}
