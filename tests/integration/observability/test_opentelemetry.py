"""OpenTelemetry traces calls with its own instrumentation of httpx; the SDK contains none of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from opentelemetry.instrumentation.httpx import (
    AsyncOpenTelemetryTransport,
    HTTPXClientInstrumentor,
    SyncOpenTelemetryTransport,
)
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from vision_ai import AnswerLostError, AsyncVisionAI, VisionAI
from vision_ai_emulator import Emulator, Fault, serve


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracing(exporter: InMemorySpanExporter) -> Iterator[TracerProvider]:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield provider
    provider.shutdown()


@pytest.fixture
def instrumented(tracing: TracerProvider) -> Iterator[None]:
    """Instrument every httpx client of this process, as `opentelemetry-instrument` does."""
    instrumentor = HTTPXClientInstrumentor()
    instrumentor.instrument(tracer_provider=tracing)
    yield
    instrumentor.uninstrument()


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(pan="banana", backup_seconds=0.02)


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    with serve(emulator) as url:
        yield url


def describe(span: ReadableSpan) -> tuple[object, object, object]:
    """Return method, URL and status, by the old or the new names of OpenTelemetry's conventions."""
    assert span.kind is SpanKind.CLIENT
    attributes = dict(span.attributes or {})
    return (
        attributes.get("http.request.method", attributes.get("http.method")),
        attributes.get("url.full", attributes.get("http.url")),
        attributes.get("http.response.status_code", attributes.get("http.status_code")),
    )


def test_a_traced_transport_makes_a_span_per_call(
    url: str, tracing: TracerProvider, exporter: InMemorySpanExporter
) -> None:
    transport = SyncOpenTelemetryTransport(httpx.HTTPTransport(), tracer_provider=tracing)
    with VisionAI(url, transport=transport, api="v1") as module:
        module.get_device_info()
        module.get_image()
    assert [describe(span) for span in exporter.get_finished_spans()] == [
        ("POST", f"{url}/api/get_device_info", 200),
        ("POST", f"{url}/api/get_image", 200),
    ]


def test_a_traced_asynchronous_transport_makes_a_span_per_call(
    url: str, tracing: TracerProvider, exporter: InMemorySpanExporter
) -> None:
    async def main() -> None:
        transport = AsyncOpenTelemetryTransport(httpx.AsyncHTTPTransport(), tracer_provider=tracing)
        async with AsyncVisionAI(url, transport=transport, api="v1") as module:
            await module.get_calib()

    asyncio.run(main())
    assert [describe(span) for span in exporter.get_finished_spans()] == [
        ("POST", f"{url}/api/get_calib", 200)
    ]


def test_an_instrumented_client_makes_a_span_per_call(
    url: str, instrumented: None, exporter: InMemorySpanExporter
) -> None:
    with httpx.Client(trust_env=False) as client, VisionAI(url, http_client=client, api="v1") as module:
        module.get_result()
    assert [describe(span) for span in exporter.get_finished_spans()] == [
        ("POST", f"{url}/api/get_result", 200)
    ]


def test_an_instrumented_asynchronous_client_makes_a_span_per_call(
    url: str, instrumented: None, exporter: InMemorySpanExporter
) -> None:
    async def main() -> None:
        async with (
            httpx.AsyncClient(trust_env=False) as client,
            AsyncVisionAI(url, http_client=client, api="v1") as module,
        ):
            await module.get_result()

    asyncio.run(main())
    assert [describe(span) for span in exporter.get_finished_spans()] == [
        ("POST", f"{url}/api/get_result", 200)
    ]


def test_spans_are_children_of_the_callers_span(
    url: str, emulator: Emulator, tracing: TracerProvider, exporter: InMemorySpanExporter, tmp_path: Path
) -> None:
    transport = SyncOpenTelemetryTransport(httpx.HTTPTransport(), tracer_provider=tracing)
    tracer = tracing.get_tracer("till")
    with (
        VisionAI(url, transport=transport, api="v1") as module,
        tracer.start_as_current_span("backup") as parent,
    ):
        module.backup(tmp_path, poll=0.01)
    spans = [span for span in exporter.get_finished_spans() if span.name != "backup"]
    assert len(spans) >= 3
    assert str(describe(spans[-1])[1]).endswith(".evo")
    for span in spans:
        assert span.parent is not None
        assert span.parent.span_id == parent.get_span_context().span_id


def test_each_lost_try_is_a_span_with_an_error(
    url: str, emulator: Emulator, tracing: TracerProvider, exporter: InMemorySpanExporter
) -> None:
    emulator.faults.add(Fault("drop_before_answer", times=2))
    transport = SyncOpenTelemetryTransport(httpx.HTTPTransport(), tracer_provider=tracing)
    with VisionAI(url, transport=transport, api="v1", retries=1) as module, pytest.raises(AnswerLostError):
        module.get_calib()
    spans = exporter.get_finished_spans()
    assert [span.status.status_code for span in spans] == [StatusCode.ERROR] * 2


def test_a_traced_call_can_be_recorded(
    url: str, tracing: TracerProvider, exporter: InMemorySpanExporter, tmp_path: Path
) -> None:
    transport = SyncOpenTelemetryTransport(httpx.HTTPTransport(), tracer_provider=tracing)
    with VisionAI(url, transport=transport, api="v1", record=tmp_path / "day.har") as module:
        calib = module.get_calib()
    assert len(exporter.get_finished_spans()) == 1
    with VisionAI(f"replay:{tmp_path / 'day.har'}") as module:
        assert module.get_calib() == calib
