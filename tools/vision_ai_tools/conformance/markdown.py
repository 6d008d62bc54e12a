"""The report in Markdown, for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from .observations import Outcome
from .readings.judgments import Copes, Verdict
from .report import OperationReport, ReadingReport, Report

VERDICTS: Mapping[Verdict, str] = {
    "as_read": "as read",
    "otherwise": "**otherwise**",
    "not_tried": "not tried",
}
COPES: Mapping[Copes, str] = {
    "by_itself": "The SDK copes by itself.",
    "with_profile": "The SDK needs the profile.",
    "no": "**The SDK cannot cope.**",
}
OUTCOMES: Mapping[Outcome, str] = {
    "complete": "",
    "unreachable": "The module could not be reached",
    "not_a_module": "What answers there is no VISION-AI module",
    "broken_off": "The module went away in the middle",
}
INFO = {
    "firmware": "Firmware",
    "engine": "Engine",
    "sdk": "SDK on it",
    "sync": "Synchronisation",
}


def markdown(report: Report) -> str:
    """The report as a page."""
    parts = ["# Conformance of a module", _head(report), summary(report)]
    if report.traces:
        parts += ["## What is not as it was before", _list(report.traces)]
    if not any(each.answered for each in report.operations):
        return "\n\n".join(parts) + "\n"
    parts += ["## Readings", _readings(report.readings)]
    if report.otherwise:
        parts += ["## Evidence", *map(_evidence, report.otherwise)]
    if report.departures:
        parts += ["## Departures from the contract", _departures(report)]
    parts += ["## Operations", _operations(report.operations)]
    if report.left_out:
        parts += ["## Allowed, and not possible", _list(report.left_out)]
    if report.profile is not None:
        profile = json.dumps(report.profile.to_dict(), ensure_ascii=False, indent=2)
        parts += ["## Profile", f"For `VisionAI(profile=…)`:\n\n```json\n{profile}\n```"]
    return "\n\n".join(parts) + "\n"


def summary(report: Report) -> str:
    """What came out, in a few sentences."""
    if not report.complete:
        return f"**{OUTCOMES[report.outcome]}: {report.stopped_because}**"
    untried = sum(each.verdict == "not_tried" for each in report.readings)
    left = f" {_counted(untried, 'reading was', 'readings were')} not tried." if untried else ""
    if report.conforms:
        return f"**Nothing departs from the contract.**{left}"
    otherwise = f"{len(report.otherwise) or 'No'} of {len(report.readings)} readings otherwise"
    departures = _counted(len(report.departures), "departure", "departures")
    return f"**{otherwise}, {departures} from the contract.**{left}"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _head(report: Report) -> str:
    info = report.device_info or {}
    also = f", also {', '.join(report.also)}" if report.also else ""
    facts = {
        "Module": report.url,
        **({} if report.redacted or not info else {"Serial number": str(info["sn"])}),
        **{label: str(info[name]) for name, label in INFO.items() if info.get(name)},
        "Examined": f"{report.started} to {report.finished}, {len(report.exchanges)} requests",
        "Effects": f"{report.effects}{also}",
        "Contract": report.contract,
        "SDK": report.sdk,
    }
    return _table(("", ""), facts.items())


def _readings(readings: Iterable[ReadingReport]) -> str:
    return _table(
        ("", "", "Found"),
        ((each.id, VERDICTS[each.verdict], _found(each)) for each in readings),
    )


def _found(reading: ReadingReport) -> str:
    further = [COPES[reading.copes]] if reading.copes else []
    further += [f"To be tried by {reading.tried_by}."] if reading.tried_by else []
    return " ".join([reading.found, *further])


def _evidence(reading: ReadingReport) -> str:
    told = f"**{reading.id}.** The vendor's text: {reading.text} Read as: {reading.reading}"
    shown = "\n\n".join(
        f"Request {each.exchange}{_bracketed(each.purpose)}: {_code(each.request)}\n\n{_block(each.received)}"
        for each in reading.evidence
    )
    return f"{told}\n\n{shown}"


def _bracketed(words: str) -> str:
    return f" ({words})" if words else ""


def _departures(report: Report) -> str:
    return _table(
        ("Operation", "Kind", "Where", "Found", "Times", "Request", "Reading"),
        (
            (
                each.operation,
                each.kind.replace("_", " "),
                _code(each.where) if each.where else "",
                _code(each.found) if each.found else "",
                each.count,
                each.exchange,
                each.reading or "",
            )
            for each in report.departures
        ),
    )


def _operations(operations: Iterable[OperationReport]) -> str:
    return _table(
        ("Operation", "Effect", "Asked", "Codes", "HTTP", "Median ms", "Most ms"),
        (
            (
                each.operation,
                each.effect,
                each.asked or (f"– ({each.tried_by})" if each.tried_by else "–"),
                _numbers(each.codes),
                _numbers(each.statuses),
                "" if each.median_ms is None else each.median_ms,
                "" if each.max_ms is None else each.max_ms,
            )
            for each in operations
        ),
    )


def _numbers(counted: Mapping[str, int]) -> str:
    return ", ".join(value if times == 1 else f"{value} ×{times}" for value, times in counted.items())


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> str:
    lines = [head, tuple("---" for _ in head), *(tuple(map(str, row)) for row in rows)]
    return "\n".join("| " + " | ".join(_cell(each) for each in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _code(text: str) -> str:
    """As code, whatever is in it."""
    text = text.replace("\n", " ")
    fence = "``" if "`" in text else "`"
    space = " " if "`" in text else ""
    return f"{fence}{space}{text}{space}{fence}"


def _block(text: str) -> str:
    fence = "~~~" if "```" in text else "```"
    return f"{fence}\n{text}\n{fence}"
