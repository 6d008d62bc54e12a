"""What a firmware expects where the vendor's document leaves it open, kept in a file.

With it a client sends the right request at the first attempt.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any, NoReturn, cast, get_args

from attrs import Attribute, asdict, evolve, field, fields, frozen

from vision_ai_generated.operation import Version
from vision_ai_generated.types import Unset

from ._files import save_file
from ._validation import describe
from .errors import InvalidInputError
from .options import Expectations, FieldNames, RestorePath

FORMAT = "vision_ai_profile"
VERSION = 1

ONE_LINE = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]*")


def _refuse(name: str, wanted: str, value: object) -> NoReturn:
    raise InvalidInputError(f"{name} must be {wanted}, not {describe(value)}")


def _check_choice(choices: tuple[object, ...]) -> Any:
    def check(_: object, attribute: Attribute[Any], value: object) -> None:
        if not any(value is choice or (isinstance(value, str) and value == choice) for choice in choices):
            _refuse(attribute.name, "one of " + ", ".join(map(json.dumps, choices)), value)

    return check


def _check_part_name(_: object, attribute: Attribute[Any], value: object) -> None:
    if value is not None and not (isinstance(value, str) and ONE_LINE.fullmatch(value)):
        _refuse(attribute.name, 'a name on one line, "" for an empty one or None for none', value)


def _check_text(_: object, attribute: Attribute[Any], value: object) -> None:
    if value is not None and not isinstance(value, str):
        _refuse(attribute.name, "a text", value)


def _check_day(_: object, attribute: Attribute[Any], value: object) -> None:
    if value is not None and (not isinstance(value, str) or not _is_day(value)):
        _refuse(attribute.name, "a day such as '2026-11-22'", value)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_mapping(_: object, attribute: Attribute[Any], value: object) -> None:
    if not isinstance(value, Mapping):
        _refuse(attribute.name, "a mapping", value)


@frozen(kw_only=True)
class Profile:
    """How to send requests to a firmware.

        profile = Profile.from_file("module.json")
        with VisionAI(profile=profile) as module:  # or VisionAI(profile="module.json")
            ...

    `vision-ai conformance --profile module.json` makes one from a module. What a profile does not contain is as
    without one; arguments of `VisionAI` take precedence over it.

    Raises:
        InvalidInputError: a value is not possible.
    """

    field_names: FieldNames = field(default="both", validator=_check_choice(get_args(FieldNames)))
    """The name under which a field with two names is sent (A1): "both", "id" (and name), "item_id" (and item_name)."""
    part_name: str | None = field(default="file", validator=_check_part_name)
    """The name of the file's part in a restore (A4): "" for an empty one, None for no name at all."""
    restore_path: RestorePath | None = field(
        default=None, validator=_check_choice((*get_args(RestorePath), None))
    )
    """The path to which a restore is sent first (A3); None for the contract's. The other one is used where the module
    does not know this one."""
    api: Version | None = field(default=None, validator=_check_choice((*get_args(Version), None)))
    """The version of the API that the module spoke. A client begins with it, and finds out itself when the module was
    upgraded."""
    firmware: str | None = field(default=None, validator=_check_text)
    """The firmware's version, as `get_device_info` returns it."""
    engine: str | None = field(default=None, validator=_check_text)
    """The recognition engine's version."""
    contract: str | None = field(default=None, validator=_check_text)
    """Version of the OpenAPI document that the module was compared with."""
    taken_on: str | None = field(default=None, validator=_check_day)
    """The day of the comparison, such as "2026-11-22"."""
    note: str | None = field(default=None, validator=_check_text)
    """A remark of your own."""
    further: Mapping[str, Any] = field(factory=dict[str, Any], validator=_check_mapping, hash=False)
    """Keys that this version does not know: kept when the profile is written again, otherwise without effect."""

    @classmethod
    def from_file(cls, path: str | PathLike[str]) -> Profile:
        """Read a profile.

        Raises:
            OSError: the file cannot be read.
            InvalidInputError: it is not a profile; the message names the file and the key.
        """
        name = os.fspath(path)
        try:
            value: object = json.loads(Path(path).read_text(encoding="utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise InvalidInputError(f"{name} is not a profile: it is not JSON ({error})") from None
        return cls._read(value, name)

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Profile:
        """Return the profile of a mapping: the inverse of `to_dict`.

        Raises:
            InvalidInputError: a value is not possible.
        """
        return cls._read(value, "the profile")

    @classmethod
    def of(cls, given: str | PathLike[str] | Mapping[str, Any] | Profile | None) -> Profile:
        """Return the profile for what `VisionAI(profile=…)` accepts; for None, that of the contract."""
        match cast(object, given):
            case None:
                return cls()
            case Profile():
                return cast(Profile, given)
            case str() | PathLike():
                return cls.from_file(cast("str | PathLike[str]", given))
            case Mapping():
                return cls.from_dict(cast("Mapping[str, Any]", given))
            case _:
                _refuse("profile", "a file's path, a mapping or a Profile", given)

    @classmethod
    def _read(cls, value: object, source: str) -> Profile:
        if not isinstance(value, Mapping):
            raise InvalidInputError(f"{source} is not a profile: it is not a JSON object")
        given = dict(cast("Mapping[str, Any]", value))
        version = given.pop(FORMAT, None)
        if isinstance(version, bool) or version != VERSION:
            raise InvalidInputError(f"{source}: {_describe_version(version)}")
        known = {each.name for each in fields(cls)} - {"further"}
        try:
            return cls(
                **{name: each for name, each in given.items() if name in known},
                further={name: each for name, each in given.items() if name not in known},
            )
        except InvalidInputError as error:
            raise InvalidInputError(f"{source}: {error}") from None

    def to_dict(self) -> dict[str, Any]:
        """Return the profile as JSON has it, without what is unknown of the firmware."""
        own = asdict(self)
        own.pop("further")
        always = ("field_names", "part_name")
        said = {name: each for name, each in own.items() if each is not None or name in always}
        return {FORMAT: VERSION, **said, **self.further}

    def save(self, path: str | PathLike[str]) -> Path:
        """Write it to a file, complete or not at all; return its path.

        An existing file keeps its mode and owner, and a symbolic link is followed. What is no regular file, such as
        a pipe, is written to as it is.

        Raises:
            OSError: the file cannot be written.
        """
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n"
        return save_file(path, text.encode())


def merge_expectations(
    profile: str | PathLike[str] | Mapping[str, Any] | Profile | None,
    field_names: FieldNames | None,
    part_name: str | Unset | None,
) -> Expectations:
    """Return what a profile and a client's own arguments say; None and `UNSET` leave it to the profile."""
    changes: dict[str, Any] = {}
    if field_names is not None:
        changes["field_names"] = field_names
    if not isinstance(part_name, Unset):
        changes["part_name"] = part_name
    merged = evolve(Profile.of(profile), **changes)
    return Expectations(merged.field_names, merged.part_name, merged.restore_path, merged.api)


def _describe_version(version: object) -> str:
    if version is None:
        return f'it is not a profile: "{FORMAT}": {VERSION} is missing'
    if isinstance(version, int) and version > VERSION:
        return f"it needs a newer version of this SDK ({FORMAT} {version}): update it, or create the profile again"
    return f"{FORMAT} must be {VERSION}, not {version!r}"
