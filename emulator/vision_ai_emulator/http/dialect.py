"""The readings that the vendor's document leaves open (A1 …), as switches: what some firmware may do.

The lenient default takes whatever can be meant and answers as this project reads the document.
"""

from __future__ import annotations

from typing import Literal, get_args, get_type_hints

from attrs import field, fields, frozen

from vision_ai_emulator.http.response import Answer, Reply, plain
from vision_ai_emulator.shared import jsoncpp
from vision_ai_emulator.shared.jsoncpp import Json
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


@frozen(kw_only=True)
class Dialect:
    """How a firmware reads its requests and writes its answers."""

    field_names: FieldNames = field(
        default="lenient",
        validator=one_of(*get_args(FieldNames)),
        metadata={
            "about": "A1: which of id/item_id and name/item_name it reads; the other counts as missing."
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
        metadata={"about": "A3: how it says that it knows no such path: -6117, HTTP 404 or HTTP 405."},
    )
    restore_part: RestorePart = field(
        default="any",
        validator=one_of(*get_args(RestorePart)),
        metadata={"about": "A4: the uploaded part's name: any, 'file', none at all or an empty one."},
    )
    data_key: DataKey = field(
        default="documented",
        validator=one_of(*get_args(DataKey)),
        metadata={"about": "A5: which answers without data say null: all but start_backup's, all, or none."},
    )
    trailing_commas: bool = field(
        default=False,
        validator=one_of(False, True),
        metadata={"about": "A6: a comma after the last member of every object and list of an answer."},
    )
    list_shape: ListShape = field(
        default="list",
        validator=one_of(*get_args(ListShape)),
        metadata={"about": "A7: the two lists: a list, one object where there is one, items, null for none."},
    )
    image_ids: ImageIds = field(
        default="one",
        validator=one_of(*get_args(ImageIds)),
        metadata={"about": "A7: cached pictures: an entry for each, or for each product with many image_id."},
    )
    extra_statuses: bool = field(
        default=False,
        validator=one_of(False, True),
        metadata={"about": "A12: a running job answers a number that is not listed, every other time."},
    )
    reset_answer: ResetAnswer = field(
        default="envelope",
        validator=one_of(*get_args(ResetAnswer)),
        metadata={"about": "A13: whether reset_device answers, or drops the connection once it is done."},
    )
    charset: Charset = field(
        default="utf8",
        validator=one_of(*get_args(Charset)),
        metadata={"about": "A15: the encoding of JSON answers."},
    )
    content_type: ContentType = field(
        default="json",
        validator=one_of(*get_args(ContentType)),
        metadata={"about": "A16: the Content-Type of JSON answers: application/json, text/plain or none."},
    )

    def knows(self, path_name: str) -> bool:
        """Whether a spelling of the restore's path is a command (A3)."""
        return self.restore_path in ("both", path_name)

    def shaped(self, entries: list[dict[str, Json]]) -> Json:
        """A list as this dialect writes it (A7)."""
        if self.list_shape == "items":
            return {"items": entries}
        if self.list_shape == "one_object_when_single" and len(entries) == 1:
            return entries[0]
        if self.list_shape == "null_when_empty" and not entries:
            return None
        return entries

    def write(self, reply: Reply) -> Answer:
        """A reply as bytes."""
        if isinstance(reply, Answer):
            return reply
        value = reply.json
        if self.data_key == "omitted_when_null" and reply.envelope and value.get("data") is None:
            value = {name: each for name, each in value.items() if name != "data"}
        body = jsoncpp.write(
            value,
            trailing_commas=self.trailing_commas or reply.trailing_commas,
            charset="gbk" if self.charset == "gbk" else "utf-8",
        )
        return plain(body, _CONTENT_TYPES[self.content_type])


LENIENT = Dialect()

_CONTENT_TYPES = {"json": "application/json", "text": "text/plain", "none": None}

_HINTS = get_type_hints(Dialect)

SWITCHES: dict[str, object] = {each.name: _HINTS[each.name] for each in fields(Dialect)}
"""The switches and their types, by name."""

ABOUT: dict[str, str] = {each.name: each.metadata["about"] for each in fields(Dialect)}
"""What the switches do, for people."""


def values_of(switch: str) -> tuple[str | bool, ...]:
    """What a switch can be set to."""
    return (False, True) if SWITCHES[switch] is bool else get_args(SWITCHES[switch])
