"""The report as a Markdown page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from .empty_pan import format_watch
from .observations import Outcome
from .readings.registry import Copes, Verdict
from .report_data import EmptyPanReport, Evidence, OperationReport, ReadingReport, ReportData

VERDICTS: Mapping[Verdict, str] = {
    "as_read": "as read",
    "otherwise": "**otherwise**",
    "not_tried": "not tried",
}
COPES: Mapping[Copes, str] = {
    "by_itself": "The SDK copes with it.",
    "with_profile": "The SDK needs the profile.",
    "no": "**The SDK cannot cope with it.**",
}
OUTCOMES: Mapping[Outcome, str] = {
    "complete": "",
    "unreachable": "The module could not be reached",
    "not_a_module": "There is no VISION-AI module at this address",
    "broken_off": "The module stopped responding",
}
INFO = {
    "firmware": "Firmware",
    "engine": "Engine",
    "app": "Application",
    "board": "Board",
    "sdk": "SDK on the module",
    "sync": "Synchronization",
}


def render_markdown(report: ReportData) -> str:
    """Render the report as a Markdown page."""
    parts = ["# Conformance report", _render_head(report), _summarize(report)]
    if report.traces:
        parts += ["## Changes on the module", _render_list(report.traces)]
    if not any(each.answered for each in report.operations):
        return "\n\n".join(parts) + "\n"
    parts += ["## Readings", _render_readings(report.readings)]
    if report.otherwise:
        parts += ["## Evidence", *map(_render_evidence, report.otherwise)]
    if report.empty_pan is not None:
        parts += ["## Empty pan", _render_empty_pan(report.empty_pan)]
    if report.departures:
        parts += ["## Departures from the contract", _render_departures(report)]
    if report.unknown_fields:
        parts += ["## Unknown to the contract", render_unknown_fields(report)]
    parts += ["## Operations", _render_operations(report.operations)]
    if report.left_out:
        parts += ["## Not possible", _render_list(report.left_out)]
    if report.profile is not None:
        profile = json.dumps(report.profile.to_dict(), ensure_ascii=False, indent=2)
        parts += ["## Profile", f"For `VisionAI(profile=…)`:\n\n```json\n{profile}\n```"]
    return "\n\n".join(parts) + "\n"


def _summarize(report: ReportData) -> str:
    """Summarize the result in a few sentences."""
    if not report.complete:
        return f"**{OUTCOMES[report.outcome]}: {report.stopped_because}**"
    untried = sum(each.verdict == "not_tried" for each in report.readings)
    rest = f" {_count(untried, 'reading was', 'readings were')} not tried." if untried else ""
    if report.conforms:
        return f"**The module conforms to the contract.**{rest}"
    otherwise = f"{len(report.otherwise) or 'No'} of {len(report.readings)} readings otherwise"
    departures = _count(len(report.departures), "departure", "departures")
    return f"**{otherwise}, {departures} from the contract.**{rest}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _render_head(report: ReportData) -> str:
    info = report.device_info or {}
    also = f", also {', '.join(report.also)}" if report.also else ""
    facts = {
        "Module": report.url,
        **({} if report.redacted or not info else {"Serial number": str(info.get("sn"))}),
        **{label: str(info[name]) for name, label in INFO.items() if info.get(name)},
        "Checked": f"{report.started} to {report.finished}, {len(report.exchanges)} requests",
        "Effects": f"{report.effects}{also}",
        "API": f"{report.api or 'unknown'}".upper(),
        "Contract": report.contract,
        "SDK": report.sdk,
    }
    return _render_table(("", ""), facts.items())


def _render_readings(readings: Iterable[ReadingReport]) -> str:
    return _render_table(
        ("", "", "Found"),
        ((each.id, VERDICTS[each.verdict], _render_finding(each)) for each in readings),
    )


def _render_finding(reading: ReadingReport) -> str:
    further = [COPES[reading.copes]] if reading.copes else []
    further += [f"To try it: {reading.tried_by}."] if reading.tried_by else []
    return " ".join([reading.found, *further])


def _render_evidence(reading: ReadingReport) -> str:
    head = f"**{reading.id}.** The vendor's text: {reading.text} Read as: {reading.reading}"
    return f"{head}\n\n{_render_exchanges(reading.evidence)}"


def _render_exchanges(evidence: Iterable[Evidence]) -> str:
    return "\n\n".join(
        f"Request {each.exchange}{_bracket(each.purpose)}: {_render_code(each.request)}\n\n"
        f"{_render_block(each.received)}"
        for each in evidence
    )


def _render_empty_pan(empty_pan: EmptyPanReport) -> str:
    watch = (
        "" if empty_pan.watch is None else f" Use {_render_code(f'module.{format_watch(empty_pan.watch)}')}."
    )
    exchanges = _render_exchanges(empty_pan.evidence)
    return f"{empty_pan.found}{watch}\n\n{exchanges}".strip()


def _bracket(text: str) -> str:
    return f" ({text})" if text else ""


def _render_departures(report: ReportData) -> str:
    return _render_table(
        ("Operation", "Kind", "Where", "Found", "Times", "Request", "Reading"),
        (
            (
                each.operation,
                each.kind.replace("_", " "),
                _render_code(each.where) if each.where else "",
                _render_code(each.found) if each.found else "",
                each.count,
                each.exchange,
                each.reading or "",
            )
            for each in report.departures
        ),
    )


def render_unknown_fields(report: ReportData) -> str:
    """Render what the contract does not know, to be pasted into an issue."""
    info = report.device_info or {}
    versions = {"API": f"{report.api}".upper(), "Contract": report.contract}
    versions |= {label: str(info[name]) for name, label in INFO.items() if info.get(name)}
    head = ", ".join(f"{label} {value}" for label, value in versions.items())
    how = "In the examples, letters are a or A, and digits 0." if report.redacted else ""
    table = _render_table(
        ("Request", "Field", "JSON type", "Example", "Known"),
        (
            (
                _render_code(each.request),
                _render_code(each.where),
                ", ".join(each.types),
                _render_code(each.example),
                "by name" if each.known == "name" else "no",
            )
            for each in report.unknown_fields
        ),
    )
    return f"{head}. {how}".strip() + f"\n\n{table}"


def _render_operations(operations: Iterable[OperationReport]) -> str:
    return _render_table(
        ("Operation", "Effect", "Calls", "Codes", "HTTP", "Median ms", "Max ms"),
        (
            (
                each.operation,
                each.effect,
                each.asked or (f"– ({each.tried_by})" if each.tried_by else "–"),
                _render_counts(each.codes),
                _render_counts(each.statuses),
                "" if each.median_ms is None else each.median_ms,
                "" if each.max_ms is None else each.max_ms,
            )
            for each in operations
        ),
    )


def _render_counts(counts: Mapping[str, int]) -> str:
    return ", ".join(value if times == 1 else f"{value} ×{times}" for value, times in counts.items())


def _render_list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _render_table(head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> str:
    lines = [head, tuple("---" for _ in head), *(tuple(map(str, row)) for row in rows)]
    return "\n".join("| " + " | ".join(_escape_cell(each) for each in line) + " |" for line in lines)


def _escape_cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _render_code(text: str) -> str:
    """Render as inline code, even if the text has backquotes."""
    text = text.replace("\n", " ")
    fence = "``" if "`" in text else "`"
    space = " " if "`" in text else ""
    return f"{fence}{space}{text}{space}{fence}"


def _render_block(text: str) -> str:
    fence = "~~~" if "```" in text else "```"
    return f"{fence}\n{text}\n{fence}"
