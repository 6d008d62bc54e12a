"""Anybody's HAR file → the requests in it, each with its response."""

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

from .digest import FormDigest, find_boundary
from .file import complete_entries, is_own_log, parse_opening

OMITTED_HEADERS = frozenset(
    {"content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive"}
)
"""A recording's content is complete and decoded, however it was sent."""

JPEG_AS_TEXT = "\xff\xd8\xff"

_CHARSET = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)
_is_textual = re.compile(r"text/|.*\b(?:json|xml|javascript|x-www-form-urlencoded)\b", re.IGNORECASE).match
_TARGET = re.compile(r".*?(/(?:api|download)/.*)", re.DOTALL)


@frozen
class RequestKey:
    """What distinguishes a request from others: its method, its path and the meaning of its body."""

    method: str
    path: str
    body: str | None
    """JSON in one spelling, the digest of a file, any other text; "" for no body, None for a body that was not
    recorded and matches any other."""

    def __str__(self) -> str:
        body = "a body that was not recorded" if self.body is None else self.body
        shortened = body if len(body) <= 200 else f"{body[:199]}…"
        return f"{self.method} {self.path} {shortened}".rstrip()


@frozen
class RecordedResponse:
    """A response, or a failure, or the beginning of a response and then a failure."""

    status: int
    reason: bytes
    headers: list[tuple[bytes, bytes]]
    content: bytes | None
    """None where the recording was made without contents."""
    failure: str | None


def make_key(method: str, url: str, body: str | None) -> RequestKey:
    """Return a request's key. Its host, and what precedes the module's own paths, do not count."""
    parts = urlsplit(url)
    path = unquote(parts.path) or "/"
    inside = _TARGET.fullmatch(path)
    query = f"?{parts.query}" if parts.query else ""
    return RequestKey(method.upper(), (inside[1] if inside else path) + query, body)


def describe_body(content: bytes) -> str:
    """Return the meaning of a body that is not a form."""
    try:
        return json.dumps(json.loads(content), sort_keys=True, ensure_ascii=False)
    except (ValueError, RecursionError):
        return content.decode(errors="backslashreplace")


def describe_form(form: FormDigest) -> str:
    """Return the meaning of a form that has passed."""
    form.finish()
    return f"file with SHA-256 {form.file.identity}"


def read_recording(path: Path) -> list[tuple[RequestKey, RecordedResponse]]:
    """Return all requests with their responses, in the order of the file.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not a HAR.
    """
    log = _log(path)
    entries = log.get("entries")
    if not isinstance(entries, list):
        raise ValueError(f"{path} is not a HAR: its log has no entries")
    is_own = is_own_log(log)
    recorded: list[tuple[RequestKey, RecordedResponse]] = []
    failure: str | None = None
    for number, entry in enumerate(cast("list[Any]", entries), 1):
        try:
            recorded.append(
                (_read_request(entry["request"]), _read_response(entry["response"], is_own=is_own))
            )
        except (KeyError, TypeError, ValueError, AttributeError, binascii.Error) as error:
            reason = f" has no {error.args[0]!r}" if isinstance(error, KeyError) else f": {error}"
            failure = f"{path} is not a HAR: entry {number}{reason}"
            if _is_of_module(entry):
                raise ValueError(failure) from None
    if failure is not None and not recorded:  # of other pages, some entries may be wrong
        raise ValueError(failure)
    return recorded


def _is_of_module(entry: Any) -> bool:
    try:
        url: str = entry["request"]["url"]
        return _TARGET.search(urlsplit(url).path) is not None
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _log(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    try:
        log = cast("dict[str, Any]", json.loads(data.decode("utf-8-sig")))["log"]
    except (ValueError, RecursionError) as error:
        opening = parse_opening(data.partition(b"\n")[0])
        if opening is None:
            raise ValueError(f"{path} is not a HAR: {error}") from None
        # The program that wrote it ended in the middle of an entry.
        opening["entries"] = [json.loads(line) for line in complete_entries(io.BytesIO(data))]
        return opening
    except (KeyError, TypeError):
        raise ValueError(f"{path} is not a HAR: it has no log") from None
    if not isinstance(log, dict):
        raise ValueError(f"{path} is not a HAR: its log is not an object")
    return cast("dict[str, Any]", log)


def _read_request(request: dict[str, Any]) -> RequestKey:
    return make_key(_text(request, "method"), _text(request, "url"), _body(request))


def _body(request: dict[str, Any]) -> str | None:
    data = cast("dict[str, Any]", request.get("postData") or {})
    content = _content(data, data.get("mimeType"), request.get("bodySize"))
    if content is None:
        return None if data or request.get("bodySize", 0) > 0 else ""
    boundary = find_boundary(data.get("mimeType") or "")
    if boundary is None:
        return describe_body(content)
    form = FormDigest(boundary)
    form.feed(content)
    return describe_form(form)


def _read_response(response: dict[str, Any], *, is_own: bool) -> RecordedResponse:
    content = cast("dict[str, Any]", response.get("content") or {})
    failure = response.get("_error") or response.get("_failureText")  # Chrome's and ours, Playwright's
    status = response["status"]
    if not isinstance(status, int):
        raise ValueError(f"its status is {status!r}")
    if not 100 <= status <= 599:
        failure = failure or "no response"
    body = _content(content, content.get("mimeType"), content.get("size"))
    # Other programs decode a text by its charset; its bytes here are UTF-8.
    is_decoded = not is_own and content.get("encoding") != "base64"
    empty = content.get("size", 0) <= 0 or failure
    return RecordedResponse(
        status=status,
        reason=_to_bytes(str(response.get("statusText") or "")),
        headers=[
            (_to_bytes(_text(header, "name")), _to_bytes(_header_value(header, is_decoded=is_decoded)))
            for header in cast("list[dict[str, Any]]", response.get("headers") or [])
            if header["name"].lower() not in OMITTED_HEADERS and not header["name"].startswith(":")
        ],
        content=b"" if body is None and empty else body,
        failure=failure and str(failure),
    )


def _content(data: dict[str, Any], mime_type: object, size: object) -> bytes | None:
    text = data.get("text")
    if text is None:
        return None
    if not isinstance(text, str):
        raise ValueError(f"a text is {text!r}")
    if data.get("encoding") == "base64":
        return b64decode(text, validate=True)
    if _is_binary(text, str(mime_type or ""), size):
        return text.encode("latin-1")
    return text.encode(errors="surrogatepass")


def _is_binary(text: str, mime_type: str, size: object) -> bool:
    """Return whether a text has a character for each byte of something binary, as some programs write it."""
    if text.isascii() or max(text) > "\xff" or _is_textual(mime_type):
        return False
    return size == len(text) or text.startswith(JPEG_AS_TEXT)


def _header_value(header: dict[str, Any], *, is_decoded: bool) -> str:
    value = _text(header, "value")
    if is_decoded and header["name"].lower() == "content-type":
        return _CHARSET.sub("", value)
    return value


def _to_bytes(text: str) -> bytes:
    """Return the bytes of a header that a HAR has as text."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode(errors="replace")


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise ValueError(f"its {name} is {value!r}")
    return value
