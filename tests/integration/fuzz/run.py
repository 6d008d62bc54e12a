"""Fuzz the emulator, or a module with `--url`, and compare the responses with the contract.

The emulator is fuzzed in each version of the API, unless you set --api. A module is asked for its version.

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
from fuzzer.contract import FILES, Api
from fuzzer.emulator_app import EmulatorServer
from fuzzer.session import PHASES, Plan, Report, run

from vision_ai import VisionAI

EFFECTS = ("read", "set", "act", "destructive")

RATE = "5/s"
# Both operations have no parameters, and can close the connection before the response (A13). They can delete
# the address of the terminal or the store, which no documented call can restore.
NEVER_ON_A_MODULE = frozenset({"POST /api/reboot", "POST /api/reset_device"})

# These operations succeed only with the result of an earlier call.
_CHAINED: dict[Api, dict[str, tuple[str, ...]]] = {
    "v1": {
        "feedbacks for recognitions": ("POST /api/result_feedback",),
        "restores of downloaded backups": ("POST /api/start_restore", "POST /api/restore"),
    },
    "v2": {
        "deletions of templates": ("POST /api/delete_item_template",),
        "deletions of products": ("POST /api/delete_item",),
    },
}

# Measured numbers for the calculation of the cases: operations in the fuzzing phase, and calls in a scenario
# of the stateful phase. The examples and coverage phases always have a few hundred cases.
_FUZZED_OPERATIONS: dict[Api, int] = {"v1": 10, "v2": 8}
_CALLS_PER_SCENARIO: dict[Api, int] = {"v1": 27, "v2": 27}
_EMULATOR_CASES: dict[Api, int] = {"v1": 10_500, "v2": 3_500}
_MODULE_CASES = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 if all responses are valid, else 1."""
    options = _options(arguments)
    # The form parser of the emulator logs each invalid form.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    if options.url is None:
        versions: Sequence[Api] = [options.api] if options.api else list(FILES)
        reports = [_fuzz_emulator(api, options) for api in versions]
    else:
        url = options.url.rstrip("/")
        reports = [_fuzz_module(options.api or _find_version(url), url, options)]
    return 0 if all(report.passed for report in reports) else 1


def plan_for_emulator(api: Api, cases: int, seed: int) -> Plan:
    """Plan a run with all operations."""
    return Plan(
        api=api,
        operations=frozenset(contract.load(api).operations),
        cases=max(1, cases * 55 // 100 // _FUZZED_OPERATIONS[api]),
        scenarios=max(1, cases * 42 // 100 // _CALLS_PER_SCENARIO[api]),
        seed=seed,
    )


def plan_for_module(api: Api, effects: str, cases: int, seed: int) -> Plan:
    """Plan a run with valid requests only. `effects` is the most harmful effect that is allowed."""
    allowed = EFFECTS[: EFFECTS.index(effects) + 1]
    return Plan(
        api=api,
        operations=frozenset(
            each.label
            for each in contract.load(api).operations.values()
            if each.effect in allowed and not each.deprecated and each.label not in NEVER_ON_A_MODULE
        ),
        cases=max(1, cases // _FUZZED_OPERATIONS[api]),
        scenarios=max(1, cases // _CALLS_PER_SCENARIO[api]),
        seed=seed,
        positive_only=True,
        rate=RATE,
    )


def _fuzz_emulator(api: Api, options: argparse.Namespace) -> Report:
    plan = plan_for_emulator(api, options.cases or _EMULATOR_CASES[api], options.seed)
    folder = options.report_dir / api
    target = EmulatorServer(api=api)
    with target.serve() as url:
        print(f"{api.upper()} of the emulator on {url}, seed {options.seed}")
        report = run(plan, target, served_at=url, report_dir=folder, log=_print)
    _print_summary(api, report, folder)
    return report


def _fuzz_module(api: Api, url: str, options: argparse.Namespace) -> Report:
    plan = plan_for_module(api, options.effects, options.cases or _MODULE_CASES, options.seed)
    folder = options.report_dir / api
    print(f"{url}: {len(plan.operations)} operations of {api.upper()}, at most {RATE}, no reboot, no reset")
    report = run(plan, url, report_dir=folder, log=_print)
    _print_summary(api, report, folder)
    return report


def _find_version(url: str) -> Api:
    with VisionAI(url) as module:
        module.get_device_info()
        assert module.api_version is not None
        return module.api_version


def _print_summary(api: Api, report: Report, report_dir: Path) -> None:
    print()
    print(f"{'':12}{'generated':>10}{'completed':>10}")
    for phase in PHASES:
        print(f"{phase:12}{report.generated[phase]:10}{report.completed[phase]:10}")
    print(f"{'total':12}{report.generated.total():10}{report.completed.total():10}")
    chained = [f"{_count_successes(report, *names)} {text}" for text, names in _CHAINED[api].items()]
    print(f"\n{report.scenarios} scenarios, with {' and '.join(chained)}")
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
        "--api",
        choices=list(FILES),
        help="the version of the API (default: both, or that of the module)",
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
        help="approximate number of cases for each version of the API"
        f" (default: 10000 for V1 and 3000 for V2, with --url: {_MODULE_CASES})",
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
