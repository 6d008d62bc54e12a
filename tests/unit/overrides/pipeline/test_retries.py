"""How often a lost call is sent depends on its effect; what error the last loss raises."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import httpx
import pytest
from samples import BY_NAME, RESULT, SAMPLES, Sample, names
from scripted_transport import (
    ScriptedTransport,
    error_response,
    raw_response,
    streamed_response,
    success_response,
)

from vision_ai import (
    AnswerLostError,
    AnswerTimeoutError,
    DeviceError,
    InvalidAnswerError,
    RecognitionResult,
    Retries,
    UnreachableError,
    VisionAIError,
)
from vision_ai._runtime.async_ import AsyncRuntime
from vision_ai._runtime.sync import SyncRuntime

NOT_SENT = [
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.PoolTimeout("busy"),
    httpx.ProxyError("proxy"),
]
TIMED_OUT = [httpx.ReadTimeout("slow"), httpx.WriteTimeout("slow"), TimeoutError("slow")]
BROKEN = [
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.CloseError("reset"),
    httpx.RemoteProtocolError("disconnected"),
    httpx.LocalProtocolError("local"),
    httpx.DecodingError("encoding"),
    httpx.StreamClosed(),
    ConnectionResetError("reset"),
    OSError("no network"),
]
LOSSES = [*NOT_SENT, *TIMED_OUT, *BROKEN]


def kind_of(loss: Exception) -> type[VisionAIError]:
    if loss in NOT_SENT:
        return UnreachableError
    return AnswerTimeoutError if loss in TIMED_OUT else AnswerLostError


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record the pauses between tries instead of waiting."""
    pauses_made: list[float] = []

    async def sleep(self: object, seconds: float) -> None:
        pauses_made.append(seconds)

    monkeypatch.setattr(SyncRuntime, "sleep", sleep)
    monkeypatch.setattr(AsyncRuntime, "sleep", sleep)
    return pauses_made


ONE_OF_EACH_EFFECT = {sample.effect: sample for sample in SAMPLES}.values()
ONE_OF_EACH_KIND = (NOT_SENT[0], TIMED_OUT[0], BROKEN[0])
CALLS_AND_LOSSES = [
    pytest.param(sample, loss, id=f"{sample.name}-{type(loss).__name__}")
    for sample in SAMPLES
    for loss in LOSSES
    if sample in ONE_OF_EACH_EFFECT or loss in ONE_OF_EACH_KIND
]
"""Every call with a loss of each kind, and a call of each effect with every loss."""


@pytest.mark.parametrize(("sample", "loss"), CALLS_AND_LOSSES)
def test_a_lost_call_is_repeated_only_where_that_is_safe(
    connect: Any, transport: ScriptedTransport, sample: Sample, loss: Exception
) -> None:
    with pytest.raises(VisionAIError) as caught:
        sample.call(connect(transport.respond(loss, forever=True), retries=2))
    safe = sample.effect in ("read", "set") or loss in NOT_SENT
    assert len(transport.requests) == (3 if safe else 1)
    assert type(caught.value) is kind_of(loss)
    assert caught.value.__cause__ is loss
    assert str(caught.value).startswith(f"{sample.name}: ")
    assert isinstance(caught.value, TimeoutError) is (loss in TIMED_OUT)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: type(loss).__name__)
def test_without_retries_a_call_is_sent_once(
    connect: Any, transport: ScriptedTransport, loss: Exception
) -> None:
    with pytest.raises(kind_of(loss)):
        connect(transport.respond(loss, forever=True), retries=0).get_calib()
    assert len(transport.requests) == 1


@pytest.mark.parametrize("sample", SAMPLES, ids=names(SAMPLES))
def test_the_first_successful_try_returns_the_result(
    connect: Any, transport: ScriptedTransport, sample: Sample
) -> None:
    loss = httpx.ConnectError("refused")
    result = sample.call(connect(transport.respond(loss, loss, sample.response), retries=2))
    assert type(result) is sample.result
    assert len({(request.method, request.path) for request in transport.requests}) == 1
    lengths = {len(request.body) for request in transport.requests}
    assert len(lengths) == 1  # a file, too, is sent again from its start


FINAL_RESPONSES = [
    pytest.param(sample, response, kind, id=f"{sample.name}-{label}")
    for sample in SAMPLES
    for label, response, kind in [
        ("camera error", error_response(-6103), DeviceError),
        ("network error", error_response(-6207), DeviceError),
        ("html", raw_response(b"<h1>"), InvalidAnswerError),
        ("503", raw_response(b"", None, 503), InvalidAnswerError),
    ]
    if not (sample.name == "download_backup" and label == "html")  # any bytes are a file
]


@pytest.mark.parametrize(("sample", "response", "kind"), FINAL_RESPONSES)
def test_a_call_with_a_response_is_never_repeated(
    connect: Any,
    transport: ScriptedTransport,
    sample: Sample,
    response: httpx.Response,
    kind: type[Exception],
) -> None:
    with pytest.raises(kind):
        sample.call(connect(transport.respond(response), retries=5))
    assert len(transport.requests) == 1


