"""Write the files of the package that the program itself knows. debian/rules runs it with the installed program."""

from __future__ import annotations

import os
import tomllib
from importlib.metadata import version
from pathlib import Path

from vision_ai_fleet.agent.install import systemd
from vision_ai_tools.link.config_files import UDEV_MATCH

from .dependencies import make_substvars
from .manual import make_manual

FOLDER = Path(__file__).parent
CONFIG, CREDENTIALS = "/etc/vision-ai/agent.toml", "/etc/vision-ai/scale.creds"
ALIAS = "/sys/subsystem/net/devices/visionai"
"""The device of which vision-ai-link.service is a part, whatever name the kernel gives the interface."""


def main() -> None:
    project = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    files = {
        "vision-ai.vision-ai-agent.service": make_agent_unit(),
        "vision-ai.udev": make_udev_rule(),
        "vision-ai.1": make_manual(version(project["name"]), int(os.environ["SOURCE_DATE_EPOCH"])),
        **{f"{name}.substvars": text for name, text in make_substvars(project).items()},
    }
    for name, text in files.items():
        with (FOLDER / name).open("a", encoding="utf-8") as file:
            file.write(text)


def make_agent_unit() -> str:
    """Return the unit that `vision-ai agent install` writes, for the paths of the package. It waits for credentials."""
    program = ("/usr/bin/python3", "-m", "vision_ai_fleet.agent")
    text = systemd.plan(program, CONFIG, CREDENTIALS, Path("/nonexistent"), None, ()).text
    assert text is not None
    _, _, rest = text.partition("[Unit]\n")
    return f"[Unit]\nDocumentation=man:vision-ai(1)\nConditionPathExists={CREDENTIALS}\n{rest}"


def make_udev_rule() -> str:
    """Return the rule that recognizes the interface. It names nothing: the computer may have its own configuration."""
    return (
        "# vision-ai-link.service sets this interface up, where it is enabled.\n"
        f'SUBSYSTEM=="net", ACTION!="remove", {UDEV_MATCH}, TAG+="systemd", ENV{{SYSTEMD_ALIAS}}+="{ALIAS}"\n'
    )


if __name__ == "__main__":
    main()
