"""What the answers of a module have in common."""

import json
from typing import Protocol, TypeVar


class DeviceError(Exception):
    """The module's no. It arrives with HTTP 200: only its code tells it from a success."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the module answered {code}")
        self.code = code


class Answer(Protocol):
    code: int


AnswerT = TypeVar("AnswerT", bound=Answer)


def done(answer: AnswerT) -> AnswerT:
    """The answer, if its code is 0."""
    if answer.code != 0:
        raise DeviceError(answer.code)
    return answer


def data(answer):
    """What the answer has beside its code."""
    found = done(answer).data
    if found is None:
        raise ValueError("the module answered a success without data")
    return found


def file(body: bytes) -> bytes:
    """A body of bytes, in whose place an error may come as JSON (A10)."""
    if body.startswith(b"{"):
        try:
            code = json.loads(body)["code"]
        except (ValueError, KeyError):
            code = 0
        if code != 0:
            raise DeviceError(code)
    return bytes(body)
