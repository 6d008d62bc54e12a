"""The doctor's findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

from attrs import field, frozen

from vision_ai_translations import Language, translate_key

State = Literal["right", "wrong", "unknown", "skipped"]
Step = Literal[
    "usb",
    "interface",
    "up",
    "address",
    "network",
    "route",
    "proxy",
    "neighbor",
    "port",
    "http",
    "protocol",
    "api",
    "clock",
    "activation",
    "camera",
]
STEPS: tuple[Step, ...] = get_args(Step)
"""All steps in the order in which they are checked."""


@frozen
class Finding:
    """The result of one step."""

    step: Step
    state: State
    """"right", "wrong", "unknown" (this computer cannot tell) or "skipped" (not checked)."""
    code: str
    """Identifies the finding for programs, for example "usb.missing". It is the key of its text."""
    values: Mapping[str, str] = field(factory=dict[str, str], hash=False)
    """Values of the text's placeholders: "interface", "port" and so on."""
    fix: str | None = None
    """The shell command that fixes the problem, where there is one."""

    @property
    def what(self) -> str:
        """The finding in English, and what to do where there is no command for it."""
        return self.describe("en")

    def describe(self, language: Language) -> str:
        """Describe the finding in a language; error messages inside it are always in English."""
        text = translate_key("doctor", self.code, language, **self.values)
        return text.replace("\n", "" if language == "zh" else " ")

    def to_dict(self) -> dict[str, Any]:
        """Convert to JSON data."""
        return {
            "step": self.step,
            "state": self.state,
            "what": self.what,
            "fix": self.fix,
            "code": self.code,
            "values": dict(self.values),
        }


@frozen
class Diagnosis:
    """All findings in the order of the steps. "network" may have several."""

    url: str
    findings: tuple[Finding, ...]

    @property
    def well(self) -> bool:
        """Whether the module responds and nothing is wrong."""
        return self.reached and not self.wrong

    @property
    def reached(self) -> bool:
        """Whether a server at the URL responded over HTTP."""
        return any(each.step == "http" and each.state == "right" for each in self.findings)

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """The findings that need to be fixed, causes before effects."""
        return tuple(each for each in self.findings if each.state == "wrong")

    def to_dict(self) -> dict[str, Any]:
        """Convert to JSON data."""
        return {
            "url": self.url,
            "well": self.well,
            "reached": self.reached,
            "findings": [each.to_dict() for each in self.findings],
        }


def skip_steps(
    steps: Sequence[Step], code: str, values: Mapping[str, str] | None = None
) -> Iterator[Finding]:
    """Make the findings of steps that are not checked."""
    return (Finding(step, "skipped", code, values or {}) for step in steps)
