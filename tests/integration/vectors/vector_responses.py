"""Compare the responses of a device with those of a vector. Each difference is a message."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image
from vector_device import Device, Placeholders, Response
from vector_matching import find_difference

from vectors import api_of, content_of, header

OK = 200


def find_device_differences(vector: dict[str, Any], device: Device) -> list[str]:
    """Send the requests of a vector to a device, and compare the responses."""
    placeholders = device.prepare(vector.get("device", {}), api_of(vector))
    responses = [device.exchange(exchange["request"], placeholders) for exchange in vector["exchanges"]]
    differences = (
        _find_response_difference(exchange, response, placeholders)
        for exchange, response in zip(vector["exchanges"], responses, strict=True)
    )
    return [each for each in differences if each]


def _find_response_difference(
    exchange: dict[str, Any], got: Response | None, placeholders: Placeholders
) -> str:
    response = exchange["response"]
    if "head" not in response or got is None:
        same = "head" not in response and got is None
        return "" if same else f"{got}, not {response}"
    status = int(response["head"][0].split(" ")[1])
    if got.status != status:
        return f"HTTP status {got.status}, not {status}"
    if status != OK:
        return ""  # its body is not specified
    if got.content_type != header(response, "content-type"):
        return f"Content-Type {got.content_type!r}, not {header(response, 'content-type')!r}"
    return _find_body_difference(exchange, got, placeholders)


def _find_body_difference(exchange: dict[str, Any], got: Response, placeholders: Placeholders) -> str:
    answer = exchange.get("answer")
    kind = answer.get("$any") if isinstance(answer, dict) else None
    if kind in BODIES:
        return "" if BODIES[kind](got, answer) else f"{got} is not {answer}"
    if not got.complete:
        return f"{got} is truncated"
    expected = placeholders.replace(content_of(exchange["response"]))
    if exchange.get("compare") == "bytes":
        return "" if got.body == expected else f"{got.body!r}, not {expected!r}"
    if answer is not None:
        expected = placeholders.replace(json.dumps(answer, ensure_ascii=False).encode())
    return find_difference(json.loads(expected), json.loads(got.body))


def _is_jpeg(got: Response, answer: dict[str, Any]) -> bool:
    size = (answer["width"], answer["height"])
    return (
        got.complete and got.body.startswith(b"\xff\xd8\xff") and Image.open(BytesIO(got.body)).size == size
    )


BODIES: dict[str, Callable[[Response, dict[str, Any]], bool]] = {
    "bytes": lambda got, _: got.complete and len(got.body) > 0,
    "jpeg": _is_jpeg,
    "jpeg-start": lambda got, _: got.body.startswith(b"\xff\xd8\xff") and b"\xff\xd9" not in got.body,
    "cut-short": lambda got, _: not got.complete,
    "half": lambda got, _: got.complete and not got.body.endswith(b"}"),
}
"""Checks for whole bodies whose bytes are not specified."""
