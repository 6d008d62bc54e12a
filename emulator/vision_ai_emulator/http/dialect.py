"""The ambiguities of the vendor's documents as switches: each firmware may behave in either way.

Those of V1 are A1 …, those of V2 and of the difference between the two are B1 …. The lenient default accepts every
form of a request and responds as this project reads the documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args, get_type_hints

from attrs import field, fields, frozen

from vision_ai_emulator.http.response import OperationResult, Response, make_response
from vision_ai_emulator.shared import jsoncpp
from vision_ai_emulator.shared.json_values import Json
from vision_ai_emulator.shared.options import one_of

FieldNames = Literal["lenient", "id_only", "item_id_only"]
RestorePath = Literal["both", "start_restore", "restore"]
UnknownCommand = Literal["code", "http_404", "http_405"]
RestorePart = Literal["any", "named_file", "unnamed", "empty_name"]
DataKey = Literal["documented", "always", "omitted_when_null"]
ListShape = Literal["list", "one_object_when_single", "items", "null_when_empty"]
ImageIds = Literal["one", "many"]
Charset = Literal["utf8", "gbk"]
ContentType = Literal["json", "text", "none"]
ResetAnswer = Literal["envelope", "drop"]
RestoreEnd = Literal["completed", "no_task"]
StoreName = Literal["text", "empty", "null"]
MasterFields = Literal["empty", "null"]
SyncModeField = Literal["documented", "renamed", "capitalized"]
Guesses = Literal["list", "one_object_when_single", "null_when_empty"]
WholeNumbers = Literal["integer", "float"]
OtherMethod = Literal["unknown_command", "answer", "code", "http_404", "http_405"]
TemplateMax = Literal["beside_data", "inside_data"]


@frozen(kw_only=True)
class Dialect:
    """How a firmware parses requests and encodes responses."""

    field_names: FieldNames = field(
        default="lenient",
        validator=one_of(*get_args(FieldNames)),
        metadata={
            "about": "A1: which of id/item_id and name/item_name it reads; the other one counts as missing."
        },
    )
    restore_path: RestorePath = field(
        default="both",
        validator=one_of(*get_args(RestorePath)),
        metadata={"about": "A3: which of /api/start_restore and /api/restore it knows."},
    )
    unknown_command: UnknownCommand = field(
        default="code",
        validator=one_of(*get_args(UnknownCommand)),
        metadata={"about": "A3: how it reports an unknown path: -6117, HTTP 404 or HTTP 405."},
    )
    restore_part: RestorePart = field(
        default="any",
        validator=one_of(*get_args(RestorePart)),
        metadata={"about": "A4: the required name of the uploaded part: any, 'file', none or an empty name."},
    )
    data_key: DataKey = field(
        default="documented",
        validator=one_of(*get_args(DataKey)),
        metadata={
            "about": "A5: which responses without data have data null: all but start_backup's, all, or none."
        },
    )
    trailing_commas: bool = field(
        default=False,
        validator=one_of(False, True),
        metadata={"about": "A6: a comma after the last member of every object and list in a response."},
    )
    list_shape: ListShape = field(
        default="list",
        validator=one_of(*get_args(ListShape)),
        metadata={"about": "A7: the two lists: a list, one object for one entry, items, or null for none."},
    )
    image_ids: ImageIds = field(
        default="one",
        validator=one_of(*get_args(ImageIds)),
        metadata={
            "about": "A7: cached pictures: an entry for each picture, or for each product with all image_ids."
        },
    )
    extra_statuses: bool = field(
        default=False,
        validator=one_of(False, True),
        metadata={"about": "A12: every other status of a running job is a number that is not listed."},
    )
    reset_answer: ResetAnswer = field(
        default="envelope",
        validator=one_of(*get_args(ResetAnswer)),
        metadata={
            "about": "A13: reset_device returns the envelope, or drops the connection when it is complete."
        },
    )
    charset: Charset = field(
        default="utf8",
        validator=one_of(*get_args(Charset)),
        metadata={"about": "A15: the encoding of JSON responses."},
    )
    content_type: ContentType = field(
        default="json",
        validator=one_of(*get_args(ContentType)),
        metadata={"about": "A16: the Content-Type of JSON responses: application/json, text/plain or none."},
    )

    restore_end: RestoreEnd = field(
        default="completed",
        validator=one_of(*get_args(RestoreEnd)),
        metadata={"about": "A17: the status of a completed restore: 4, or 0 with the same message."},
    )
    store_name: StoreName = field(
        default="text",
        validator=one_of(*get_args(StoreName)),
        metadata={"about": "A18: the clientName without a store: the text 'not activated', empty, or null."},
    )
    master_fields: MasterFields = field(
        default="empty",
        validator=one_of(*get_args(MasterFields)),
        metadata={"about": "A19: masterIP and masterSN of a module that is no slave: empty or null."},
    )
    sync_mode_field: SyncModeField = field(
        default="documented",
        validator=one_of(*get_args(SyncModeField)),
        metadata={"about": "A20: syncMode with 'normal', the name sync_mode, or the value 'Normal'."},
    )
    guesses: Guesses = field(
        default="list",
        validator=one_of(*get_args(Guesses)),
        metadata={"about": "A21: the items of a recognition: a list, one object for one, or null for none."},
    )
    whole_numbers: WholeNumbers = field(
        default="integer",
        validator=one_of(*get_args(WholeNumbers)),
        metadata={"about": "A22: the coordinates and modes of responses: 41 or 41.0."},
    )
    other_method: OtherMethod = field(
        default="unknown_command",
        validator=one_of(*get_args(OtherMethod)),
        metadata={
            "about": "B1: what it returns to the other version's method for an operation that both versions have:"
            " the same as to an unknown command, the right response, -6117, HTTP 404 or HTTP 405."
        },
    )
    result_sid: bool = field(
        default=False,
        validator=one_of(False, True),
        metadata={"about": "B2: whether a recognition of V2 has a sid."},
    )
    center_entry: bool = field(
        default=True,
        validator=one_of(False, True),
        metadata={"about": "B3: whether a list of templates (V2) ends with the entry center."},
    )
    sid_for_id: bool = field(
        default=False,
        validator=one_of(False, True),
        metadata={
            "about": "B4: whether the last entry of the list of items (V2) has its id in the field sid."
        },
    )
    template_max: TemplateMax = field(
        default="beside_data",
        validator=one_of(*get_args(TemplateMax)),
        metadata={
            "about": "B5: where a list of templates (V2) has max: beside data, or inside data beside items."
        },
    )

    def has_restore_path(self, path_name: str) -> bool:
        """Whether this is a name of the restore operation (A3)."""
        return self.restore_path in ("both", path_name)

    def format_list(self, entries: list[dict[str, Json]]) -> Json:
        """Return a list in this dialect's form (A7)."""
        if self.list_shape == "items":
            return {"items": entries}
        if self.list_shape == "one_object_when_single" and len(entries) == 1:
            return entries[0]
        if self.list_shape == "null_when_empty" and not entries:
            return None
        return entries

    def format_device_info(self, info: Mapping[str, Json], *, has_store: bool) -> dict[str, Json]:
        """Return the description of a device in this dialect's form (A18, A19, A20, A22)."""
        formatted = dict(info)
        if not has_store and self.store_name != "text":
            formatted["clientName"] = "" if self.store_name == "empty" else None
        for name in ("masterIP", "masterSN"):
            if not formatted[name] and self.master_fields == "null":
                formatted[name] = None
        mode = formatted["syncMode"]
        if self.sync_mode_field == "renamed":
            formatted["sync_mode"] = formatted.pop("syncMode")
        elif self.sync_mode_field == "capitalized" and isinstance(mode, str):
            formatted["syncMode"] = mode.capitalize()
        return {**formatted, **self.format_numbers({"learnMode": formatted["learnMode"]})}

    def format_guesses(self, guesses: list[dict[str, Json]]) -> Json:
        """Return the guesses of a recognition in this dialect's form (A21)."""
        if self.guesses == "one_object_when_single" and len(guesses) == 1:
            return guesses[0]
        if self.guesses == "null_when_empty" and not guesses:
            return None
        return guesses

    def format_numbers(self, values: Mapping[str, Json]) -> dict[str, Json]:
        """Return coordinates or a mode in this dialect's form (A22)."""
        if self.whole_numbers == "integer":
            return dict(values)
        return {name: float(each) if isinstance(each, int) else each for name, each in values.items()}

    def encode(self, result: OperationResult) -> Response:
        """Return the response for the result of an operation."""
        if isinstance(result, Response):
            return result
        value = result.json
        if self.data_key == "omitted_when_null" and result.envelope and value.get("data") is None:
            value = {name: each for name, each in value.items() if name != "data"}
        body = jsoncpp.write(
            value,
            trailing_commas=self.trailing_commas or result.trailing_commas,
            charset="gbk" if self.charset == "gbk" else "utf-8",
        )
        return make_response(body, _CONTENT_TYPES[self.content_type])


LENIENT = Dialect()

_CONTENT_TYPES = {"json": "application/json", "text": "text/plain", "none": None}

_HINTS = get_type_hints(Dialect)

SWITCHES: dict[str, object] = {each.name: _HINTS[each.name] for each in fields(Dialect)}
"""The types of the switches, by name."""

DESCRIPTIONS: dict[str, str] = {each.name: each.metadata["about"] for each in fields(Dialect)}
"""The descriptions of the switches, by name."""


def get_values(switch: str) -> tuple[str | bool, ...]:
    """Return the possible values of a switch."""
    return (False, True) if SWITCHES[switch] is bool else get_args(SWITCHES[switch])
