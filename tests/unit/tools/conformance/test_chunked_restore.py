"""A restore in chunks, without a length, is tried after one with a length was completed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from conformance_support import ChangedTransport, check, set_dialect

from vision_ai_emulator import Emulator, serve
from vision_ai_tools.conformance import check_conformance

CHUNKED = "in chunks"


@pytest.mark.parametrize("part", ["any", "unnamed"])
def test_a_module_that_takes_chunks_is_found(emulator: Emulator, tmp_path: Path, part: str) -> None:
    report = check(set_dialect(emulator, restore_part=part), tmp_path, "destructive")
    assert "in chunks, without a length, was completed" in report.reading("A4").found
    assert report.complete and not any("restore was started" in each for each in report.traces)


def test_chunks_are_sent_over_a_socket(emulator: Emulator, tmp_path: Path) -> None:
    with serve(set_dialect(emulator)) as url:
        report = check_conformance(url, effects="destructive", pause=0, poll=0.001, folder=tmp_path)
    assert "in chunks, without a length, was completed" in report.reading("A4").found


@pytest.mark.parametrize("refusal", ["HTTP 411", "code -6213", "no response"])
def test_a_module_that_refuses_chunks_is_found(emulator: Emulator, tmp_path: Path, refusal: str) -> None:
    def refuse(request: httpx.Request, response: httpx.Response) -> Any:
        if "Transfer-Encoding" not in request.headers:
            return response
        if refusal == "no response":
            raise httpx.ReadError("reset")
        if refusal == "HTTP 411":
            return httpx.Response(411, content=b"<h1>Length Required</h1>", request=request)
        return httpx.Response(200, json={"code": -6213, "data": None}, request=request)

    report = check(ChangedTransport(set_dialect(emulator), refuse), tmp_path, "destructive")
    finding = report.reading("A4")
    assert finding.verdict == "as_read"
    assert f"one in chunks was refused ({refusal})" in finding.found
    assert report.complete


def test_without_a_completed_restore_no_chunks_are_sent(emulator: Emulator, tmp_path: Path) -> None:
    def refuse(request: httpx.Request, response: httpx.Response) -> Any:
        assert "Transfer-Encoding" not in request.headers
        if request.url.path.endswith("restore"):
            return httpx.Response(200, json={"code": -6140, "data": None}, request=request)
        return response

    report = check(ChangedTransport(set_dialect(emulator), refuse), tmp_path, "destructive")
    assert CHUNKED not in report.reading("A4").found
