"""The program of a profiled process: it profiles one action of one contender and prints the result.

Its argument is a JSON object: title, mode ("layers" or "frames"), quick, entry, asynchronous, url, action,
core, source, target.
"""

from __future__ import annotations

import json
import os
import sys

from ..measurement.loading import is_missing_library
from .action import open_action
from .frames import capture_frames, render_frames
from .layers import render_profile
from .profiler import collect_profile


def main() -> int:
    options = json.loads(sys.argv[1])
    if options["core"] is not None:
        os.sched_setaffinity(0, {options["core"]})
    try:
        with open_action(options) as repeat:
            if options["mode"] == "frames":
                text = render_frames(options["title"], capture_frames(repeat))
            else:
                profile = collect_profile(repeat, options["action"], quick=options["quick"])
                text = render_profile(options["title"], profile)
    except ModuleNotFoundError as error:
        if not is_missing_library(error):
            raise
        print(error, file=sys.stderr)
        return 1
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
