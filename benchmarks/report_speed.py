"""How long the report of a chain takes, and how much memory: journals are generated, read, and made a page.

    make bench-report             # 100 thousand, 1 million and 10 million recognitions
    make bench-report ROWS="100000"

Ten million recognitions are in 1,000 journals; smaller numbers in journals of the same size. The journals take 2 GB in
a temporary folder (TMPDIR).
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from vision_ai._journal.schema import MIGRATIONS

SIZES = (100_000, 1_000_000, 10_000_000)
ROWS_OF_JOURNAL = 10_000
MODELS = 20
"""So many journals are generated; the others are copies with another serial number."""
PRODUCTS = 200
DAYS = 400
DAY = 86_400_000_000
START = 1_760_000_000_000_000

REPORT = """
import os, resource, sys, time
from pathlib import Path
from vision_ai_tools.report.aggregate import aggregate
from vision_ai_tools.report.figures import make_figures
from vision_ai_tools.report.journals import find_journals
if __name__ == "__main__":
    start = time.perf_counter()
    sums = aggregate(find_journals([sys.argv[1]]), processes=int(sys.argv[2]))
    read = time.perf_counter()
    figures = make_figures(sums)
    from vision_ai_tools.report.page import render_page
    page = render_page(figures)
    end = time.perf_counter()
    print(figures.recognitions, read - start, end - read, len(page))
"""


def write_model(path: Path, seed: int) -> None:
    """Write one journal: 10,000 recognitions in 400 days, 20 lessons, a new engine version."""
    chance = random.Random(seed)
    connection = sqlite3.connect(path)
    connection.executescript(f"PRAGMA journal_mode = WAL; {MIGRATIONS[0]} PRAGMA user_version = 1")
    for id, engine in ((1, "1.2.0"), (2, "1.3.0")):
        connection.execute("INSERT INTO devices VALUES (?, ?, ?, '1.0', 'v1')", (id, f"S{seed:05}", engine))
    products = [f"{each:03}" for each in range(PRODUCTS)]
    connection.executemany(
        "INSERT INTO products VALUES (?, ?)", [(each, f"Product {each}") for each in products]
    )
    rows: list[tuple[object, ...]] = []
    for number in range(ROWS_OF_JOURNAL):
        at = START + number * (DAYS * DAY // ROWS_OF_JOURNAL)
        ids = chance.sample(products, 5)
        scores = [round(1 - chance.random() ** 2 * 0.5, 4)]
        while len(scores) < 5:
            scores.append(round(scores[-1] * chance.random(), 6))
        place = 1 if chance.random() < 0.85 else chance.randrange(6)
        choice = ids[place - 1] if place else chance.choice(products)
        confirmed = chance.random() < 0.9
        device = 1 if number < ROWS_OF_JOURNAL // 2 else 2
        rows.append(
            (
                *(at, 10_800, device, f"{chance.getrandbits(128):032x}"),
                json.dumps(list(zip(ids, scores, strict=True)), separators=(",", ":")),
                *(0.2 + chance.random() * 0.2, choice if confirmed else None, place if confirmed else None),
            )
        )
    with connection:
        connection.executemany(
            "INSERT INTO recognitions(time, utc_offset, device, sid, guesses, latency, choice, place)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        connection.executemany(
            "INSERT INTO events(time, utc_offset, device, kind, detail) VALUES (?, 10800, 1, 'taught', ?)",
            [(START + day * DAY, chance.choice(products)) for day in range(0, DAYS, DAYS // 20)],
        )
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def write_journals(folder: Path, models: list[Path], number: int) -> None:
    """Copy the models until there are enough journals, each with a serial number of its own."""
    for position in range(number):
        path = folder / f"till{position:04}.db"
        shutil.copy(models[position % len(models)], path)
        connection = sqlite3.connect(path)
        with connection:
            connection.execute("UPDATE devices SET serial_number = ?", (f"S{position:05}",))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()


def measure(folder: Path, processes: int) -> tuple[int, float, float, float, int, float]:
    """Return rows, seconds of reading and of the page, processor seconds, size of the page, peak of memory in MB."""
    program = folder.parent / "report.py"
    program.write_text(REPORT)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(
        [sys.executable, program, folder, str(processes)], stdout=subprocess.PIPE, text=True
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, _get_memory(process.pid))
        time.sleep(0.1)
    assert process.stdout is not None
    rows, reading, page, size = process.stdout.read().split()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = peak or after.ru_maxrss * 1024
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return int(rows), float(reading), float(page), processor, int(size), peak / 1e6


def _get_memory(pid: int) -> int:
    """Return the memory of a process and its children in bytes (Linux; elsewhere 0)."""
    total = 0
    for each in (pid, *_get_children(pid)):
        try:
            pages = Path(f"/proc/{each}/statm").read_text().split()[1]
        except OSError:
            continue
        total += int(pages) * resource.getpagesize()
    return total


def _get_children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rows", nargs="*", type=int, default=SIZES, help="numbers of recognitions")
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    print("        rows  journals     read    page  processor     rows/s    memory      HTML")
    with tempfile.TemporaryDirectory() as temporary:
        models = [Path(temporary) / f"model{each}.db" for each in range(MODELS)]
        for seed, path in enumerate(models):
            write_model(path, seed)
        for rows in arguments.rows:
            folder = Path(temporary) / "journals"
            folder.mkdir()
            journals = max(1, rows // ROWS_OF_JOURNAL)
            write_journals(folder, models, journals)
            count, reading, page, processor, size, peak = measure(folder, arguments.processes)
            print(
                f"{count:>12,} {journals:>9,} {reading:>6.1f} s {page:>5.1f} s {processor:>8.1f} s"
                f" {count / reading:>10,.0f}"
                f" {peak:>6,.0f} MB {size / 1e6:>6.2f} MB",
                flush=True,
            )
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
