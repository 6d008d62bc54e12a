"""Checks of responses."""

import json
from typing import Protocol, TypeVar


class DeviceError(Exception):
    """An error that the module returned. Its HTTP status is 200 too; only the code differs."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the module returned code {code}")
        self.code = code


class Response(Protocol):
    code: int


ResponseT = TypeVar("ResponseT", bound=Response)


def check(response: ResponseT) -> ResponseT:
    """Check the code of a response."""
    if response.code != 0:
        raise DeviceError(response.code)
    return response


def read_data(response):
    """Check the code of a response, and return its data."""
    data = check(response).data
    if data is None:
        raise ValueError("the module returned a success without data")
    return data


def read_bytes(body: bytes) -> bytes:
    """Return the body of a binary response, which can be a JSON error instead (A10)."""
    if body.startswith(b"{"):
        try:
            code = json.loads(body)["code"]
        except (ValueError, KeyError):
            code = 0
        if code != 0:
            raise DeviceError(code)
    return bytes(body)
