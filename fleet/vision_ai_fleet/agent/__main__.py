"""`python -m vision_ai_fleet.agent`: what the installed service runs.

It does what `vision-ai agent run` does, without loading the command line's libraries.
"""

from __future__ import annotations

import argparse
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from vision_ai import VisionAIError
from vision_ai_fleet.agent.runner import run_agent
from vision_ai_fleet.agent.settings import find_data_folder, load_settings

LOG_BYTES = 1_000_000
FORMAT = "%(asctime)s %(levelname)s %(message)s"


def main(arguments: list[str] | None = None) -> int:
    """Run the agent until it is stopped. Return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m vision_ai_fleet.agent", description=__doc__)
    parser.add_argument("--config", type=Path, metavar="FILE", help="the agent's settings, in TOML")
    parser.add_argument("--credentials", type=Path, metavar="FILE", help="the scale's credentials")
    given = parser.parse_args(arguments)
    if sys.stderr is None:  # a scheduled task of Windows has no console
        _log_to_file(find_data_folder())
    try:
        run_agent(load_settings(given.config, credentials=given.credentials))
    except (VisionAIError, OSError) as error:
        logging.getLogger("vision_ai_fleet").error("the agent cannot run: %s", error)
        return 1
    return 0


def _log_to_file(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / "agent.log", maxBytes=LOG_BYTES, backupCount=2, encoding="utf-8")
    handler.setFormatter(logging.Formatter(FORMAT))
    logging.getLogger().addHandler(handler)
    logging.getLogger("vision_ai_fleet").setLevel(logging.INFO)


if __name__ == "__main__":
    sys.exit(main())
