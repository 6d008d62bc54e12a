"""A secret is in no recording and in no log, wherever and however a module or a proxy sends it."""

from __future__ import annotations

import html
import io
import json
import logging
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote, quote_plus, unquote_to_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from vision_ai import InvalidAnswerError, VisionAI, VisionAIError
from vision_ai.recording import Recorder
from vision_ai.transports import Deadline, Request, Response, Transport, parse_url, run_sync

NAMES = ("sn", "masterSN", "masterIP", "clientID", "client_name", "token")

Exchange = tuple[str, Request, Callable[[], Response]]


class ScriptedResponse(Response):
    """A response from memory."""

    def __init__(
        self, body: bytes, headers: dict[str, str], reason: bytes = b"OK", status: int = 200
    ) -> None:
        self.status = status
        self.reason = reason
        self.headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self.length = len(body)
        self._stream = io.BytesIO(body)

    async def read(self, limit: int) -> bytes:
        return self._stream.read(limit)

    async def read_into(self, view: memoryview) -> int:
        return self._stream.readinto(view)

    async def close(self) -> None:
        self._stream.close()


class ScriptedTransport(Transport):
    """Sends one response to everything."""

    asynchronous = False

    def __init__(self, response: Callable[[], Response]) -> None:
        self._response = response

    async def send(self, request: Request, deadline: Deadline) -> Response:
        return self._response()

    async def close(self) -> None: ...


def make_picture(comment: bytes) -> bytes:
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = comment.decode("latin-1")
    Image.new("RGB", (16, 16), "green").save(stream, "JPEG", comment=comment, exif=exif.tobytes())
    return stream.getvalue() + comment


def escape_all(text: str) -> str:
    units = text.encode("utf-16-be")
    return "".join(rf"\u{units[index : index + 2].hex()}" for index in range(0, len(units), 2))


NOTATIONS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "HTML": html.escape,
    "HTML numbers": lambda text: "".join(f"&#{ord(character)};" for character in text),
    "URL": quote,
    "form": quote_plus,
    "Python": repr,
    "JSON": json.dumps,
    "JSON escapes": escape_all,
}
"""How a text may show the secret."""

ENCODINGS = ("utf-8", "utf-16", "utf-16-be", "utf-32", "gb18030")

PLACES: dict[str, Callable[[str, bytes], dict[str, Any]]] = {
    "message": lambda text, _: {"msg": f"module {text} failed"},
    "product": lambda text, _: {"data": [{"id": "1", "name": f"{text} apples"}]},
    "key": lambda text, _: {"data": {text: 1}},
    "JSON in JSON": lambda text, _: {"msg": json.dumps({"note": text})},
    "picture": lambda _, secret: {"data": {"image": b64encode(make_picture(secret)).decode()}},
}


@st.composite
def secrets(draw: st.DrawFn) -> tuple[str, Any]:
    """Return a field's name and a secret in it."""
    name = draw(st.sampled_from(NAMES))
    digits = st.text("123456789", min_size=7, max_size=14)
    words = st.text("abcXYZ öß苹果店😀&'-", min_size=6, max_size=14).map(lambda text: f"Q{text.strip()}9Z")
    secret = draw(digits | words)
    shapes: list[Callable[[str], Any]] = [str, lambda text: [text], lambda text: {"value": text}]
    if secret.isdigit():
        shapes += [int, lambda text: -int(text), float]
    return name, (secret, draw(st.sampled_from(shapes))(secret))


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    """Return a secret, and a request and its response that have it in their fields and anywhere else."""
    name, (secret, value) = draw(secrets())
    text = NOTATIONS[draw(st.sampled_from(list(NOTATIONS)))](secret)
    place = PLACES[draw(st.sampled_from(list(PLACES)))]
    document = {"code": 0, **place(text, secret.encode("utf-8")), "device": {name: value}}
    body = json.dumps(document, ensure_ascii=draw(st.booleans()))
    if draw(st.booleans()):
        body = body.replace(f'"{name}"', f'"{escape_all(name)}"')
    encoding = draw(st.sampled_from(ENCODINGS))
    query = draw(st.sampled_from([f"sn={quote(secret)}", f"a={quote_plus(secret)}&b", quote(secret)]))
    headers = {
        "Content-Type": f"application/json; note={quote(secret)}",
        "Location": f"http://u:{quote(secret)}@10.0.0.1/{quote(secret)}?{query}",
        "X-Note": secret,
    }
    request = Request(
        draw(st.sampled_from(["GET", "POST"])),
        parse_url(f"http://module/api/get_device_info?{query}"),
        [(b"X-Auth-Token", secret.encode()), (b"Referer", f"http://x/?{query}".encode())],
        json.dumps({name: value, "note": text}).encode(),
    )
    reason = secret.encode()
    return secret, request, lambda: ScriptedResponse(body.encode(encoding), headers, reason)


