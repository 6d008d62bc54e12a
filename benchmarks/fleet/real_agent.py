"""Run one real agent: `python real_agent.py CREDENTIALS MODULE_URL DATA_FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from vision_ai_fleet.agent.runner import run_agent
from vision_ai_fleet.agent.settings import AgentSettings, ModuleSettings
from vision_ai_fleet.credentials import Credentials

if __name__ == "__main__":
    credentials, url, data = sys.argv[1:]
    run_agent(
        AgentSettings(
            Credentials.read(credentials),
            credentials_path=Path(credentials),
            data=Path(data),
            module=ModuleSettings(url=url),
        )
    )
