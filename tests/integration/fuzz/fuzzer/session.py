"""Run schemathesis, and collect the results."""

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
from .emulator_app import EmulatorApp

_SETTINGS = Path(__file__).parents[1] / "schemathesis.toml"
_REGISTERED = (checks, links)  # imported because they register hooks and checks

_CODE = re.compile(rb'\s*\{\s*"code"\s*:\s*(-?\d+)')
_STATUS = re.compile(rb'"status"\s*:\s*(-?\d+)')

PhaseLabel = Literal["examples", "coverage", "fuzzing", "stateful"]
PHASES: tuple[PhaseLabel, ...] = ("examples", "coverage", "fuzzing", "stateful")


@frozen(kw_only=True)
class Plan:
    """The requests of a run."""

    api: contract.Api = "v1"
    """The version of the API: its document has the operations."""
    operations: frozenset[str]
    """Labels of the operations to call. No other operation is called in any phase."""
    cases: int
    """The number of cases in the fuzzing phase for each operation with parameters."""
    scenarios: int
    """The number of sequences of calls in the stateful phase."""
    seed: int = 1
    phases: tuple[PhaseLabel, ...] = PHASES
    positive_only: bool = False
    rate: str | None = None
    """The maximum rate of requests, such as `5/s`."""


@frozen
class Finding:
    """A failed check of an operation."""

    check: str
    operation: str
    message: str
    example: str
    """Shell commands that reproduce the failure."""


@define
class Report:
    """The results of a run."""

    generated: Counter[str] = field(factory=Counter)
    """Cases by phase."""
    completed: Counter[str] = field(factory=Counter)
    """Cases with a response, by phase."""
    scenarios: int = 0
    """The number of sequences of calls in the stateful phase."""
    responses: Counter[tuple[str, str, int | None, int | None]] = field(factory=Counter)
    """The phase, operation, `code` and `status` of the responses. `code` and `status` can be None."""
    findings: dict[tuple[str, str], Finding] = field(factory=dict)
    """The first failure of each check and operation."""
    failed: Counter[tuple[str, str]] = field(factory=Counter)
    """The number of failures of each check and operation."""
    errors: list[str] = field(factory=list)
    """Errors of schemathesis itself."""
    requests: list[tuple[str, str, bytes]] = field(factory=list)
    """The method, URL and body of all requests, in order."""

    @property
    def lost(self) -> int:
        """The number of cases without a response."""
        return self.generated.total() - self.completed.total()

    @property
    def passed(self) -> bool:
        """Whether there were cases, all have a response, and all checks passed."""
        return self.generated.total() > 0 and not (self.findings or self.errors or self.lost)

    @property
    def failed_checks(self) -> set[str]:
        """The names of the checks that failed."""
        return {check for check, _ in self.findings}


def run(
    plan: Plan,
    target: EmulatorApp | str,
    *,
    served_at: str | None = None,
    report_dir: Path | None = None,
    log: Callable[[str], object] = lambda text: None,
) -> Report:
    """Run a plan with an emulator or a URL.

    The emulator is called in this process, unless it has a URL, `served_at`. `log` gets a line for each
    phase.
    """
    url = target if isinstance(target, str) else served_at
    # Never the address in the contract, which is that of a real module.
    schema = _load(plan, url or "http://127.0.0.1")
    if isinstance(target, EmulatorApp):
        _attach(schema, target)
        schema.app = target if served_at is None else None
    report = Report()
    with ExitStack() as stack:
        writers = _Writers(schema.config, report_dir, stack) if report_dir else None
        for event in _Engine(schema).execute():
            _collect(report, event, log)
            if writers:
                writers.write(event)
    return report


class _Engine(Engine):
    """Schemathesis without its first two requests, which have undocumented paths."""

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
    schema = schemathesis.openapi.from_dict(contract.load(plan.api).copy_document(), config=config)
    return schema.include(lambda context: context.operation.label in plan.operations)


def _attach(schema: Any, target: EmulatorApp) -> None:
    @schema.hook("after_call")
    def after_call(
        context: schemathesis.HookContext, case: schemathesis.Case, response: schemathesis.Response
    ) -> None:
        target.after_call(case)

    build = schema.build_state_machine

    def build_state_machine(**sources: Any) -> type:
        class ResetStateMachine(build(**sources)):  # type: ignore[misc]  # the base class is created at run time
            def __init__(self) -> None:
                target.reset()
                super().__init__()

        return ResetStateMachine

    schema.build_state_machine = build_state_machine


def _collect(report: Report, event: events.EngineEvent, log: Callable[[str], object]) -> None:
    if isinstance(event, events.NonFatalError):
        report.errors.append(f"{event.label}: {event.info.title}: {event.info.message}")
    elif isinstance(event, events.FatalError):
        report.errors.append(repr(event.exception))
    elif isinstance(event, events.Interrupted):
        report.errors.append("interrupted")
    elif isinstance(event, events.PhaseFinished) and event.phase.name.value in PHASES:
        phase = event.phase.name.value
        log(f"{phase}: {report.completed[phase]} of {report.generated[phase]} cases completed")
    elif isinstance(event, events.ScenarioFinished):
        if event.phase is PhaseName.STATEFUL_TESTING:
            report.scenarios += 1
        _collect_scenario(report, event.phase.value, event.recorder)


def _collect_scenario(report: Report, phase: str, recorder: ScenarioRecorder) -> None:
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
        report.completed[phase] += 1
        report.responses[phase, operation, *_code_and_status(interaction.response.content)] += 1
        for check in recorder.checks.get(case_id, ()):
            if check.failure_info:
                key = check.name, operation
                failure = check.failure_info.failure
                report.failed[key] += 1
                report.findings.setdefault(
                    key,
                    Finding(
                        check.name,
                        operation,
                        f"{failure.title}: {failure.message}",
                        check.failure_info.code_sample,
                    ),
                )


def _code_and_status(content: bytes) -> tuple[int | None, int | None]:
    # By regular expressions, because only the beginning of a long response is recorded.
    code, status = _CODE.match(content), _STATUS.search(content)
    return int(code[1]) if code else None, int(status[1]) if code and status else None


class _Writers:
    """JUnit and HAR reports in a folder."""

    def __init__(self, config: Any, folder: Path, stack: ExitStack) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._junit = stack.enter_context(JunitXmlWriter(folder / "junit.xml", config.output))
        self._har = stack.enter_context(HarWriter(folder / "requests.har", config.output))
        self._har.open()

    def write(self, event: events.EngineEvent) -> None:
        """Write an event to the files."""
        if isinstance(event, events.ScenarioFinished) and event.status is not Status.SKIP:
            self._har.write(event.recorder)
            self._junit.write(event.recorder, event.elapsed_time, status=event.status)
        elif isinstance(event, events.NonFatalError):
            self._junit.record_error(event.label, event.info.message)
