"""Errors of the link package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from vision_ai_translations import Language, Message, translate


class LinkError(Exception):
    """The link cannot be read or changed."""

    code = ""
    """The text's code, where a finding of the doctor can show this error."""
    _text: Message | None = None
    """The text that has this code."""

    def __init__(self, what: str, advice: str = "") -> None:
        """The texts are `Message`s where people may read them in another language."""
        super().__init__(f"{what}\n{advice}" if advice else what)
        self.what = what
        """What happened."""
        self.advice = advice
        """What to do; may be empty."""

    @classmethod
    def of(cls, code: str, values: Mapping[str, str] | None = None) -> Self:
        """Create the error from a text whose second line is the advice."""
        text = Message.of_key("doctor", code, **(values or {}))
        error = cls(text)
        error.what, _, error.advice = text.partition("\n")
        error.code = code
        error._text = text
        return error

    def describe(self, language: Language) -> tuple[str, str]:
        """Return what happened and what to do in a language."""
        if self._text is not None:
            what, _, advice = translate(self._text, language).partition("\n")
            return what, advice
        return translate(self.what, language), translate(self.advice, language)


class InvalidArgumentError(LinkError):
    """An argument has an impossible value."""


class NoInterfaceError(LinkError):
    """The module's network interface cannot be found, or there are several candidates."""


class NotPermittedError(LinkError):
    """The operation needs root."""


class FilesError(LinkError):
    """The configuration files cannot be written or removed as they are."""
