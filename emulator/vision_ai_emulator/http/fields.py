"""The parameters in a JSON request body, read as strictly as the device presumably reads them."""

from __future__ import annotations

from vision_ai_emulator.device.error_codes import JSON_PARSING_FAILED, PARAMETER_ERROR, DeviceError
from vision_ai_emulator.http.dialect import FieldNames
from vision_ai_emulator.shared import jsoncpp
from vision_ai_emulator.shared.json_values import Json

# A1: the vendor's examples and its parameter tables use different names for the same fields.
_TWINS = {"id": "item_id", "name": "item_name"}


class Fields:
    """The fields of one request body. All methods raise `DeviceError` (-6213) for an invalid field."""

    def __init__(self, body: bytes, names: FieldNames = "lenient") -> None:
        """Raises `DeviceError`: -6200 if the body is not JSON, -6213 if it is not a JSON object."""
        try:
            value = jsoncpp.read(body)
        except ValueError:
            raise DeviceError(JSON_PARSING_FAILED) from None
        if not isinstance(value, dict):
            raise DeviceError(PARAMETER_ERROR)
        self._values: dict[str, Json] = value
        self._names: FieldNames = names

    def get_string(self, name: str) -> str:
        """Return a string that is not empty, under its name or its twin (A1), or under both if they agree."""
        values = [self._values[key] for key in self._get_spellings(name) if key in self._values]
        strings = {value for value in values if isinstance(value, str) and value}
        if len(strings) != 1 or not all(isinstance(value, str) and value for value in values):
            raise DeviceError(PARAMETER_ERROR)
        return strings.pop()

    def get_integer(self, name: str) -> int:
        """Return an integer; 41.0 is one (as in JSON Schema), true is not."""
        value = self._values.get(name)
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise DeviceError(PARAMETER_ERROR)

    def get_boolean(self, name: str) -> bool:
        """Return true or false."""
        value = self._values.get(name)
        if not isinstance(value, bool):
            raise DeviceError(PARAMETER_ERROR)
        return value

    def _get_spellings(self, name: str) -> tuple[str, ...]:
        if name not in _TWINS or self._names == "id_only":
            return (name,)
        return (_TWINS[name],) if self._names == "item_id_only" else (name, _TWINS[name])
