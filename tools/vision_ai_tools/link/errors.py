"""What can go wrong with the link, as exceptions."""

from __future__ import annotations

from typing import Self

from vision_ai_tools.shared.texts import said


class LinkError(Exception):
    """The link cannot be set up or looked at: `what` is wrong, and what to do (`mend`, may be empty)."""

    code = ""
    """The catalogue's code, for those that a finding can show."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(f"{what}\n{mend}" if mend else what)
        self.what = what
        self.mend = mend

    @classmethod
    def of(cls, code: str) -> Self:
        """The error for a code of the catalogue, whose second line is what to do."""
        what, _, mend = said(code, {}).partition("\n")
        error = cls(what, mend)
        error.code = code
        return error


class NotPossibleError(LinkError):
    """An argument that cannot be right."""


class NoInterfaceError(LinkError):
    """No network interface can be taken for the module's, or more than one."""


class NotPermittedError(LinkError):
    """This needs root."""


class FilesError(LinkError):
    """Files that make the link last cannot be written or removed as they stand."""
