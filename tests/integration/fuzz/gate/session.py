"""One run of schemathesis, and what came of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal

import schemathesis
from attrs import define, field, frozen
from schemathesis.engine import Status, events
from schemathesis.engine.core import Engine
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.engine.run import Phase, PhaseName
from schemathesis.reporting.har import HarWriter
from schemathesis.reporting.junitxml import JunitXmlWriter

from . import checks, contract, links
from .emulated import Emulated

_SETTINGS = Path(__file__).parents[1] / "schemathesis.toml"
_REGISTERED = (checks, links)  # imported for what they register

_CODE = re.compile(rb'\s*\{\s*"code"\s*:\s*(-?\d+)')
_STATUS = re.compile(rb'"status"\s*:\s*(-?\d+)')

PhaseLabel = Literal["examples", "coverage", "fuzzing", "stateful"]
PHASES: tuple[PhaseLabel, ...] = ("examples", "coverage", "fuzzing", "stateful")


@frozen(kw_only=True)
class Plan:
    """What to send."""

    operations: frozenset[str]
    """Labels of the operations that may be called; no other is, in any phase."""
    cases: int
    """How many cases the fuzzing phase makes for each operation that has something to vary."""
    scenarios: int
    """How many sequences of calls the stateful phase walks."""
    seed: int = 1
    phases: tuple[PhaseLabel, ...] = PHASES
    positive_only: bool = False
    rate: str | None = None
    """At most so many requests, such as `5/s`."""


@frozen
class Finding:
    """A check that failed for an operation."""

    check: str
    operation: str
    message: str
    example: str
    """A shell command, or several, that show it."""


@define
class Report:
    """What was sent and what came back."""

    generated: Counter[str] = field(factory=Counter)
    """Cases by phase."""
    answered: Counter[str] = field(factory=Counter)
    """Those of them that were sent and answered."""
    scenarios: int = 0
    """Sequences of calls in the stateful phase."""
    answers: Counter[tuple[str, str, int | None, int | None]] = field(factory=Counter)
    """Phase, operation, `code` and `status` of the answers; None where there is none such."""
    findings: dict[tuple[str, str], Finding] = field(factory=dict)
    """The first of each check and operation."""
    failed: Counter[tuple[str, str]] = field(factory=Counter)
    """How often each of them failed."""
    errors: list[str] = field(factory=list)
    """What kept schemathesis from doing its work."""
    requests: list[tuple[str, str, bytes]] = field(factory=list)
    """Method, URL and body of everything that was sent, in order."""

    @property
    def lost(self) -> int:
        """Cases that have no answer."""
        return self.generated.total() - self.answered.total()

    @property
    def passed(self) -> bool:
        """Whether there were cases, all were answered, and all answers are as they should be."""
        return self.generated.total() > 0 and not (self.findings or self.errors or self.lost)

    @property
    def failed_checks(self) -> set[str]:
        """The names of the checks that failed."""
        return {check for check, _ in self.findings}


def run(
    plan: Plan,
    target: Emulated | str,
    *,
    served_at: str | None = None,
    report_dir: Path | None = None,
    said: Callable[[str], object] = lambda text: None,
) -> Report:
    """Carry out a plan on an emulator or a URL.

    An emulator is reached in this process unless it is `served_at` a URL. `said` gets a line of progress for
    each phase.
    """
    url = target if isinstance(target, str) else served_at
    # Never the contract's own address: that is the module's.
    schema = _load(plan, url or "http://127.0.0.1")
    if isinstance(target, Emulated):
        _attach(schema, target)
        schema.app = target if served_at is None else None
    report = Report()
    with ExitStack() as stack:
        writers = _Writers(schema.config, report_dir, stack) if report_dir else None
        for event in _Engine(schema).execute():
            _take(report, event, said)
            if writers:
                writers.take(event)
    return report


class _Engine(Engine):
    """Schemathesis without the two requests to undocumented paths that it begins with otherwise."""

    def get_phase_config(
        self, phase_name: PhaseName, *, is_supported: bool, requires_transitions: bool
    ) -> Phase:
        phase = super().get_phase_config(
            phase_name, is_supported=is_supported, requires_transitions=requires_transitions
        )
        if phase_name is PhaseName.PROBING:
            phase.is_enabled = False
        return phase


def _load(plan: Plan, base_url: str) -> Any:
    config = schemathesis.Config.from_path(_SETTINGS)
    config.update(seed=plan.seed, max_failures=None)
    project = config.projects.default
    project.update(base_url=base_url, rate_limit=plan.rate)
    project.phases.update(phases=list(plan.phases))
    if plan.positive_only:
        project.generation.update(modes=[schemathesis.GenerationMode.POSITIVE])
    project.phases.fuzzing.generation.update(max_examples=plan.cases)
    project.phases.stateful.generation.update(max_examples=plan.scenarios)
    schema = schemathesis.openapi.from_dict(contract.own_copy(), config=config)
    return schema.include(lambda context: context.operation.label in plan.operations)


def _attach(schema: Any, target: Emulated) -> None:
    @schema.hook("after_call")
    def after_call(
        context: schemathesis.HookContext, case: schemathesis.Case, response: schemathesis.Response
    ) -> None:
        target.after_call(case)

    build = schema.build_state_machine

    def build_state_machine(**sources: Any) -> type:
        class FromTheStart(build(**sources)):  # type: ignore[misc]  # made at run time
            def __init__(self) -> None:
                target.begin_anew()
                super().__init__()

        return FromTheStart

    schema.build_state_machine = build_state_machine


def _take(report: Report, event: events.EngineEvent, said: Callable[[str], object]) -> None:
    if isinstance(event, events.NonFatalError):
        report.errors.append(f"{event.label}: {event.info.title}: {event.info.message}")
    elif isinstance(event, events.FatalError):
        report.errors.append(repr(event.exception))
    elif isinstance(event, events.Interrupted):
        report.errors.append("interrupted")
    elif isinstance(event, events.PhaseFinished) and event.phase.name.value in PHASES:
        phase = event.phase.name.value
        said(f"{phase}: {report.answered[phase]} of {report.generated[phase]} cases answered")
    elif isinstance(event, events.ScenarioFinished):
        if event.phase is PhaseName.STATEFUL_TESTING:
            report.scenarios += 1
        _take_scenario(report, event.phase.value, event.recorder)


def _take_scenario(report: Report, phase: str, recorder: ScenarioRecorder) -> None:
    for case_id, node in recorder.cases.items():
        operation = node.value.operation.label
        report.generated[phase] += 1
        interaction = recorder.interactions.get(case_id)
        if interaction is None:
            continue
        request = interaction.request
        report.requests.append((request.method, request.uri, request.body or b""))
        if interaction.response is None:
            continue
        report.answered[phase] += 1
        report.answers[phase, operation, *_code_and_status(interaction.response.content)] += 1
        for check in recorder.checks.get(case_id, ()):
            if check.failure_info:
                found = check.name, operation
                failure = check.failure_info.failure
                report.failed[found] += 1
                report.findings.setdefault(
                    found,
                    Finding(
                        check.name,
                        operation,
                        f"{failure.title}: {failure.message}",
                        check.failure_info.code_sample,
                    ),
                )


def _code_and_status(content: bytes) -> tuple[int | None, int | None]:
    # By their place in the text: of a long answer only the beginning is recorded.
    code, status = _CODE.match(content), _STATUS.search(content)
    return int(code[1]) if code else None, int(status[1]) if code and status else None


class _Writers:
    """JUnit and HAR files in a folder."""

    def __init__(self, config: Any, folder: Path, stack: ExitStack) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._junit = stack.enter_context(JunitXmlWriter(folder / "junit.xml", config.output))
        self._har = stack.enter_context(HarWriter(folder / "requests.har", config.output))
        self._har.open()

    def take(self, event: events.EngineEvent) -> None:
        """Put an event down."""
        if isinstance(event, events.ScenarioFinished) and event.status is not Status.SKIP:
            self._har.write(event.recorder)
            self._junit.write(event.recorder, event.elapsed_time, status=event.status)
        elif isinstance(event, events.NonFatalError):
            self._junit.record_error(event.label, event.info.message)
