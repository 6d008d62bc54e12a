"""How a device's answer is compared with that of a vector."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import imagesize
from vector_device import Answer, Device, Prepared
from vector_matching import difference

from vectors import content_of, header

OK = 200


def device_differences(vector: dict[str, Any], device: Device) -> list[str]:
    """What a device answers other than the vector says."""
    prepared = device.prepare(vector.get("device", {}))
    answers = [device.exchange(exchange["request"], prepared) for exchange in vector["exchanges"]]
    found = (
        answer_difference(exchange, answer, prepared)
        for exchange, answer in zip(vector["exchanges"], answers, strict=True)
    )
    return [each for each in found if each]


def answer_difference(exchange: dict[str, Any], got: Answer | None, prepared: Prepared) -> str:
    """Why an answer is not like the vector's; empty if it is."""
    response = exchange["response"]
    if "head" not in response or got is None:
        same = "head" not in response and got is None
        return "" if same else f"{got}, not {response}"
    status = int(response["head"][0].split(" ")[1])
    if got.status != status:
        return f"HTTP status {got.status}, not {status}"
    if status != OK:
        return ""  # its page is the device's own affair
    if got.content_type != header(response, "content-type"):
        return f"Content-Type {got.content_type!r}, not {header(response, 'content-type')!r}"
    return _body_difference(exchange, got, prepared)


def _body_difference(exchange: dict[str, Any], got: Answer, prepared: Prepared) -> str:
    answer = exchange.get("answer")
    kind = answer.get("$any") if isinstance(answer, dict) else None
    if kind in BODIES:
        return "" if BODIES[kind](got, answer) else f"{got} is not {answer}"
    if not got.whole:
        return f"{got} is cut short"
    wanted = prepared.put_in(content_of(exchange["response"]))
    if exchange.get("compare") == "bytes":
        return "" if got.body == wanted else f"{got.body!r}, not {wanted!r}"
    if answer is not None:
        wanted = prepared.put_in(json.dumps(answer, ensure_ascii=False).encode())
    return difference(json.loads(wanted), json.loads(got.body))


def _is_jpeg(got: Answer, answer: dict[str, Any]) -> bool:
    size = (answer["width"], answer["height"])
    return got.whole and got.body.startswith(b"\xff\xd8\xff") and imagesize.get(BytesIO(got.body)) == size


BODIES: dict[str, Callable[[Answer, dict[str, Any]], bool]] = {
    "bytes": lambda got, _: got.whole and len(got.body) > 0,
    "jpeg": _is_jpeg,
    "jpeg-start": lambda got, _: got.body.startswith(b"\xff\xd8\xff") and b"\xff\xd9" not in got.body,
    "cut-short": lambda got, _: not got.whole,
    "half": lambda got, _: got.whole and not got.body.endswith(b"}"),
}
"""What a whole body may be like, where its bytes are the device's own affair."""
