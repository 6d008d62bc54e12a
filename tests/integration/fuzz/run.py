"""Fuzz the emulator, or a module with `--url`, and compare the responses with the contract.

For a module, the fuzzer sends at most five requests per second, one at a time, and only valid ones. It calls
only operations that change nothing, unless you set --effects.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from fuzzer import contract
from fuzzer.emulator_app import EmulatorServer
from fuzzer.session import PHASES, Plan, Report, run

EFFECTS = ("read", "set", "act", "destructive")

RATE = "5/s"
# Both operations have no parameters, and can close the connection before the response (A13). They can delete
# the address of the terminal or the store, which no documented call can restore.
NEVER_ON_A_MODULE = frozenset({"POST /api/reboot", "POST /api/reset_device"})

# These operations succeed only with the result of an earlier call.
_FEEDBACK = "POST /api/result_feedback"
_RESTORE = ("POST /api/start_restore", "POST /api/restore")

# Measured numbers for the calculation of the cases: operations in the fuzzing phase, and calls in a scenario
# of the stateful phase. The examples and coverage phases always have a few hundred cases.
_FUZZED_OPERATIONS = 10
_CALLS_PER_SCENARIO = 27
_MODULE_CASES = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 if all responses are valid, else 1."""
    options = _options(arguments)
    # The form parser of the emulator logs each invalid form.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    if options.url is None:
        report = _fuzz_emulator(options.cases or 10_500, options.seed, options.report_dir)
    else:
        plan = plan_for_module(options.effects, options.cases or _MODULE_CASES, options.seed)
        print(f"{options.url}: {len(plan.operations)} operations, at most {RATE}, no reboot, no reset")
        report = run(plan, options.url.rstrip("/"), report_dir=options.report_dir, log=_print)
    _print_summary(report, options.report_dir)
    return 0 if report.passed else 1


def plan_for_emulator(cases: int, seed: int) -> Plan:
    """Plan a run with all operations."""
    return Plan(
        operations=frozenset(contract.operations()),
        cases=max(1, cases * 55 // 100 // _FUZZED_OPERATIONS),
        scenarios=max(1, cases * 42 // 100 // _CALLS_PER_SCENARIO),
        seed=seed,
    )


def plan_for_module(effects: str, cases: int, seed: int) -> Plan:
    """Plan a run with valid requests only. `effects` is the most harmful effect that is allowed."""
    allowed = EFFECTS[: EFFECTS.index(effects) + 1]
    return Plan(
        operations=frozenset(
            each.label
            for each in contract.operations().values()
            if each.effect in allowed and not each.deprecated and each.label not in NEVER_ON_A_MODULE
        ),
        cases=max(1, cases // _FUZZED_OPERATIONS),
        scenarios=max(1, cases // _CALLS_PER_SCENARIO),
        seed=seed,
        positive_only=True,
        rate=RATE,
    )


def _fuzz_emulator(cases: int, seed: int, report_dir: Path) -> Report:
    target = EmulatorServer()
    with target.serve() as url:
        print(f"the emulator on {url}, seed {seed}")
        return run(plan_for_emulator(cases, seed), target, served_at=url, report_dir=report_dir, log=_print)


def _print_summary(report: Report, report_dir: Path) -> None:
    print()
    print(f"{'':12}{'generated':>10}{'completed':>10}")
    for phase in PHASES:
        print(f"{phase:12}{report.generated[phase]:10}{report.completed[phase]:10}")
    print(f"{'total':12}{report.generated.total():10}{report.completed.total():10}")
    print(
        f"\n{report.scenarios} scenarios, with {_count_successes(report, _FEEDBACK)} feedbacks for"
        f" recognitions and {_count_successes(report, *_RESTORE)} restores of downloaded backups"
    )
    for (check, operation), finding in report.findings.items():
        print(f"\nFAILED {check}, {operation}, {report.failed[check, operation]} times")
        print(f"  {finding.message}")
        print("  " + finding.example.replace("\n", "\n  "))
    for error in report.errors:
        print(f"\nERROR {error}")
    if report.lost:
        print(f"\nERROR {report.lost} cases have no response")
    print(f"\nreports: {report_dir / 'junit.xml'}, {report_dir / 'requests.har'}")
    print("passed" if report.passed else "failed")


def _count_successes(report: Report, *operations: str) -> int:
    """Count the successful calls of the stateful phase."""
    return sum(
        number
        for (phase, operation, code, _), number in report.responses.items()
        if phase == "stateful" and operation in operations and code == 0
    )


def _print(text: str) -> None:
    print(text, flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--url", help="the URL of a module, such as http://172.22.0.6 (default: a new emulator)"
    )
    parser.add_argument(
        "--effects",
        choices=EFFECTS,
        default="read",
        help="the most harmful effect that is allowed with --url (default: %(default)s)",
    )
    parser.add_argument(
        "--cases",
        type=_positive,
        help=f"approximate number of cases (default: 10000, with --url: {_MODULE_CASES})",
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="the same seed repeats a run (default: %(default)s)"
    )
    parser.add_argument(
        "--report-dir",
        type=Path,
        default=Path("fuzz-reports"),
        help="folder of the reports (default: %(default)s)",
    )
    return parser.parse_args(arguments)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
