"""Decode a response where the library stops at HTTP: check the status and the code, build a model.

The models are plain classes: an import of dataclasses or attrs would count as the contender's own.
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


class ModuleError(Exception):
    """The module returned an error."""


def check_status(status: int) -> None:
    if status != 200:
        raise ModuleError(f"HTTP status {status}")


def check_code(response: dict) -> None:
    if response["code"] != 0:
        raise ModuleError(f"code {response['code']}")


def decode_recognition(response: dict) -> Recognition:
    check_code(response)
    data = response["data"]
    return Recognition(data["sid"], [Guess(item["id"], item["score"]) for item in data["items"]])


def parse_recognition(status: int, content: bytes | str) -> Recognition:
    check_status(status)
    return decode_recognition(json.loads(content))


def parse_restore(status: int, content: bytes | str) -> None:
    check_status(status)
    check_code(json.loads(content))
