"""Parquet files, read by several processes: each counts its share of the tills."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from .parquet import read_parquet_files
from .parquet_queries import WHOLE, Part
from .sums import Source, Sums

BYTES_PER_PROCESS = 5_000_000
"""Another process is worth starting for so much more to read. A row takes about 50 bytes."""


def read_tables(files: Sequence[Path], first: int, last: int, processes: int) -> Sums:
    """Return the sums of Parquet files, as `read_parquet_files` does, with up to so many processes."""
    size = sum(file.stat().st_size for file in files if file.is_file())
    processes = min(processes, 1 + size // BYTES_PER_PROCESS)
    if processes < 2 or getattr(
        sys, "frozen", False
    ):  # a frozen program cannot start itself as another process
        return read_parquet_files(files, first, last, WHOLE)
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        futures = [
            pool.submit(read_parquet_files, files, first, last, Part(number, processes))
            for number in range(processes)
        ]
        parts = [future.result() for future in futures]
    problems = [{each for each in sums.sources if each.problem is not None} for sums in parts]
    if any(each != problems[0] for each in problems):  # a file whose damage not every part met
        return read_parquet_files(files, first, last, WHOLE)
    total = Sums()
    for sums in parts:
        total.add(sums)
    total.sources = _join(total.sources)
    return total


def _join(sources: Sequence[Source]) -> list[Source]:
    """Return one source for each file."""
    joined: dict[str, Source] = {}
    for each in sources:
        known = joined.get(each.path)
        joined[each.path] = (
            each
            if known is None
            else replace(
                known,
                recognitions=known.recognitions + each.recognitions,
                skipped=known.skipped + each.skipped,
            )
        )
    return list(joined.values())
