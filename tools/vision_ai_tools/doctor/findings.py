"""What the doctor found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

from attrs import field, frozen

from vision_ai_tools.shared.texts import Language, said

State = Literal["right", "wrong", "unknown", "skipped"]
Step = Literal[
    "usb",
    "interface",
    "up",
    "address",
    "network",
    "route",
    "proxy",
    "neighbour",
    "port",
    "http",
    "protocol",
    "activation",
    "camera",
]
STEPS: tuple[Step, ...] = get_args(Step)
"""In the order in which they are looked at."""


@frozen
class Finding:
    """What one step found."""

    step: Step
    state: State
    """"right"; "wrong"; "unknown": it cannot be seen from here; "skipped": there was no point in looking."""
    code: str
    """What was found, for programs: "usb.missing". The catalogue, texts.json, has its sentence."""
    values: Mapping[str, str] = field(factory=dict[str, str], hash=False)
    """What the sentence names: "interface", "port" …"""
    mend: str | None = None
    """The command, for a shell, that puts it right."""

    @property
    def what(self) -> str:
        """What was found, and what to do where no command does it."""
        return self.said("en")

    def said(self, language: Language) -> str:
        """The same in either language; what an error said of itself stays English."""
        return said(self.code, self.values, language).replace("\n", " ")

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "step": self.step,
            "state": self.state,
            "what": self.what,
            "mend": self.mend,
            "code": self.code,
            "values": dict(self.values),
        }


@frozen
class Diagnosis:
    """All findings, in the order of the steps. "network" may have several."""

    url: str
    findings: tuple[Finding, ...]

    @property
    def well(self) -> bool:
        """Whether the module answers as it should and nothing wrong was found."""
        return self.reached and not self.wrong

    @property
    def reached(self) -> bool:
        """Whether something at the URL answered over HTTP."""
        return any(each.step == "http" and each.state == "right" for each in self.findings)

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """What was found wrong, causes first."""
        return tuple(each for each in self.findings if each.state == "wrong")

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "url": self.url,
            "well": self.well,
            "reached": self.reached,
            "findings": [each.to_dict() for each in self.findings],
        }
