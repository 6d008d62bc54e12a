"""Where a response departs from the contract, and which reading that belongs to."""

from __future__ import annotations

from collections.abc import Iterator

from vision_ai import SyncMode
from vision_ai_generated.error_codes import find_error
from vision_ai_generated.operation import Version

from .body import is_jpeg
from .capture import Exchange
from .contract import JSON, Departure, find_departures
from .operations import list_operations
from .readings.jobs import STATUSES
from .readings.lists import LISTS

_TRAILING_COMMA = "a comma after a last member"
_NOT_UTF_8 = "bytes that are not UTF-8"


def find_response_departures(exchange: Exchange, version: Version) -> Iterator[Departure]:
    """Yield every difference between a complete response to an operation and the contract."""
    operation = list_operations(version)[exchange.operation or ""]
    if exchange.status != 200:
        yield Departure("http_status", "", str(exchange.status))
    if exchange.sdk_error:
        yield Departure("not_understood", "", exchange.sdk_error)
    found = exchange.json
    if operation.response == "binary" and not (found and "code" in exchange.fields):
        if operation.media_type == "image/jpeg" and not is_jpeg(exchange.body):
            yield Departure("not_json", "", "neither a JPEG nor JSON")
        elif not exchange.content_type.startswith(operation.media_type):
            yield Departure("content_type", "", exchange.content_type or "none")
        return
    if found is None:
        yield Departure("not_json", "", "no JSON")
        return
    if not exchange.content_type.startswith(JSON):
        yield Departure("content_type", "", exchange.content_type or "none")
    if found.trailing_commas:
        yield Departure("not_json", "", _TRAILING_COMMA)
    if found.charset not in (None, "utf-8"):
        yield Departure("not_json", "", f"{_NOT_UTF_8} (charset: {found.charset})")
    if found.padded:
        yield Departure("not_json", "", "a byte order mark or zero bytes around the JSON")
    if found.control_characters:
        yield Departure("not_json", "", "control characters in a string")
    for name in found.constants:
        yield Departure("not_json", "", name)
    if exchange.code not in (None, 0) and find_error(exchange.code or 0) is None:
        yield Departure("unknown_code", "code", str(exchange.code))
    yield from find_departures(version, operation.name, found.value)


def find_reading(operation: str, departure: Departure, version: Version) -> str | None:
    """Return the reading that a departure belongs to, if any."""
    if version == "v2":
        match operation, departure.kind, departure.where:
            case "get_result", "unknown_field" | "wrong_type", "data.sid":
                return "B2"
            case "get_item_list", "missing_field", "data[*].id":
                return "B4"
            case "get_item_list", "unknown_field", "data[*].sid":
                return "B4"
            case "get_item_template_list", "wrong_type", "data":
                return "B5"
            case _:
                pass
    match departure.kind, departure.where, departure.found:
        case "not_json", _, found if found == _TRAILING_COMMA:
            return "A6"
        case "not_json", _, found if found.startswith(_NOT_UTF_8):
            return "A15"
        case "content_type", _, _:
            return "A10" if operation == "get_image" else "A16" if operation != "download_backup" else None
        case "wrong_type", "code", _:
            return "A2"
        case "wrong_type", ("data" | "data[*].image_id"), _ if operation in LISTS:
            return "A7"
        case "wrong_type", "data", _ if operation == "get_result":
            return "A8"
        case "wrong_type", "data[*].name", _ if operation in LISTS:
            return "A9"
        case "unknown_value", "status", _ if operation in STATUSES:
            return "A12"
        case "wrong_type", "data.clientName", _:
            return "A18"
        case "wrong_type", ("data.masterIP" | "data.masterSN"), _:
            return "A19"
        case "wrong_type", "data.items", _ if operation == "get_result":
            return "A21"
        case "unknown_value", "data.syncMode", found if found.strip('"').lower() in set(SyncMode):
            return "A20"
        case ("missing_field", "data.syncMode", _) | ("unknown_field", "data.sync_mode", _):
            return "A20"
        case _:
            return None
