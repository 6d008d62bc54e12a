"""Checks for all responses. The import of this module registers them with schemathesis."""

from __future__ import annotations

import copy
import json
from typing import Any

import schemathesis
from schemathesis.specs.openapi import checks as standard

from . import bodies, contract

_TRACES = (b"Traceback (most recent call last)", b"Internal Server Error", b'File "/')


def _operation(case: schemathesis.Case) -> contract.Operation:
    return contract.find(case.operation.schema.raw_schema).operations[case.operation.label]


def _media_type(response: schemathesis.Response) -> str:
    return response.headers.get("content-type", [""])[0].partition(";")[0].strip().lower()


def _parse(response: schemathesis.Response) -> dict[str, Any] | None:
    """Return the JSON object of a response, or None for bytes and for JSON that violates the schema."""
    if _media_type(response) != "application/json":
        return None
    try:
        content = json.loads(response.content)
    except ValueError:
        return None
    return content if isinstance(content, dict) and isinstance(content.get("code"), int) else None


def _with_status(response: schemathesis.Response, operation: contract.Operation) -> schemathesis.Response:
    """Copy a response, with the HTTP status that corresponds to its code."""
    content = _parse(response)
    copied = copy.copy(response)
    if content is not None:
        copied.status_code = operation.contract.status_of(content["code"])
    return copied


@schemathesis.check
def invalid_requests_are_rejected(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> bool | None:
    """An invalid request is rejected with a code."""
    if bodies.is_valid_with_aliases(_operation(case), case.body):
        return None
    return standard.negative_data_rejection(ctx, _with_status(response, _operation(case)), case)


@schemathesis.check
def valid_requests_are_accepted(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> bool | None:
    """A valid request is not rejected as invalid. It may fail because of the state of the module."""
    if not bodies.is_valid(_operation(case), case.body):
        return None
    return standard.positive_data_acceptance(ctx, _with_status(response, _operation(case)), case)


@schemathesis.check
def code_is_documented(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """The code is documented for the operation, and never "unknown command"."""
    content = _parse(response)
    if content is None:
        return
    code = content["code"]
    assert code != contract.UNKNOWN_COMMAND, f"{code}: a documented path is unknown"
    assert _operation(case).documents(code), f"{code} is not documented for this operation"


@schemathesis.check
def data_matches_code(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """A success has the data of the operation, and an error has no data."""
    content = _parse(response)
    if content is None:
        return
    code, data = content["code"], content.get("data")
    if code != 0:
        assert data is None, f"code {code} with data"
    elif _operation(case).carries_data:
        assert data is not None, "code 0 without data"


@schemathesis.check
def bytes_match_content_type(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """A picture is a complete JPEG, and JSON instead of bytes is an error."""
    if _media_type(response) == "image/jpeg":
        assert response.content.startswith(b"\xff\xd8\xff"), "the picture does not start like a JPEG"
        assert response.content.endswith(b"\xff\xd9"), "the picture does not end like a JPEG"
    elif _operation(case).returns_bytes:
        content = _parse(response)
        assert content is None or content["code"] != 0, "code 0 instead of the requested bytes"


@schemathesis.check
def no_server_error(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """The HTTP status is 200, the only documented one, and the response contains no traceback."""
    assert response.status_code == 200, f"HTTP status {response.status_code}"
    for trace in _TRACES:
        assert trace not in response.content, f"the response contains {trace.decode()!r}"
