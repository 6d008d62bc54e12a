"""The contract for the fuzzer: the codes of each operation, and their meaning, in each version of the API."""

from __future__ import annotations

import copy
import json
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from attrs import define, field, frozen
from jsonschema import Draft202012Validator

_FOLDER = Path(__file__).parents[4] / "openapi" / "dist"

Api = Literal["v1", "v2"]
Document = dict[str, Any]

FILES: dict[Api, str] = {"v1": "vision-ai.json", "v2": "vision-ai-v2.json"}
"""The document of each version of the API."""

UNKNOWN_COMMAND = -6117
REJECTED = {-6200, -6213}

# The version in a document for schemathesis: operations of both versions have the same method and path.
_API = "x-api"


@frozen
class Operation:
    """One operation of the contract."""

    contract: Contract = field(repr=False, eq=False)
    label: str
    """Method and path as schemathesis writes them: `POST /api/get_result`."""
    effect: str
    deprecated: bool
    codes: frozenset[int]
    """The documented codes except 0, without the ranges."""
    ranges: tuple[range, ...]
    returns_bytes: bool
    """Whether a success is a picture or a file."""
    carries_data: bool | None
    """Whether a success has `data`; None if the response has no envelope."""
    body: Document | None
    """The schema of its JSON request body."""

    def documents(self, code: int) -> bool:
        """Return whether this code is documented for the operation."""
        return code == 0 or code in self.codes or any(code in each for each in self.ranges)


@define
class Contract:
    """The document of one version of the API."""

    api: Api

    @cached_property
    def document(self) -> Document:
        """The document. All callers get the same object; use `copy_document` to change it."""
        return json.loads((_FOLDER / FILES[self.api]).read_text(encoding="utf-8"))

    def copy_document(self) -> Document:
        """Return a copy of the document, which the caller may change."""
        return {**copy.deepcopy(self.document), _API: self.api}

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """All operations by their labels."""
        by_label: dict[str, Operation] = {}
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                label = f"{method.upper()} {path}"
                body = operation.get("requestBody", {}).get("content", {}).get("application/json")
                content = operation["responses"]["200"]["content"]
                by_label[label] = Operation(
                    contract=self,
                    label=label,
                    effect=operation["x-effect"],
                    deprecated=operation.get("deprecated", False),
                    codes=frozenset(operation["x-error-codes"]),
                    ranges=tuple(self._range(name) for name in operation.get("x-error-ranges", ())),
                    returns_bytes=set(content) != {"application/json"},
                    carries_data=self._carries_data(content),
                    body=self._resolve(body["schema"]) if body else None,
                )
        return by_label

    def status_of(self, code: int) -> int:
        """Return the HTTP status that corresponds to a code. The module itself always sends 200."""
        if code == 0:
            return 200
        if code in REJECTED:
            return 422
        return 500 if self._category(code) in ("internal", "engine") else 409

    def satisfies(self, schema: Document, value: Any) -> bool:
        """Return whether a value is valid for a schema of the document."""
        return Draft202012Validator({**schema, "components": self.document["components"]}).is_valid(value)

    def property_schemas(self, schema: Document) -> Document:
        """Return the properties of an object schema by name."""
        return self._resolve(schema).get("properties", {})

    def _range(self, name: str) -> range:
        for each in self.document["x-error-ranges"]:
            if each["name"] == name:
                return range(each["from"], each["to"] + 1)
        raise ValueError(f"the contract has no range {name}")

    def _category(self, code: int) -> str:
        for each in self.document["x-error-codes"]:
            if each["code"] == code:
                return each["category"]
        for each in self.document["x-error-ranges"]:
            if each["from"] <= code <= each["to"]:
                return each["category"]
        return "unknown"

    def _carries_data(self, content: Document) -> bool | None:
        data = self._resolve(content["application/json"]["schema"])["properties"].get("data")
        if data is None:
            return None
        return {"$ref": "#/components/schemas/NoData"} not in data["anyOf"]

    def _resolve(self, schema: Document) -> Document:
        reference = schema.get("$ref")
        if reference is None:
            return schema
        return self.document["components"]["schemas"][reference.rpartition("/")[2]]


@cache
def load(api: Api) -> Contract:
    """Load the document of a version of the API."""
    return Contract(api)


def find(document: Document) -> Contract:
    """Return the contract of a document that is a result of `copy_document`."""
    return load(document[_API])
