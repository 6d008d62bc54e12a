"""`make bench`: the SDK beside other clients, doing the same work against the same server on this computer.

Every contender has a process of its own. They take turns, in an order that is shuffled each round; what is
shown is the median of the rounds. Only ratios carry over to another computer. docs/performance.md has more.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from contest import layers, report
from contest.machine import Machine, cores, this_machine
from contest.registry import CONTENDERS, OURS, WORKS, Action, Measure
from contest.scene import opened_scene
from contest.server import CannotRunError
from contest.team import Setting, run_work

MEGABYTE = 1024 * 1024
REPORTS = Path(__file__).parents[1] / "bench-reports"
DISK = Path("/var/tmp")

ROUNDS: dict[Measure, int] = {"time": 31, "calls": 21, "bytes": 9, "start": 15}
QUICK_ROUNDS: dict[Measure, int] = {"time": 7, "calls": 5, "bytes": 3, "start": 3}
SIZE, QUICK_SIZE = 256, 32
"""Megabytes of the file that is moved."""
BATCH, QUICK_BATCH = 0.05, 0.02
"""Seconds that a batch of calls takes."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = options_of(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # large files in memory must not stay there
    try:
        return profile(options) if options.profile else compare(options)
    except CannotRunError as error:
        print(f"The benchmark cannot run: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped; nothing was written.", file=sys.stderr)
        return 130


def options_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    works, contenders = [work.name for work in WORKS], [each.name for each in CONTENDERS]
    parser.add_argument(
        "--work", nargs="+", choices=works, metavar="WORK", help=f"only these: {', '.join(works)}"
    )
    parser.add_argument(
        "--contender",
        nargs="+",
        choices=contenders,
        metavar="NAME",
        help=f"only these: {', '.join(map(repr, contenders))}",
    )
    parser.add_argument("--quick", action="store_true", help="small files and few rounds: about a minute")
    parser.add_argument("--rounds", type=_positive, help="how often each contender has its turn")
    parser.add_argument("--size", type=_positive, metavar="MB", help="of the file that is moved")
    parser.add_argument("--seed", type=int, default=1, help="of the order of the turns (default: 1)")
    parser.add_argument(
        "--folder", type=Path, default=DISK, help=f"where files are downloaded to (default: {DISK})"
    )
    parser.add_argument(
        "--reports", type=Path, default=REPORTS, help="where the reports go (default: bench-reports)"
    )
    parser.add_argument(
        "--profile",
        action="store_true",
        help="instead: where the time of get_result goes, layer by layer; or of --work, of --contender",
    )
    return parser.parse_args(arguments)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number, 1 or more, not {text!r}")
    return int(text)


def tell(text: str) -> None:
    """What is going on, in one line that the next one overwrites."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def compare(options: argparse.Namespace) -> int:
    contenders = [each for each in CONTENDERS if not options.contender or each.name in options.contender]
    works = [
        work
        for work in WORKS
        if (not options.work or work.name in options.work) and any(map(work.takes, contenders))
    ]
    if not works:
        raise CannotRunError("none of these contenders takes part in these works")
    size = (options.size or (QUICK_SIZE if options.quick else SIZE)) * MEGABYTE
    machine = this_machine()
    print(machine.heading(), flush=True)
    results = []
    with opened_scene(contenders, options.folder, size, tell) as scene:
        for work in works:
            if work.in_memory and scene.memory is None:
                print(f"\n### {work.title}\n\nLeft out: there is no room for files of that size.", flush=True)
                continue
            setting = Setting(
                scene=scene,
                core=machine.cores.contenders,
                rounds=options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)[work.measure],
                batch=QUICK_BATCH if options.quick else BATCH,
                seed=options.seed,
            )
            rows = run_work(work, contenders, setting, lambda text, name=work.name: tell(f"{name}: {text}"))
            results.append(report.Result(work, rows, size))
            tell("")
            print("\n" + report.markdown(results[-1]), flush=True)
    facts = {**dataclasses.asdict(machine), "quick": options.quick, "seed": options.seed}
    _write(options.reports, machine, report.as_json(facts, results), map(report.markdown, results))
    return 1 if any(row.failed for result in results for row in result.rows) else 0


def _write(folder: Path, machine: Machine, as_json: str, tables: Iterable[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"bench-{machine.date[:19].replace(':', '').replace('-', '')}"
    (folder / f"{name}.json").write_text(as_json + "\n")
    (folder / f"{name}.md").write_text("\n\n".join([machine.heading(), *tables]) + "\n")
    print(f"\nWritten: {folder / name}.json and .md")


def profile(options: argparse.Namespace) -> int:
    chosen = [each for each in CONTENDERS if each.name in (options.contender or [OURS])]
    chosen_works = options.work or ["get_result"]
    actions: dict[Action, None] = dict.fromkeys(work.action for work in WORKS if work.name in chosen_works)
    core = cores().contenders
    with opened_scene(chosen, options.folder, (options.size or QUICK_SIZE) * MEGABYTE, tell) as scene:
        sys.path.append(str(scene.disk))
        if core is not None:
            os.sched_setaffinity(0, {core})
        for each in chosen:
            if each.name in scene.missing:
                raise CannotRunError(f"{each.name} is missing: {scene.missing[each.name]}")
            for action in actions:
                try:
                    looked = layers.looked_at(each, action, scene, quick=options.quick)
                except ModuleNotFoundError as error:
                    raise CannotRunError(f"{each.name} is missing: {error}") from error
                tell("")
                print(layers.shown(f"{each.name}, {action}", looked) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
