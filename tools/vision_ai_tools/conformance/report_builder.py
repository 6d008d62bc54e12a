"""Builds the report from the observations of a run."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from vision_ai_generated.operation import Effect, Operation, Version

from .capture import Exchange
from .contract import Departure, get_contract_version
from .departures import find_reading, find_response_departures
from .empty_pan import find_empty_pan
from .observations import EFFECTS, FURTHER, Observations
from .operations import list_operations
from .profile_builder import make_profile
from .readings import READINGS
from .readings.registry import Reading
from .redactor import Redactor
from .report import Report
from .report_data import (
    DepartureReport,
    EmptyPanReport,
    Evidence,
    ExchangeReport,
    OperationReport,
    ReadingReport,
    UnknownFieldReport,
)
from .unknown_fields import UnknownField, find_unknown_fields, format_example

NEVER_CALLED = ("commit_registered_item", "result_feedback", "clear_all_template", "set_sync_master")
"""No level calls these operations: what they change cannot be undone."""
NOT_READABLE = {"v2": ("set_calib",)}
"""What no level writes back, because it cannot be read."""


def build_report(observations: Observations, finished: datetime, *, redact: bool) -> Report:
    """Build the report. `redact` replaces serial numbers, the store and names of backups."""
    version = observations.version or "v1"
    is_checked = observations.outcome in ("complete", "broken_off")
    unknown = find_unknown_fields(observations.exchanges, version) if is_checked else []
    redactor = Redactor(redact, observations, unknown)
    return Report(
        outcome=observations.outcome,
        stopped_because=redactor.redact_text(observations.stopped_because),
        url=observations.url,
        effects=observations.effects,
        also=observations.also,
        started=_format_time(observations.started or finished),
        finished=_format_time(finished),
        api=observations.version if is_checked else None,
        contract=get_contract_version(version),
        redacted=redact,
        device_info=redactor.redact_device_info(observations.device_info),
        readings=tuple(
            _report_reading(each, observations, redactor) for each in READINGS if version in each.versions
        ),
        empty_pan=_report_empty_pan(observations, redactor) if is_checked else None,
        departures=_report_departures(observations, redactor, version),
        unknown_fields=tuple(_report_unknown_field(each, redactor, redact=redact) for each in unknown),
        operations=tuple(
            _report_operation(each, observations, version)
            for each in list_operations(version).values()
            if not each.deprecated
        ),
        left_out=tuple(map(redactor.redact_text, dict.fromkeys(observations.left_out))),
        traces=tuple(map(redactor.redact_text, dict.fromkeys(observations.traces))),
        profile=make_profile(observations, finished) if is_checked else None,
        exchanges=tuple(_report_exchange(each, redactor) for each in observations.exchanges),
    )


def _format_time(time: datetime) -> str:
    return time.isoformat(timespec="seconds")


def _name_option(level: Effect, operation: str | None = None) -> str:
    also = f" --also {operation}" if operation in FURTHER else ""
    return f"--effects {level}{also}"


def _report_reading(reading: Reading, observations: Observations, redactor: Redactor) -> ReadingReport:
    finding = reading.probe(observations)
    tried_by = None
    level = finding.level or reading.level
    if finding.verdict == "not_tried" and level is not None:
        needed = _name_option(level, "reset_device" if reading.id == "A13" else None)
        tried_by = needed if _is_not_allowed(needed, observations) else None
    return ReadingReport(
        id=reading.id,
        text=reading.text,
        reading=reading.reading,
        verdict=finding.verdict,
        found=redactor.redact_text(finding.found),
        copes=finding.copes,
        tried_by=tried_by,
        evidence=_report_evidence(finding.evidence, redactor),
    )


def _report_evidence(exchanges: Iterable[Exchange], redactor: Redactor) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(each.number, each.purpose, redactor.format_request(each), redactor.format_response(each))
        for each in exchanges
    )


def _report_empty_pan(observations: Observations, redactor: Redactor) -> EmptyPanReport | None:
    finding = find_empty_pan(observations)
    if finding is None:
        return None
    return EmptyPanReport(finding.found, finding.watch, _report_evidence(finding.evidence, redactor))


def _is_not_allowed(needed: str, observations: Observations) -> bool:
    level, _, further = needed.removeprefix("--effects ").partition(" --also ")
    allowed = EFFECTS[: EFFECTS.index(observations.effects) + 1]
    return level not in allowed or (further != "" and further not in observations.also)


def _report_unknown_field(field: UnknownField, redactor: Redactor, *, redact: bool) -> UnknownFieldReport:
    example = next((each for each in field.values if each not in (None, "")), field.values[0])
    return UnknownFieldReport(
        request=field.request,
        where=field.where,
        known=field.known,
        types=field.types,
        example=redactor.redact_text(format_example(example, redact=redact)),
        exchange=field.exchange,
    )


def _report_departures(
    observations: Observations, redactor: Redactor, version: Version
) -> tuple[DepartureReport, ...]:
    first: dict[tuple[str, Departure], Exchange] = {}
    count: Counter[tuple[str, Departure]] = Counter()
    known: dict[tuple[object, ...], list[Departure]] = {}  # a module repeats most responses
    for exchange in observations.exchanges:
        if exchange.operation is None or not exchange.is_complete:
            continue
        response = (exchange.operation, exchange.status, exchange.content_type, exchange.body)
        if response not in known:
            known[response] = list(find_response_departures(exchange, version))
        for departure in known[response]:
            key = (exchange.operation, departure)
            first.setdefault(key, exchange)
            count[key] += 1
    return tuple(
        DepartureReport(
            operation=operation,
            kind=departure.kind,
            where=departure.where,
            found=redactor.redact_departure(departure),
            reading=find_reading(operation, departure, version),
            count=count[operation, departure],
            exchange=exchange.number,
        )
        for (operation, departure), exchange in first.items()
    )


def _report_operation(
    operation: Operation[Any], observations: Observations, version: Version
) -> OperationReport:
    names = {
        operation.name,
        *(each.name for each in list_operations(version).values() if each.path == operation.alternative_path),
    }
    exchanges = [each for each in observations.exchanges if each.operation in names]
    times = [each.milliseconds for each in exchanges if each.milliseconds is not None]
    needed = _name_option(_get_level(operation), operation.name)
    never_called = (*NEVER_CALLED, *NOT_READABLE.get(version, ()))
    can_be_called = not exchanges and operation.name not in never_called
    return OperationReport(
        operation=operation.name,
        effect=operation.effect,
        asked=len(exchanges),
        answered=len(times),
        codes=_count(each.code for each in exchanges if each.code is not None),
        statuses=_count(each.status for each in exchanges if each.status is not None),
        content_types=_count(each.content_type for each in exchanges if each.status is not None),
        median_ms=round(statistics.median(times), 1) if times else None,
        max_ms=round(max(times), 1) if times else None,
        tried_by=needed if can_be_called and _is_not_allowed(needed, observations) else None,
    )


def _get_level(operation: Operation[Any]) -> Effect:
    """Return the level that calls an operation."""
    if operation.name in ("download_backup", "get_item_template_list"):
        return "act"  # they only read, but they need a backup or a product
    return "destructive" if operation.name in FURTHER else operation.effect


def _count(values: Iterable[object]) -> dict[str, int]:
    return dict(Counter(map(str, values)))


def _report_exchange(exchange: Exchange, redactor: Redactor) -> ExchangeReport:
    return ExchangeReport(
        number=exchange.number,
        operation=exchange.operation,
        purpose=exchange.purpose,
        method=exchange.method,
        target=redactor.redact_text(exchange.target),
        sent=redactor.format_body(exchange.sent),
        status=exchange.status,
        content_type=exchange.content_type,
        received=redactor.format_response(exchange),
        size=exchange.size,
        milliseconds=None if exchange.milliseconds is None else round(exchange.milliseconds, 1),
        failure=exchange.failure,
    )
