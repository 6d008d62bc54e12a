"""From what was seen of a module to the report on it."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from vision_ai._profile import Profile, RestorePath
from vision_ai._redaction import Redaction
from vision_ai_generated.api import OPERATIONS
from vision_ai_generated.error_codes import find_error
from vision_ai_generated.operation import Effect, Operation

from . import contract
from .body import as_text, is_jpeg, shortened
from .capture import Exchange
from .contract import Departure
from .observations import EFFECTS, FURTHER, SPELLINGS, Seen, Spelling
from .readings.judgments import LISTS, STATUSES, spelling_understood
from .readings.registry import READINGS, Reading
from .report import DepartureReport, Evidence, ExchangeReport, OperationReport, ReadingReport, Report

SHOWN = 400
"""Characters of a body in the report."""
LONG_TEXT = re.compile(r"([A-Za-z0-9+/=]{24})[A-Za-z0-9+/=]{100,}")
"""Base64 of a picture, of which the start says enough."""
RESTORE_PATHS: Mapping[str, RestorePath] = {
    "start_restore": "/api/start_restore",
    "start_restore_alias": "/api/restore",
}
NEVER = ("commit_registered_item", "result_feedback")
"""Operations that no level tries: what they teach a module cannot be taken back."""


def report_on(seen: Seen, finished: datetime, *, redact: bool) -> Report:
    """The report on what was seen so far. `redact` replaces serial numbers and store names."""
    hidden = _Hidden(redact, seen)
    return Report(
        outcome=seen.outcome,
        stopped_because=hidden.text(seen.stopped_because),
        url=seen.url,
        effects=seen.effects,
        also=seen.further,
        started=_moment(seen.started or finished),
        finished=_moment(finished),
        contract=contract.version(),
        redacted=redact,
        device_info=hidden.parsed(seen.device_info),
        readings=tuple(_reading(each, seen, hidden) for each in READINGS),
        departures=_departures(seen, hidden),
        operations=tuple(_operation(each, seen) for each in OPERATIONS.values() if not each.deprecated),
        left_out=tuple(map(hidden.text, dict.fromkeys(seen.left_out))),
        traces=tuple(map(hidden.text, dict.fromkeys(seen.traces))),
        profile=_profile(seen, finished) if seen.outcome in ("complete", "broken_off") else None,
        exchanges=tuple(_exchange(each, hidden) for each in seen.exchanges),
    )


class _Hidden:
    """Serial numbers and store names, replaced by stand-ins that are the same throughout a report."""

    def __init__(self, redact: bool, seen: Seen) -> None:
        self._redaction = Redaction() if redact else None
        # What is secret is known from here on, wherever it stands.
        self.parsed(seen.device_info)
        for each in seen.exchanges:
            self.text(as_text(each.body[:SHOWN]))

    def parsed(self, value: Any) -> Any:
        return self._redaction.parsed(value) if self._redaction else value

    def text(self, text: str) -> str:
        return self._redaction.text(text) if self._redaction else text

    def received(self, exchange: Exchange) -> str:
        if exchange.failure and not exchange.body:
            return exchange.failure
        if is_jpeg(exchange.body):
            return f"{exchange.body[:4]!r}… ({exchange.size} bytes of a JPEG)"
        if exchange.operation == "download_backup" and exchange.json is None:
            return f"({exchange.size} bytes of a file)"
        return self.body(exchange.body)

    def request(self, exchange: Exchange) -> str:
        sent = self.body(exchange.sent)
        return " ".join(part for part in (exchange.method, self.text(exchange.target), sent) if part)

    def body(self, body: bytes) -> str:
        return shortened(LONG_TEXT.sub(r"\1…", self.text(as_text(body))), SHOWN)


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _allowing(level: Effect, operation: str | None = None) -> str:
    also = f" --also {operation}" if operation in FURTHER else ""
    return f"--effects {level}{also}"


def _reading(reading: Reading, seen: Seen, hidden: _Hidden) -> ReadingReport:
    finding = reading.judge(seen)
    tried_by = None
    level = finding.level or reading.level
    if finding.verdict == "not_tried" and level is not None:
        needed = _allowing(level, "reset_device" if reading.id == "A13" else None)
        tried_by = needed if _is_more(needed, seen) else None
    return ReadingReport(
        id=reading.id,
        text=reading.text,
        reading=reading.reading,
        verdict=finding.verdict,
        found=hidden.text(finding.found),
        copes=finding.copes,
        tried_by=tried_by,
        evidence=tuple(
            Evidence(each.number, each.purpose, hidden.request(each), hidden.received(each))
            for each in finding.evidence
        ),
    )


def _is_more(needed: str, seen: Seen) -> bool:
    level, _, further = needed.removeprefix("--effects ").partition(" --also ")
    allowed = EFFECTS[: EFFECTS.index(seen.effects) + 1]
    return level not in allowed or (further != "" and further not in seen.further)


def _departures(seen: Seen, hidden: _Hidden) -> tuple[DepartureReport, ...]:
    first: dict[tuple[str, Departure], Exchange] = {}
    count: Counter[tuple[str, Departure]] = Counter()
    for exchange in seen.exchanges:
        if exchange.operation is None or not exchange.whole:
            continue
        for departure in _departures_of(exchange, OPERATIONS[exchange.operation]):
            key = (exchange.operation, departure)
            first.setdefault(key, exchange)
            count[key] += 1
    return tuple(
        DepartureReport(
            operation=operation,
            kind=departure.kind,
            where=departure.where,
            found=hidden.text(departure.found),
            reading=_reading_of(operation, departure),
            count=count[operation, departure],
            exchange=exchange.number,
        )
        for (operation, departure), exchange in first.items()
    )


def _departures_of(exchange: Exchange, operation: Operation[Any]) -> Iterable[Departure]:
    if exchange.status != 200:
        yield Departure("http_status", "", str(exchange.status))
    if exchange.refused_by_sdk:
        yield Departure("not_understood", "", exchange.refused_by_sdk)
    found = exchange.json
    if operation.response == "binary" and not (found and "code" in exchange.fields):
        if operation.media_type == "image/jpeg" and not is_jpeg(exchange.body):
            yield Departure("not_json", "", "neither a JPEG nor JSON")
        elif not exchange.content_type.startswith(operation.media_type):
            yield Departure("content_type", "", exchange.content_type or "none")
        return
    if found is None:
        yield Departure("not_json", "", "no JSON")
        return
    if not exchange.content_type.startswith(contract.JSON):
        yield Departure("content_type", "", exchange.content_type or "none")
    if found.last_commas:
        yield Departure("not_json", "", "a comma after a last member")
    if found.charset not in (None, "utf-8"):
        yield Departure("not_json", "", f"bytes that are no UTF-8 (charset: {found.charset})")
    if found.padded:
        yield Departure("not_json", "", "a byte order mark or zero bytes around the JSON")
    if exchange.code not in (None, 0) and find_error(exchange.code or 0) is None:
        yield Departure("unknown_code", "code", str(exchange.code))
    yield from contract.departures(operation, found.value)


def _reading_of(operation: str, departure: Departure) -> str | None:
    match departure.kind, departure.where, departure.found:
        case "not_json", _, "a comma after a last member":
            return "A6"
        case "not_json", _, found if found.startswith("bytes"):
            return "A15"
        case "content_type", _, _:
            return "A10" if operation == "get_image" else "A16" if operation != "download_backup" else None
        case "wrong_type", "code", _:
            return "A2"
        case "wrong_type", ("data" | "data[*].image_id"), _ if operation in LISTS:
            return "A7"
        case "wrong_type", "data", _ if operation == "get_result":
            return "A8"
        case "wrong_type", "data[*].name", _ if operation in LISTS:
            return "A9"
        case "unknown_value", "status", _ if operation in STATUSES:
            return "A12"
        case _:
            return None


def _operation(operation: Operation[Any], seen: Seen) -> OperationReport:
    names = {
        operation.name,
        *(each.name for each in OPERATIONS.values() if each.path == operation.alternative_path),
    }
    asked = [each for each in seen.exchanges if each.operation in names]
    times = [each.milliseconds for each in asked if each.milliseconds is not None]
    needed = _allowing("destructive" if operation.name in FURTHER else _level(operation), operation.name)
    return OperationReport(
        operation=operation.name,
        effect=operation.effect,
        asked=len(asked),
        answered=len(times),
        codes=_counted(each.code for each in asked if each.code is not None),
        statuses=_counted(each.status for each in asked if each.status is not None),
        content_types=_counted(each.content_type for each in asked if each.status is not None),
        median_ms=round(statistics.median(times), 1) if times else None,
        max_ms=round(max(times), 1) if times else None,
        tried_by=None if asked or operation.name in NEVER or not _is_more(needed, seen) else needed,
    )


def _level(operation: Operation[Any]) -> Effect:
    """A download only reads, but there is nothing to download before a backup was made."""
    return "act" if operation.name == "download_backup" else operation.effect


def _counted(values: Iterable[object]) -> dict[str, int]:
    return dict(Counter(map(str, values)))


def _exchange(exchange: Exchange, hidden: _Hidden) -> ExchangeReport:
    return ExchangeReport(
        number=exchange.number,
        operation=exchange.operation,
        purpose=exchange.purpose,
        method=exchange.method,
        target=hidden.text(exchange.target),
        sent=hidden.body(exchange.sent),
        status=exchange.status,
        content_type=exchange.content_type,
        received=hidden.received(exchange),
        size=exchange.size,
        milliseconds=None if exchange.milliseconds is None else round(exchange.milliseconds, 1),
        failure=exchange.failure,
    )


def _profile(seen: Seen, finished: datetime) -> Profile:
    """What was found; where nothing was, as without a profile, and the note says so."""
    spelling = _spelling(seen)
    done = next((each for each in seen.restores if each.completed), None)
    unknown = [] if spelling else ["field_names"]
    unknown += [] if done else ["part_name", "restore_path"]
    info = seen.device_info or {}
    return Profile(
        field_names=spelling or "both",
        part_name=done.part_name if done else "file",
        restore_path=RESTORE_PATHS[done.exchanges[-1].operation or ""] if done else None,
        firmware=_text(info.get("firmware")),
        engine=_text(info.get("engine")),
        contract=contract.version(),
        taken_on=finished.date().isoformat(),
        note=f"Not tried, so as without a profile: {', '.join(unknown)}." if unknown else None,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _spelling(seen: Seen) -> Spelling | None:
    understood = {spelling: spelling_understood(seen, spelling) for spelling in SPELLINGS}
    if understood["both"] and understood["id"] == understood["item_id"]:
        return "both"
    return next((spelling for spelling in SPELLINGS if understood[spelling]), None)
