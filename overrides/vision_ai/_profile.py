"""What a firmware was found to do where the vendor's document leaves it open, kept in a file: with it a
client asks rightly at the first attempt."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any, Literal, NoReturn, cast, get_args

from attrs import Attribute, asdict, evolve, field, fields, frozen

from vision_ai_generated.types import UNSET, Unset

from ._files import written_whole
from .errors import InvalidInputError

FORMAT = "vision_ai_profile"
VERSION = 1

FieldNames = Literal["both", "id", "item_id"]
RestorePath = Literal["/api/start_restore", "/api/restore"]

ON_ONE_LINE = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]*")


def _refuse(name: str, wanted: str, value: object) -> NoReturn:
    shown = repr(value)
    raise InvalidInputError(
        f"{name} must be {wanted}, not {shown if len(shown) <= 100 else shown[:99] + '…'}"
    )


def _one_of(choices: tuple[object, ...]) -> Any:
    def check(_: object, attribute: Attribute[Any], value: object) -> None:
        if not any(value is choice or (isinstance(value, str) and value == choice) for choice in choices):
            _refuse(attribute.name, "one of " + ", ".join(map(_in_json, choices)), value)

    return check


def _in_json(value: object) -> str:
    return json.dumps(value)


def _a_part_name(_: object, attribute: Attribute[Any], value: object) -> None:
    if value is not None and not (isinstance(value, str) and ON_ONE_LINE.fullmatch(value)):
        _refuse(attribute.name, 'a name on one line, "" for an empty one or None for none', value)


def _a_text(_: object, attribute: Attribute[Any], value: object) -> None:
    if value is not None and not isinstance(value, str):
        _refuse(attribute.name, "a text", value)


def _a_day(_: object, attribute: Attribute[Any], value: object) -> None:
    if value is not None and (not isinstance(value, str) or not _is_day(value)):
        _refuse(attribute.name, "a day such as '2026-11-22'", value)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _a_mapping(_: object, attribute: Attribute[Any], value: object) -> None:
    if not isinstance(value, Mapping):
        _refuse(attribute.name, "a mapping", value)


@frozen(kw_only=True)
class Profile:
    """How a firmware wants to be asked.

        profile = Profile.from_file("module.json")
        with VisionAI(profile=profile) as module:  # or VisionAI(profile="module.json")
            ...

    `vision-ai conformance --profile module.json` makes one from a module. What a profile does not say is as
    without one; arguments that `VisionAI` is given itself go before it.

    Raises InvalidInputError where a value is not possible.
    """

    field_names: FieldNames = field(default="both", validator=_one_of(get_args(FieldNames)))
    """Under which name a field with two is sent (A1): "both", "id" (and name), "item_id" (and item_name)."""
    part_name: str | None = field(default="file", validator=_a_part_name)
    """Of the file's part in a restore (A4): a name, "" for an empty one, None for none at all."""
    restore_path: RestorePath | None = field(default=None, validator=_one_of((*get_args(RestorePath), None)))
    """Where a restore is sent first (A3); None leaves it to the contract. The other is tried where the module
    does not know this one."""
    firmware: str | None = field(default=None, validator=_a_text)
    """The version that it was found with, as `get_device_info` tells it."""
    engine: str | None = field(default=None, validator=_a_text)
    """The recognition engine's version."""
    contract: str | None = field(default=None, validator=_a_text)
    """Version of the OpenAPI document that the module was held against."""
    taken_on: str | None = field(default=None, validator=_a_day)
    """The day, as "2026-11-22"."""
    note: str | None = field(default=None, validator=_a_text)
    """Anything that people want to add."""
    further: Mapping[str, Any] = field(factory=dict[str, Any], validator=_a_mapping, hash=False)
    """Keys that this version does not know: kept when it is written again, and otherwise without effect."""

    @classmethod
    def from_file(cls, path: str | PathLike[str]) -> Profile:
        """Reads a profile.

        Raises:
            OSError: the file cannot be read.
            InvalidInputError: it is no profile; the message names the file and the key.
        """
        name = os.fspath(path)
        try:
            value: object = json.loads(Path(path).read_text(encoding="utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise InvalidInputError(f"{name} is no profile: it is not JSON ({error})") from None
        return cls._read(value, name)

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Profile:
        """The inverse of `to_dict`. Raises InvalidInputError where a value is not possible."""
        return cls._read(value, "the profile")

    @classmethod
    def of(cls, given: str | PathLike[str] | Mapping[str, Any] | Profile | None) -> Profile:
        """A profile from whatever `VisionAI(profile=…)` takes; without one, that of the contract."""
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
            raise InvalidInputError(f"{source} is no profile: it is no JSON object")
        given = dict(cast("Mapping[str, Any]", value))
        version = given.pop(FORMAT, None)
        if isinstance(version, bool) or version != VERSION:
            raise InvalidInputError(f"{source}: {_wrong_version(version)}")
        known = {each.name for each in fields(cls)} - {"further"}
        try:
            return cls(
                **{name: each for name, each in given.items() if name in known},
                further={name: each for name, each in given.items() if name not in known},
            )
        except InvalidInputError as error:
            raise InvalidInputError(f"{source}: {error}") from None

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it; what is not known of the firmware is left out."""
        own = asdict(self)
        own.pop("further")
        always = ("field_names", "part_name")
        said = {name: each for name, each in own.items() if each is not None or name in always}
        return {FORMAT: VERSION, **said, **self.further}

    def save(self, path: str | PathLike[str]) -> Path:
        """Writes it to a file, which is never there by half; returns its path. Raises OSError."""
        target = Path(path)
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n"
        with written_whole(target.parent, target.name) as file:
            file.write(text.encode())
        return file.put_in_place(replace=True)

    def with_arguments(
        self, *, field_names: FieldNames | None = None, part_name: str | Unset | None = UNSET
    ) -> Profile:
        """The profile after what `VisionAI` was given itself: None and UNSET say that it was not."""
        changes: dict[str, Any] = {}
        if field_names is not None:
            changes["field_names"] = field_names
        if not isinstance(part_name, Unset):
            changes["part_name"] = part_name
        return evolve(self, **changes)


def _wrong_version(version: object) -> str:
    if version is None:
        return f'it is no profile: "{FORMAT}": {VERSION} is missing'
    if isinstance(version, int) and version > VERSION:
        return f"it needs a newer version of this SDK ({FORMAT} {version}): update, or make the profile anew"
    return f"{FORMAT} must be {VERSION}, not {version!r}"
