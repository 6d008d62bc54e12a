"""Compare the SDK with other clients, which send the same requests to the same server on this computer.

Every contender runs in a process of its own. In each round, all contenders run once, in a shuffled order. The
figures are the medians of the rounds. Only ratios carry over to another computer. See docs/performance.md.
"""

from __future__ import annotations

import argparse
import dataclasses
import signal
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from suite.measurement.runner import run_workload
from suite.measurement.settings import Settings
from suite.profiling.runner import profile_contenders
from suite.registry import CONTENDERS, ROOT, SDK, WORKLOADS, Action, Contender, Unit, add_baseline
from suite.results.records import MEGABYTE, WorkloadResult
from suite.results.report import render_json, render_markdown
from suite.setup.errors import CannotRunError
from suite.setup.machine import Machine, this_machine
from suite.setup.workspace import open_workspace

REPORTS = ROOT / "bench-reports"
DISK = Path("/var/tmp")

ROUNDS: dict[Unit, int] = {
    "time per call": 31,
    "calls per second": 21,
    "bytes per second": 9,
    "startup": 15,
}
QUICK_ROUNDS: dict[Unit, int] = {
    "time per call": 7,
    "calls per second": 5,
    "bytes per second": 3,
    "startup": 3,
}
SIZE, QUICK_SIZE = 256, 32
"""Megabytes of the file that is transferred."""
BATCH_SECONDS, QUICK_BATCH_SECONDS = 0.05, 0.02


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # remove the large files in memory
    try:
        return run_profile(options) if options.profile or options.frames else run_comparison(options)
    except CannotRunError as error:
        print(f"The benchmark cannot run: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. No report was written.", file=sys.stderr)
        return 130


def parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    workloads, contenders = [each.name for each in WORKLOADS], [each.name for each in CONTENDERS]
    parser.add_argument(
        "--workload",
        nargs="+",
        choices=workloads,
        metavar="NAME",
        help=f"run only these workloads: {', '.join(workloads)}",
    )
    parser.add_argument(
        "--contender",
        nargs="+",
        choices=contenders,
        metavar="NAME",
        help=f"run only these contenders: {', '.join(map(repr, contenders))}",
    )
    parser.add_argument(
        "--baseline",
        type=Path,
        metavar="PATH",
        help="compare with the SDK of another checkout too, for example of the commit before a change",
    )
    parser.add_argument("--quick", action="store_true", help="transfer small files and run few rounds")
    parser.add_argument("--rounds", type=_positive, help="how many times each contender is measured")
    parser.add_argument("--size", type=_positive, metavar="MB", help="size of the transferred file")
    parser.add_argument("--seed", type=int, default=1, help="seed of the shuffled order (default: 1)")
    parser.add_argument(
        "--folder", type=Path, default=DISK, help=f"download files to this folder (default: {DISK})"
    )
    parser.add_argument(
        "--reports", type=Path, default=REPORTS, help="write reports to this folder (default: bench-reports)"
    )
    profiles = parser.add_mutually_exclusive_group()
    profiles.add_argument(
        "--profile",
        action="store_true",
        help="show instead where the time of a call goes, layer by layer (default: get_result of the SDK)",
    )
    profiles.add_argument(
        "--frames",
        action="store_true",
        help="show instead the stack frames from the public method to socket.send (default: as --profile)",
    )
    return parser.parse_args(arguments)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number, 1 or more, not {text!r}")
    return int(text)


def show_progress(text: str) -> None:
    """Show one line, which the next call overwrites."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def run_comparison(options: argparse.Namespace) -> int:
    contenders = select_contenders(options, [each.name for each in CONTENDERS])
    workloads = [
        workload
        for workload in WORKLOADS
        if (not options.workload or workload.name in options.workload)
        and any(map(workload.accepts, contenders))
    ]
    if not workloads:
        raise CannotRunError("none of these contenders takes part in these workloads")
    size = (options.size or (QUICK_SIZE if options.quick else SIZE)) * MEGABYTE
    machine = this_machine()
    print(machine.heading(), flush=True)
    results = []
    with open_workspace(contenders, options.folder, size, show_progress) as workspace:
        for workload in workloads:
            if workload.in_memory and workspace.memory is None:
                print(f"\n### {workload.title}\n\nSkipped: the files do not fit into memory.", flush=True)
                continue
            settings = Settings(
                workspace=workspace,
                core=machine.cores.contenders,
                rounds=options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)[workload.unit],
                batch_seconds=QUICK_BATCH_SECONDS if options.quick else BATCH_SECONDS,
                seed=options.seed,
            )
            measured = run_workload(
                workload,
                contenders,
                settings,
                lambda text, name=workload.name: show_progress(f"{name}: {text}"),
            )
            results.append(WorkloadResult(workload, measured, size))
            show_progress("")
            print("\n" + render_markdown(results[-1]), flush=True)
    facts = {**dataclasses.asdict(machine), "quick": options.quick, "seed": options.seed}
    _write_reports(options.reports, machine, render_json(facts, results), map(render_markdown, results))
    return 1 if any(each.failed for result in results for each in result.contenders) else 0


def select_contenders(options: argparse.Namespace, default: Sequence[str]) -> list[Contender]:
    """Return the contenders that were named, or those of the default, and those of the baseline."""
    names = options.contender or default
    contenders = [each for each in CONTENDERS if each.name in names]
    if options.baseline is None:
        return contenders
    for folder in ("overrides/vision_ai", "generated/vision_ai_generated"):
        if not (options.baseline / folder).is_dir():
            raise CannotRunError(f"{options.baseline} is not a checkout of the SDK: it has no {folder}")
    return add_baseline(contenders, options.baseline.resolve())


def _write_reports(folder: Path, machine: Machine, json_text: str, tables: Iterable[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"bench-{machine.date[:19].replace(':', '').replace('-', '')}"
    (folder / f"{name}.json").write_text(json_text + "\n")
    (folder / f"{name}.md").write_text("\n\n".join([machine.heading(), *tables]) + "\n")
    print(f"\nReports: {folder / name}.json and .md")


def run_profile(options: argparse.Namespace) -> int:
    contenders = select_contenders(options, [SDK])
    names = options.workload or ["get_result"]
    actions: dict[Action, None] = dict.fromkeys(each.action for each in WORKLOADS if each.name in names)
    mode = "frames" if options.frames else "layers"
    size = (options.size or QUICK_SIZE) * MEGABYTE
    with open_workspace(contenders, options.folder, size, show_progress) as workspace:
        for text in profile_contenders(contenders, list(actions), workspace, mode, quick=options.quick):
            print(text, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
