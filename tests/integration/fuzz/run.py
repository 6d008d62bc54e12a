"""The fuzzing gate. `python tests/integration/fuzz/run.py` tries the emulator, `--url` a module.

A module is treated with care: one request at a time and five a second, only what conforms to the contract,
and only operations that change nothing unless --effects says otherwise.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from gate import contract
from gate.emulated import Served
from gate.session import PHASES, Plan, Report, run

EFFECTS = ("read", "set", "act", "destructive")

RATE = "5/s"
# Neither has a parameter that could be varied; both may drop the connection before they answer (A13), and
# no documented call brings back the terminal's address or the store that they can cost.
NEVER_ON_A_MODULE = frozenset({"POST /api/reboot", "POST /api/reset_device"})

# These two succeed only with what an earlier call has given.
_FEEDBACK = "POST /api/result_feedback"
_RESTORE = ("POST /api/start_restore", "POST /api/restore")

# Shares of the wanted number of cases, as measured: the fuzzing phase varies 10 operations, and a scenario of
# the stateful phase has about 27 calls. Examples and coverage have a few hundred whatever is wanted.
_VARIED = 10
_CALLS = 27
_ON_A_MODULE = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code is 0 where every case was answered as documented, else 1."""
    options = _options(arguments)
    # The form parser of the emulator tells on its own account what is wrong with a broken form.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    if options.url is None:
        report = _on_the_emulator(options.cases or 10_500, options.seed, options.report_dir)
    else:
        plan = careful(options.effects, options.cases or _ON_A_MODULE, options.seed)
        print(f"{options.url}: {len(plan.operations)} operations, at most {RATE}, no reboot, no reset")
        report = run(plan, options.url.rstrip("/"), report_dir=options.report_dir, said=_say)
    _summarise(report, options.report_dir)
    return 0 if report.passed else 1


def thorough(cases: int, seed: int) -> Plan:
    """For the emulator: everything."""
    return Plan(
        operations=frozenset(contract.operations()),
        cases=max(1, cases * 55 // 100 // _VARIED),
        scenarios=max(1, cases * 42 // 100 // _CALLS),
        seed=seed,
    )


def careful(effects: str, cases: int, seed: int) -> Plan:
    """For a module: `effects` is the worst that may happen to it."""
    allowed = EFFECTS[: EFFECTS.index(effects) + 1]
    return Plan(
        operations=frozenset(
            each.label
            for each in contract.operations().values()
            if each.effect in allowed and not each.deprecated and each.label not in NEVER_ON_A_MODULE
        ),
        cases=max(1, cases // _VARIED),
        scenarios=max(1, cases // _CALLS),
        seed=seed,
        positive_only=True,
        rate=RATE,
    )


def _on_the_emulator(cases: int, seed: int, report_dir: Path) -> Report:
    target = Served()
    with target.serve() as url:
        print(f"the emulator on {url}, seed {seed}")
        return run(thorough(cases, seed), target, served_at=url, report_dir=report_dir, said=_say)


def _summarise(report: Report, report_dir: Path) -> None:
    print()
    print(f"{'':12}{'generated':>10}{'answered':>10}")
    for phase in PHASES:
        print(f"{phase:12}{report.generated[phase]:10}{report.answered[phase]:10}")
    print(f"{'in all':12}{report.generated.total():10}{report.answered.total():10}")
    print(
        f"\n{report.scenarios} scenarios, with {_times(report, _FEEDBACK)} choices sent back for real"
        f" recognitions and {_times(report, *_RESTORE)} restores of downloaded backups"
    )
    for (check, operation), finding in report.findings.items():
        print(f"\nFAILED {check}, {operation}, {report.failed[check, operation]} times")
        print(f"  {finding.message}")
        print("  " + finding.example.replace("\n", "\n  "))
    for error in report.errors:
        print(f"\nERROR {error}")
    if report.lost:
        print(f"\nERROR {report.lost} cases were not answered")
    print(f"\nreports: {report_dir / 'junit.xml'}, {report_dir / 'requests.har'}")
    print("passed" if report.passed else "failed")


def _times(report: Report, *operations: str) -> int:
    """How often calls of the stateful phase succeeded."""
    return sum(
        number
        for (phase, operation, code, _), number in report.answers.items()
        if phase == "stateful" and operation in operations and code == 0
    )


def _say(text: str) -> None:
    print(text, flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a module, such as http://172.22.0.6; without it, a fresh emulator")
    parser.add_argument(
        "--effects",
        choices=EFFECTS,
        default="read",
        help="the worst that may happen to the module at --url (default: %(default)s)",
    )
    parser.add_argument(
        "--cases", type=_positive, help=f"about how many (default: 10000, at --url {_ON_A_MODULE})"
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="the same one repeats a run (default: %(default)s)"
    )
    parser.add_argument("--report-dir", type=Path, default=Path("fuzz-reports"), help="default: %(default)s")
    return parser.parse_args(arguments)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
