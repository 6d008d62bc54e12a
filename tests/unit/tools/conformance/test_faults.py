"""With every fault there is a report in the documented format, and it mentions every change on the module."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import httpx
import pytest
from conformance_support import ChangedTransport, check, make_emulator
from jsonschema import Draft202012Validator

import vision_ai_tools.conformance
from vision_ai_emulator import Emulator, Fault
from vision_ai_emulator.faults.kinds import KINDS

SCHEMA = Draft202012Validator(
    json.loads(
        Path(vision_ai_tools.conformance.__file__).with_name("report.schema.json").read_text(encoding="utf-8")
    )
)
QUICK: dict[str, dict[str, Any]] = {
    "slow_first_byte": {"seconds": 0.01},
    "slow_body": {"seconds": 0.001},
    # a long download cannot be told from an endless one
    "endless": {"operation": "get_item_list"},
}


@pytest.mark.parametrize(
    "share", [pytest.param(0.1, marks=pytest.mark.slow), 0.4, pytest.param(1.0, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("kind", KINDS)
def test_there_is_a_report_with_every_fault(tmp_path: Path, kind: Any, share: float) -> None:
    emulator = make_emulator(seed=3, pan="banana")
    emulator.faults.add(
        Fault(kind, times=None, probability=share, **{"operation": None, **QUICK.get(kind, {})})
    )
    report = check(emulator, tmp_path, "act", timeout=2.0)
    SCHEMA.validate(report.to_dict())
    assert report.to_markdown()
    if any(each.id == "99999" for each in emulator.device.get_registered_item_list()):
        assert any("99999" in each for each in report.traces)
    assert emulator.device.get_item_list() == []


def test_an_endless_response_to_an_unknown_command(emulator: Emulator, tmp_path: Path) -> None:
    def endless(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path != "/api/no_such_command":
            return response
        return httpx.Response(200, stream=Repeated(b"and so on " * 10_000))

    report = check(ChangedTransport(emulator, endless), tmp_path)
    result = report.exchanges[1]
    assert report.complete and result.failure == "the response did not end" and result.milliseconds is None
    assert report.reading("A3").verdict == "not_tried"


class Repeated(httpx.SyncByteStream):
    def __init__(self, chunk: bytes) -> None:
        self._chunk = chunk

    def __iter__(self) -> Iterator[bytes]:
        return repeat(self._chunk)
