"""Errors of the link package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from vision_ai_translations import translate_key


class LinkError(Exception):
    """The link cannot be read or changed."""

    code = ""
    """The text's code, where a finding of the doctor can show this error."""

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(f"{what}\n{advice}" if advice else what)
        self.what = what
        """What happened."""
        self.advice = advice
        """What to do; may be empty."""

    @classmethod
    def of(cls, code: str, values: Mapping[str, str] | None = None) -> Self:
        """Create the error from a text whose second line is the advice."""
        what, _, advice = translate_key("doctor", code, "en", **(values or {})).partition("\n")
        error = cls(what, advice)
        error.code = code
        return error


class InvalidArgumentError(LinkError):
    """An argument has an impossible value."""


class NoInterfaceError(LinkError):
    """The module's network interface cannot be found, or there are several candidates."""


class NotPermittedError(LinkError):
    """The operation needs root."""


class FilesError(LinkError):
    """The configuration files cannot be written or removed as they are."""
