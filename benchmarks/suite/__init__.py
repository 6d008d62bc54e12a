"""The benchmark suite.

    registry       the contenders and the workloads
    setup/         the machine, the server, its fixture data, the generated clients, the working folders
    measurement/   the worker processes, the runner that interleaves them, the verification of their output
    results/       records, ratios, targets, and the report
    profiling/     where the time of one contender goes: layers and stack frames

`measurement/worker.py`, `measurement/startup.py` and `profiling/program.py` are programs, each run in a
contender's process. Everything else runs in the process of `run.py`, which waits while they are measured.
"""
