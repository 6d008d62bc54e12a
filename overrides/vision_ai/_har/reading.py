"""A HAR file of anyone's → the requests that it holds, each with its answer."""

from __future__ import annotations

import binascii
import io
import json
import re
from base64 import b64decode
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from attrs import frozen

from .file import opened_log, whole_entries
from .left_out import FormDigest, boundary_of

NO_HEADERS_OF_A_REPLAY = frozenset(
    {"content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive"}
)
"""A recording's content is whole and decoded, whatever it was on its way."""

_TARGET = re.compile(r".*?(/(?:api|download)/.*)", re.DOTALL)


@frozen
class Asked:
    """What tells a request from others: its method, its path and what its body says."""

    method: str
    path: str
    body: str | None
    """JSON in one spelling, the digest of a file, any other text; "" for none, None for a body that was not
    recorded, which is like any other."""

    def __str__(self) -> str:
        body = "a body that was not recorded" if self.body is None else self.body
        shortened = body if len(body) <= 200 else f"{body[:199]}…"
        return f"{self.method} {self.path} {shortened}".rstrip()


@frozen
class Answered:
    """What came back: an answer, or a failure, or the beginning of an answer and then a failure."""

    status: int
    reason: bytes
    headers: list[tuple[bytes, bytes]]
    content: bytes | None
    """None where the recording was made without contents."""
    failure: str | None


def asked(method: str, url: str, body: str | None) -> Asked:
    """A request, wherever it goes: hosts and what stands before the module's own paths do not count."""
    parts = urlsplit(url)
    path = unquote(parts.path) or "/"
    inside = _TARGET.fullmatch(path)
    query = f"?{parts.query}" if parts.query else ""
    return Asked(method.upper(), (inside[1] if inside else path) + query, body)


def said(content: bytes) -> str:
    """What a body that is no form says."""
    try:
        return json.dumps(json.loads(content), sort_keys=True, ensure_ascii=False)
    except (ValueError, RecursionError):
        return content.decode(errors="backslashreplace")


def said_by_form(form: FormDigest) -> str:
    """What a form says that has passed."""
    form.finish()
    return f"file with SHA-256 {form.file.identity}"


def read_recording(path: Path) -> list[tuple[Asked, Answered]]:
    """All requests with their answers, in the order of the file.

    Raises OSError where the file cannot be read, ValueError where it is no HAR.
    """
    log = _log(path)
    entries = log.get("entries")
    if not isinstance(entries, list):
        raise ValueError(f"{path} is no HAR: its log has no entries")
    held: list[tuple[Asked, Answered]] = []
    for number, entry in enumerate(cast("list[Any]", entries), 1):
        try:
            held.append((_asked(entry["request"]), _answered(entry["response"])))
        except KeyError as error:
            raise ValueError(f"{path} is no HAR: entry {number} has no {error.args[0]!r}") from None
        except (TypeError, ValueError, AttributeError, binascii.Error) as error:
            raise ValueError(f"{path} is no HAR: entry {number}: {error}") from None
    return held


def _log(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    try:
        log = cast("dict[str, Any]", json.loads(data.decode("utf-8-sig")))["log"]
    except (ValueError, RecursionError) as error:
        opened = opened_log(data.partition(b"\n")[0])
        if opened is None:
            raise ValueError(f"{path} is no HAR: {error}") from None
        # The program that wrote it ended in the middle of an entry.
        opened["entries"] = [json.loads(line) for line in whole_entries(io.BytesIO(data))]
        return opened
    except (KeyError, TypeError):
        raise ValueError(f"{path} is no HAR: it has no log") from None
    if not isinstance(log, dict):
        raise ValueError(f"{path} is no HAR: its log is no object")
    return cast("dict[str, Any]", log)


def _asked(request: dict[str, Any]) -> Asked:
    return asked(_text(request, "method"), _text(request, "url"), _body(request))


def _body(request: dict[str, Any]) -> str | None:
    data = cast("dict[str, Any]", request.get("postData") or {})
    content = _content(data)
    if content is None:
        return None if data or request.get("bodySize", 0) > 0 else ""
    boundary = boundary_of(data.get("mimeType") or "")
    if boundary is None:
        return said(content)
    form = FormDigest(boundary)
    form.feed(content)
    return said_by_form(form)


def _answered(response: dict[str, Any]) -> Answered:
    content = cast("dict[str, Any]", response.get("content") or {})
    failure = response.get("_error") or response.get("_failureText")  # Chrome's and ours, Playwright's
    status = response["status"]
    if not isinstance(status, int):
        raise ValueError(f"its status is {status!r}")
    if not 100 <= status <= 599:
        failure = failure or "no answer"
    body = _content(content)
    empty = content.get("size", 0) <= 0 or failure
    return Answered(
        status=status,
        reason=_bytes(str(response.get("statusText") or "")),
        headers=[
            (_bytes(_text(header, "name")), _bytes(_text(header, "value")))
            for header in cast("list[dict[str, Any]]", response.get("headers") or [])
            if header["name"].lower() not in NO_HEADERS_OF_A_REPLAY and not header["name"].startswith(":")
        ],
        content=b"" if body is None and empty else body,
        failure=failure and str(failure),
    )


def _content(data: dict[str, Any]) -> bytes | None:
    text = data.get("text")
    if text is None:
        return None
    if not isinstance(text, str):
        raise ValueError(f"a text is {text!r}")
    if data.get("encoding") == "base64":
        return b64decode(text, validate=True)
    return text.encode(errors="surrogatepass")


def _bytes(text: str) -> bytes:
    """As they were in a head, where a HAR has them as text."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode(errors="replace")


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise ValueError(f"its {name} is {value!r}")
    return value
