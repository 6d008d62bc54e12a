"""What a careful programmer makes of an answer by hand: status, code, model.

The models are plain classes: dataclasses or attrs would be counted as the import of those who use this.
"""

import json


class Guess:
    __slots__ = ("id", "score")

    def __init__(self, id: str, score: float) -> None:
        self.id = id
        self.score = score


class Recognition:
    __slots__ = ("items", "sid")

    def __init__(self, sid: str, items: list[Guess]) -> None:
        self.sid = sid
        self.items = items


class ModuleSaidNoError(Exception):
    pass


def check_status(status: int) -> None:
    if status != 200:
        raise ModuleSaidNoError(f"HTTP status {status}")


def checked_data(answer: dict) -> dict:
    if answer["code"] != 0:
        raise ModuleSaidNoError(f"code {answer['code']}")
    return answer["data"]


def recognition_of(answer: dict) -> Recognition:
    data = checked_data(answer)
    return Recognition(data["sid"], [Guess(item["id"], item["score"]) for item in data["items"]])


def check_restore(answer: dict) -> None:
    if answer["code"] != 0:
        raise ModuleSaidNoError(f"code {answer['code']}")


def read_recognition(status: int, content: bytes | str) -> Recognition:
    check_status(status)
    return recognition_of(json.loads(content))


def read_restore(status: int, content: bytes | str) -> None:
    check_status(status)
    check_restore(json.loads(content))