def find_texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from find_texts(inner)
        if value.get("encoding") == "base64":
            yield from decode(b64decode(value["text"]))
    elif isinstance(value, list):
        for inner in value:
            yield from find_texts(inner)
    else:
        yield str(value)


def decode(content: bytes) -> Iterator[str]:
    for encoding in (*ENCODINGS, "utf-16-le", "utf-32-le", "latin-1"):
        yield content.decode(encoding, "replace")


def read_every_way(text: str) -> Iterator[str]:
    """Return what a reader could make of a text."""
    yield text
    yield html.unescape(text)
    yield from decode(unquote_to_bytes(text.replace("+", " ")))
    yield from decode(text.encode("latin-1", "replace"))
    unescaped = text
    for _ in range(3):
        unescaped = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), unescaped)
        unescaped = re.sub(r"\\(.)", r"\1", unescaped)
        yield unescaped.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for found in re.finditer(r"[A-Za-z0-9+/]{60,}={0,2}", text):
        if len(found[0]) % 4 == 0:
            yield from decode(b64decode(found[0]))


def check_absence(secret: str, text: str) -> None:
    for each in read_every_way(text):
        assert secret not in each, f"{secret!r} is in {each!r}"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exchange=exchanges())
def test_no_planted_secret_is_in_a_recording(
    tmp_path_factory: pytest.TempPathFactory, exchange: Exchange
) -> None:
    secret, request, respond = exchange
    path = tmp_path_factory.mktemp("har") / "day.har"
    recorder = Recorder(ScriptedTransport(respond), path)
    response = run_sync(recorder.send(request, Deadline(10)))
    run_sync(response.read(1 << 20))
    run_sync(recorder.close())
    for text in find_texts(json.loads(path.read_text(encoding="utf-8"))):
        check_absence(secret, text)
    for text in decode(path.read_bytes()):
        assert secret not in text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exchange=exchanges())
def test_no_planted_secret_is_in_the_log(caplog: pytest.LogCaptureFixture, exchange: Exchange) -> None:
    secret, _, respond = exchange
    caplog.clear()
    with (
        caplog.at_level(logging.DEBUG, "vision_ai"),
        VisionAI(transport=ScriptedTransport(respond), retries=0) as module,
    ):
        for call in (module.get_device_info, module.get_item_list, module.get_image, module.get_calib):
            with suppress(VisionAIError):
                call()
    assert caplog.text.count("code=") == 4
    check_absence(secret, caplog.text)


def test_a_secret_of_an_earlier_response_is_not_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    bodies = iter([b'{"code":0,"data":{"sn":"12345678"}}', b"module 12345678 is broken"])
    transport = ScriptedTransport(lambda: ScriptedResponse(next(bodies), {}))
    with caplog.at_level(logging.DEBUG, "vision_ai"), VisionAI(transport=transport) as module:
        with suppress(VisionAIError):
            module.get_device_info()
        with pytest.raises(InvalidAnswerError, match="12345678"):
            module.get_calib()
    assert "is broken" in caplog.text
    assert "12345678" not in caplog.text