def test_pauses_follow_the_retry_options(
    connect: Any, transport: ScriptedTransport, pauses: list[float]
) -> None:
    retries = Retries(count=5, pause=0.1, factor=3, longest=1)
    with pytest.raises(UnreachableError):
        connect(transport.respond(httpx.ConnectError(""), forever=True), retries=retries).get_calib()
    assert pauses == pytest.approx([0.1, 0.3, 0.9, 1, 1])


def test_default_pauses_grow(connect: Any, transport: ScriptedTransport, pauses: list[float]) -> None:
    with pytest.raises(UnreachableError):
        connect(transport.respond(httpx.ConnectError(""), forever=True), retries=4).get_calib()
    assert pauses == pytest.approx([0.2, 0.4, 0.8, 1.6])


@pytest.mark.parametrize("retries", [Retries(pause=0), Retries(factor=10.0), Retries(pause=1e-9, factor=0.1)])
def test_a_pause_stays_in_range_after_any_number_of_tries(retries: Retries) -> None:
    for retry in (0, 1, 1100, 100_000):
        assert 0 <= retries.pause_before(retry) <= retries.longest


def test_no_pause_exceeds_the_time_left(
    connect: Any, transport: ScriptedTransport, pauses: list[float]
) -> None:
    module = connect(
        transport.respond(httpx.ConnectError(""), forever=True),
        timeout=5,
        retries=Retries(pause=60, longest=60),
    )
    with pytest.raises(UnreachableError):
        module.get_calib()
    assert (len(transport.requests), pauses) == (1, [])


def test_each_try_gets_its_share_of_the_timeout(connect: Any, transport: ScriptedTransport) -> None:
    with pytest.raises(AnswerTimeoutError):
        connect(transport.respond(httpx.ReadTimeout(""), forever=True), timeout=9, retries=2).get_calib()
    reads = [request.timeout["read"] for request in transport.requests]
    assert reads == pytest.approx([3, 4.5, 9], rel=0.05)


def test_a_call_that_is_sent_once_gets_the_whole_timeout(connect: Any, transport: ScriptedTransport) -> None:
    with pytest.raises(AnswerTimeoutError):
        connect(transport.respond(httpx.ReadTimeout("")), timeout=9, retries=2).reboot()
    assert transport.requests[0].timeout["read"] == pytest.approx(9, rel=0.05)


def test_a_response_that_breaks_off_is_a_lost_call(connect: Any, transport: ScriptedTransport) -> None:
    broken = streamed_response(lambda: [b'{"code":', httpx.ReadError("reset")])
    module = connect(transport.respond(broken, broken, BY_NAME["get_calib"].response))
    assert module.get_calib().left == 444
    transport.respond(broken)
    with pytest.raises(AnswerLostError) as caught:
        module.start_backup()
    assert isinstance(caught.value.__cause__, httpx.ReadError)


@pytest.mark.parametrize("workflow", ["backup", "restore", "save_backup", "confirm"])
def test_workflows_do_not_repeat_a_call_that_may_have_been_applied(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, workflow: str
) -> None:
    (tmp_path / "a.evo").write_bytes(b"\0a backup")
    transport.respond(httpx.ReadError("reset"), forever=True)
    module = connect(transport, retries=2)
    calls = {
        "backup": lambda: module.backup(tmp_path),
        "restore": lambda: module.restore(tmp_path / "a.evo"),
        "save_backup": lambda: module.save_backup("a.evo", tmp_path),
        "confirm": lambda: module.confirm(RecognitionResult.from_dict(RESULT), id="1", name="x"),
    }
    with pytest.raises(AnswerLostError):
        calls[workflow]()
    assert len(transport.requests) == (3 if workflow == "save_backup" else 1)
    assert [path.name for path in tmp_path.iterdir()] == ["a.evo"]


def test_learn_does_not_repeat_a_picture_that_may_have_been_taken(
    connect: Any, transport: ScriptedTransport
) -> None:
    transport.respond(success_response([]), httpx.ReadError("reset"))
    transport.respond(success_response([]), forever=True)
    with pytest.raises(AnswerLostError):
        connect(transport, retries=2).learn(id="1", name="x")
    assert [request.path for request in transport.requests] == [
        "/api/get_registered_item_list",
        "/api/register_item",
        "/api/get_registered_item_list",
    ]


def test_every_operation_has_one_of_the_four_effects() -> None:
    from vision_ai_generated.api import OPERATIONS

    effects = {name: operation.effect for name, operation in OPERATIONS.items() if not operation.deprecated}
    assert {sample.name: sample.effect for sample in SAMPLES}.items() <= effects.items()
    assert set(itertools.chain(effects.values())) == {"read", "set", "act", "destructive"}
