"""The parameters in a JSON request body, read as strictly as the device is taken to read them."""

from __future__ import annotations

from vision_ai_emulator.device.error_codes import JSON_PARSING_FAILED, PARAMETER_ERROR, DeviceError
from vision_ai_emulator.http.dialect import FieldNames
from vision_ai_emulator.shared import jsoncpp
from vision_ai_emulator.shared.jsoncpp import Json

# A1: the vendor's examples and its parameter tables call the same fields differently.
_TWINS = {"id": "item_id", "name": "item_name"}


class Fields:
    """The fields of one request body. Every reading method raises `DeviceError` (-6213) for a bad field."""

    def __init__(self, body: bytes, names: FieldNames = "lenient") -> None:
        """Raises `DeviceError`: -6200 where the body is no JSON, -6213 where it is no JSON object."""
        try:
            value = jsoncpp.read(body)
        except ValueError:
            raise DeviceError(JSON_PARSING_FAILED) from None
        if not isinstance(value, dict):
            raise DeviceError(PARAMETER_ERROR)
        self._values: dict[str, Json] = value
        self._names: FieldNames = names

    def text(self, name: str) -> str:
        """A string that is not empty, under its name or its twin's (A1); both are taken if they agree."""
        given = [self._values[key] for key in self._spellings(name) if key in self._values]
        texts = {value for value in given if isinstance(value, str) and value}
        if len(texts) != 1 or not all(isinstance(value, str) and value for value in given):
            raise DeviceError(PARAMETER_ERROR)
        return texts.pop()

    def integer(self, name: str) -> int:
        """A whole number. 41.0 is one (as in JSON Schema), true is not."""
        value = self._values.get(name)
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise DeviceError(PARAMETER_ERROR)

    def boolean(self, name: str) -> bool:
        """true or false."""
        value = self._values.get(name)
        if not isinstance(value, bool):
            raise DeviceError(PARAMETER_ERROR)
        return value

    def _spellings(self, name: str) -> tuple[str, ...]:
        if name not in _TWINS or self._names == "id_only":
            return (name,)
        return (_TWINS[name],) if self._names == "item_id_only" else (name, _TWINS[name])
