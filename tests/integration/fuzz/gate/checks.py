"""What every answer has to be. Importing this module registers the checks with schemathesis."""

from __future__ import annotations

import copy
import json
from typing import Any

import schemathesis
from schemathesis.specs.openapi import checks as stock

from . import bodies, contract

_TRACES = (b"Traceback (most recent call last)", b"Internal Server Error", b'File "/')


def _operation(case: schemathesis.Case) -> contract.Operation:
    return contract.operations()[case.operation.label]


def _media_type(response: schemathesis.Response) -> str:
    return response.headers.get("content-type", [""])[0].partition(";")[0].strip().lower()


def _answer(response: schemathesis.Response) -> dict[str, Any] | None:
    """The JSON object of an answer; None for bytes, and for what the schema's own check refuses."""
    if _media_type(response) != "application/json":
        return None
    try:
        answer = json.loads(response.content)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) and isinstance(answer.get("code"), int) else None


def _as_meant(response: schemathesis.Response) -> schemathesis.Response:
    """A copy of an answer, under the HTTP status that its code stands for."""
    answer = _answer(response)
    shadow = copy.copy(response)
    if answer is not None:
        shadow.status_code = contract.status_meant(answer["code"])
    return shadow


@schemathesis.check
def bad_requests_are_refused(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> bool | None:
    """A request that breaks its schema is refused with a code."""
    if bodies.is_meant_well(_operation(case), case.body):
        return None
    return stock.negative_data_rejection(ctx, _as_meant(response), case)


@schemathesis.check
def good_requests_are_taken(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> bool | None:
    """A request that conforms is not called unreadable or wrong; it may come at the wrong moment."""
    if not bodies.is_good(_operation(case), case.body):
        return None
    return stock.positive_data_acceptance(ctx, _as_meant(response), case)


@schemathesis.check
def code_is_documented(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """The code is one that the operation may answer, and never "unknown command"."""
    answer = _answer(response)
    if answer is None:
        return
    code = answer["code"]
    assert code != contract.UNKNOWN_COMMAND, f"{code}: a documented path and method is not known"
    assert _operation(case).documents(code), f"{code} is not documented for this operation"


@schemathesis.check
def data_goes_with_code(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """Code 0 comes with the data that the operation promises, an error comes without any."""
    answer = _answer(response)
    if answer is None:
        return
    code, data = answer["code"], answer.get("data")
    if code != 0:
        assert data is None, f"code {code} comes with data"
    elif _operation(case).carries_data:
        assert data is not None, "code 0 comes without data"


@schemathesis.check
def bytes_are_what_they_say(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """A picture is a whole JPEG, and what stands in the place of a file is an error."""
    if _media_type(response) == "image/jpeg":
        assert response.content.startswith(b"\xff\xd8\xff"), "a picture that does not start as a JPEG"
        assert response.content.endswith(b"\xff\xd9"), "a picture that does not end as a JPEG"
    elif case.operation.label in ("POST /api/get_image", "GET /download/{filename}"):
        answer = _answer(response)
        assert answer is None or answer["code"] != 0, "code 0 in the place of the bytes that were asked for"


@schemathesis.check
def server_holds(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """No HTTP status but 200 (the vendor documents no other), and nothing that looks like a crash."""
    assert response.status_code == 200, f"HTTP status {response.status_code}"
    for trace in _TRACES:
        assert trace not in response.content, f"the answer has {trace.decode()!r} in it"
