"""Compare two versions of a schema, from the side of clients that send the value or of those that read it."""

from __future__ import annotations

import json
from typing import Any

from diff.changes import DEPRECATED, REMOVED, Changes, Consumer
from document import Node, is_list, is_node, operations, reference_name

KNOWN_FROM = "x-known-from"
EDITORIAL = (
    *("description", "title", "examples", "example", "externalDocs", "x-enum-descriptions"),
    KNOWN_FROM,
)
LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
# fmt: off
COMPARED = (
    *EDITORIAL, *LOWER_BOUNDS, *UPPER_BOUNDS, "type", "format", "enum", "x-enum-varnames", "pattern",
    "default", "required", "properties", "items", "anyOf", "deprecated", "x-replaced-by", "x-sum-maximum",
    "x-essential", "x-alternative-name", "$ref",
)
# fmt: on
CATALOG = "ErrorCode"
"""Its values are those of `x-error-codes` at the root, which have a comparison of their own."""
CATALOG_KEYWORDS = ("enum", "x-enum-varnames", "x-enum-descriptions")


class SchemaComparison:
    def __init__(self, old: Node, new: Node, changes: Changes) -> None:
        self._old: Node = old["components"]["schemas"]
        self._new: Node = new["components"]["schemas"]
        self._changes = changes
        self._compared: set[tuple[str, str, Consumer]] = set()
        self._users = _users(old)

    def compare(
        self, old: Node, new: Node, side: Consumer, where: str, at: str = "", noun: str = "field"
    ) -> None:
        """Compare the schemas of the field `at`, or of the whole of `where` if `at` is empty."""
        old, old_null = _without_null(old)
        new, new_null = _without_null(new)
        subject = f"`{at}`" if at else "the value"
        if new_null and not old_null:
            self._changes.add_widened(side, where, f"{subject} can be null now")
        if old_null and not new_null:
            self._changes.add_narrowed(side, where, f"{subject} cannot be null any more")

        names = reference_name(old), reference_name(new)
        if names[0] != names[1]:
            before, after = (f"`{name}`" if name else "a type without a name" for name in names)
            self._changes.add_breaking(
                where, f"{subject} changed from {before} to {after}", Consumer.GENERATED
            )
        if all(names):
            self._compare_named(names[0], names[1], side, noun)
            self._compare_annotations(old, new, side, where, subject)
        else:
            self._compare_inline(
                self._resolve(self._old, old), self._resolve(self._new, new), side, where, at, noun
            )

    def _compare_named(self, old: str, new: str, side: Consumer, noun: str) -> None:
        if (old, new, side) in self._compared:
            return
        self._compared.add((old, new, side))
        users = self._users.get((old, side), [])
        verb = "sent" if side is Consumer.SENDER else "returned"
        where = f"`{new}`, {verb} by {_listed(users)}" if users else f"`{new}`"
        self._compare_inline(self._old[old], self._new[new], side, where, "", noun)

    def compare_rest(self) -> None:
        """Compare the schemas that no operation uses, and find those that were added or removed."""
        compared = {old for old, _, _ in self._compared} | {new for _, new, _ in self._compared}
        removed = [name for name in self._old if name not in self._new]
        if removed:
            text = f"removed schemas: {_listed(removed)}"
            self._changes.add_breaking("", text, Consumer.GENERATED, heading=REMOVED)
        for name in self._old:
            if name in self._new and name not in compared:
                old, new = self._old[name], self._new[name]
                if name == CATALOG:
                    old, new = (_without(schema, CATALOG_KEYWORDS) for schema in (old, new))
                self._compare_inline(old, new, Consumer.GENERATED, f"`{name}`", "", "field")
        added = [name for name in self._new if name not in self._old]
        if added:
            self._changes.add_addition("", f"new schemas: {_listed(added)}")

    def _compare_inline(self, old: Node, new: Node, side: Consumer, where: str, at: str, noun: str) -> None:
        subject = f"`{at}`" if at else "the value"
        self._compare_annotations(old, new, side, where, subject)
        if KNOWN_FROM in new and "type" in old and not new.keys() & {"type", "anyOf", "oneOf", "allOf"}:
            text = f"the type of {subject} is not known any more, it was {_kind(old['type'])}"
            self._changes.add_breaking(where, text, side)
            return
        self._type(old, new, side, where, subject)
        self._bounds(old, new, side, where, subject)
        self._enumeration(old, new, side, where, at)
        self._sums(old, new, side, where)
        self._essential(old, new, where)
        self._default(old, new, side, where, subject)
        self._fields(old, new, side, where, at, noun)
        if "items" in old and "items" in new:
            self.compare(old["items"], new["items"], side, where, f"{at}[]", noun)
        elif "items" in old or "items" in new:
            self._changes.add_breaking(where, f"the items of {subject} changed", side)
        self._choice(old, new, side, where, subject)
        self._changes.add_unknown(where, old, new, COMPARED)

    def _compare_annotations(self, old: Node, new: Node, side: Consumer, where: str, subject: str) -> None:
        """Compare what can be beside a reference too: descriptions and deprecation."""
        # The descriptions of new values are part of the new values.
        keys = [
            key for key in EDITORIAL if key != "x-enum-descriptions" or old.get("enum") == new.get("enum")
        ]
        if any(old.get(key) != new.get(key) for key in keys):
            self._changes.add_editorial(where)
        deprecated = bool(old.get("deprecated")), bool(new.get("deprecated"))
        if deprecated == (False, True):
            instead = f", use `{new['x-replaced-by']}`" if "x-replaced-by" in new else ""
            self._changes.add_addition(where, f"{subject} is deprecated{instead}", DEPRECATED)
        elif deprecated == (True, False):
            self._changes.add_addition(where, f"{subject} is not deprecated any more", "Changed")
        elif old.get("x-replaced-by") != new.get("x-replaced-by"):
            self._changes.add_editorial(where)
        before, after = old.get("x-alternative-name"), new.get("x-alternative-name")
        if after and after != before:
            self._changes.add_addition(where, f"{subject} can have the name `{after}` too", "Changed")
        elif after != before:
            self._changes.add_addition(
                where, f"{subject} does not have the name `{before}` any more", "Changed"
            )

    def _type(self, old: Node, new: Node, side: Consumer, where: str, subject: str) -> None:
        kinds, formats = (old.get("type"), new.get("type")), (old.get("format"), new.get("format"))
        if kinds[0] != kinds[1]:
            text = f"the type of {subject} changed from {_kind(kinds[0])} to {_kind(kinds[1])}"
            if kinds == ("integer", "number"):
                self._changes.add_widened(side, where, text)
            elif kinds == ("number", "integer"):
                self._changes.add_narrowed(side, where, text)
            else:
                self._changes.add_breaking(where, text, side)
        elif formats[0] != formats[1]:
            text = f"the format of {subject} changed from {formats[0] or 'none'} to {formats[1] or 'none'}"
            if formats == ("int32", "int64"):
                self._changes.add_widened(side, where, text)
            elif formats == ("int64", "int32"):
                self._changes.add_narrowed(side, where, text)
            else:
                self._changes.add_breaking(where, text, side)
        patterns = old.get("pattern"), new.get("pattern")
        if patterns[0] != patterns[1]:
            if patterns[1] is None:
                self._changes.add_widened(
                    side, where, f"the pattern `{patterns[0]}` of {subject} was removed"
                )
            elif patterns[0] is None:
                self._changes.add_narrowed(side, where, f"the pattern `{patterns[1]}` of {subject} was added")
            else:
                self._changes.add_breaking(
                    where, f"the pattern of {subject} changed to `{patterns[1]}`", side
                )

    def _bounds(self, old: Node, new: Node, side: Consumer, where: str, subject: str) -> None:
        for keyword in (*LOWER_BOUNDS, *UPPER_BOUNDS):
            before, after = old.get(keyword), new.get(keyword)
            if before == after:
                continue
            text = f"the {keyword} of {subject} changed from {_or_none(before)} to {_or_none(after)}"
            rises = before is not None and after is not None and after > before
            narrower = before is None or (after is not None and rises == (keyword in LOWER_BOUNDS))
            (self._changes.add_narrowed if narrower else self._changes.add_widened)(side, where, text)

    def _enumeration(self, old: Node, new: Node, side: Consumer, where: str, at: str) -> None:
        """Compare the values. A new value breaks nobody: clients have to keep unknown values."""
        if "enum" not in old and "enum" not in new:
            return
        inside = f" of `{at}`" if at else ""
        if "enum" not in new:
            self._changes.add_widened(side, where, f"the values{inside} are not an enumeration any more")
            return
        if "enum" not in old:
            self._changes.add_narrowed(side, where, f"the values{inside} are an enumeration now")
            return
        names = [
            dict(zip(map(_text, each["enum"]), each.get("x-enum-varnames", []), strict=False))
            for each in (old, new)
        ]
        before, after = ([_text(value) for value in each["enum"]] for each in (old, new))
        for value in before:
            name = names[0].get(value, value)
            if value not in after:
                breaks = (side, Consumer.GENERATED) if side is Consumer.SENDER else (Consumer.GENERATED,)
                text = f"the value {value} ({name}){inside} was removed"
                self._changes.add_breaking(where, text, *breaks, heading=REMOVED)
            elif name != names[1].get(value, value):
                text = f"the value {value}{inside} was renamed from {name} to {names[1].get(value)}"
                self._changes.add_breaking(where, text, Consumer.GENERATED)
        for value in after:
            if value not in before:
                name = names[1].get(value, value)
                self._changes.add_addition(where, f"the value {value} ({name}){inside} was added")
        if before != after and sorted(before) == sorted(after):
            self._changes.add_editorial(where)

    def _sums(self, old: Node, new: Node, side: Consumer, where: str) -> None:
        before, after = (
            {" + ".join(rule["fields"]): rule["maximum"] for rule in each.get("x-sum-maximum", [])}
            for each in (old, new)
        )
        for fields in {**before, **after}:
            limits = before.get(fields), after.get(fields)
            if limits[0] == limits[1]:
                continue
            text = f"the maximum of `{fields}` changed from {_or_none(limits[0])} to {_or_none(limits[1])}"
            narrower = limits[0] is None or (limits[1] is not None and limits[1] < limits[0])
            (self._changes.add_narrowed if narrower else self._changes.add_widened)(side, where, text)

    def _essential(self, old: Node, new: Node, where: str) -> None:
        before, after = (each.get("x-essential", []) for each in (old, new))
        for field in {**dict.fromkeys(before), **dict.fromkeys(after)}:
            if field not in after:
                text = f"`{field}` is not essential any more, so that a client reads a response without it"
                self._changes.add_breaking(where, text, Consumer.GENERATED)
            elif field not in before:
                text = f"`{field}` is essential now, so that a client refuses a response without it"
                self._changes.add_breaking(where, text, Consumer.GENERATED)

    def _default(self, old: Node, new: Node, side: Consumer, where: str, subject: str) -> None:
        if "default" not in old and "default" in new:
            text = f"the default {_text(new['default'])} of {subject} was added"
            self._changes.add_addition(where, text, "Changed")
        elif old.get("default") != new.get("default"):
            text = (
                f"the default of {subject} changed from {_text(old['default'])} to {_text(new['default'])}"
                if "default" in new
                else f"the default {_text(old['default'])} of {subject} was removed"
            )
            self._changes.add_breaking(where, text, side)

    def _fields(self, old: Node, new: Node, side: Consumer, where: str, at: str, noun: str) -> None:
        before, after = old.get("properties", {}), new.get("properties", {})
        required = set[str](old.get("required", [])), set[str](new.get("required", []))
        removed = [name for name in before if name not in after]
        added = [name for name in after if name not in before]
        inside = f"{at}." if at else ""

        if len(removed) == len(added) == 1 and _bare(before[removed[0]]) == _bare(after[added[0]]):
            text = f"the {noun} `{inside}{removed[0]}` was renamed to `{inside}{added[0]}`"
            self._changes.add_breaking(where, text, side, Consumer.GENERATED)
            removed, added = [], []
        for name in removed:
            self._add_removed_field(before[name], side, where, f"the {noun} `{inside}{name}`")
        for name in added:
            if side is Consumer.SENDER and name in required[1]:
                self._changes.add_breaking(
                    where, f"the required {noun} `{inside}{name}` was added", side, heading="Added"
                )
            else:
                optional = "" if name in required[1] else "optional "
                self._changes.add_addition(where, f"the {optional}{noun} `{inside}{name}` was added")
        for name in before:
            if name not in after:
                continue
            if name in required[1] - required[0]:
                self._changes.add_narrowed(side, where, f"the {noun} `{inside}{name}` is required now")
            if name in required[0] - required[1]:
                self._changes.add_widened(side, where, f"the {noun} `{inside}{name}` is optional now")
            self.compare(before[name], after[name], side, where, inside + name, noun)

    def _add_removed_field(self, field: Node, side: Consumer, where: str, what: str) -> None:
        alias = f", the deprecated alias of `{field['x-replaced-by']}`," if "x-replaced-by" in field else ""
        self._changes.add_breaking(
            where, f"{what}{alias} was removed", side, Consumer.GENERATED, heading=REMOVED
        )

    def _choice(self, old: Node, new: Node, side: Consumer, where: str, subject: str) -> None:
        before, after = old.get("anyOf", []), new.get("anyOf", [])
        if len(before) != len(after):
            text = f"the number of types of {subject} changed from {len(before)} to {len(after)}"
            self._changes.add_breaking(where, text, side)
        else:
            for left, right in zip(before, after, strict=True):
                self.compare(left, right, side, where)

    def _resolve(self, schemas: Node, schema: Node) -> Node:
        if "$ref" not in schema:
            return schema
        return {**self._resolve(schemas, schemas[reference_name(schema)]), **_without(schema, ("$ref",))}


def _users(document: Node) -> dict[tuple[str, Consumer], list[str]]:
    """Return the operations that send or return each schema, directly or inside another one."""
    schemas: Node = document["components"]["schemas"]
    users: dict[tuple[str, Consumer], list[str]] = {}

    def follow(node: Any, user: str, side: Consumer) -> None:
        if is_list(node):
            for child in node:
                follow(child, user, side)
        elif is_node(node):
            name = reference_name(node)
            if name and user not in users.setdefault((name, side), []):
                users[name, side].append(user)
                follow(schemas[name], user, side)
            for key, child in node.items():
                if key not in ("example", "examples"):
                    follow(child, user, side)

    for _, _, operation in operations(document):
        user: str = operation["operationId"]
        follow(operation.get("requestBody", {}), user, Consumer.SENDER)
        follow(operation.get("responses", {}), user, Consumer.READER)
    return users


def _without_null(schema: Node) -> tuple[Node, bool]:
    """Return the schema without null, and whether null is allowed."""
    others = [each for each in schema.get("anyOf", []) if each.get("type") != "null"]
    if len(others) < len(schema.get("anyOf", [])):
        outer = _without(schema, ("anyOf",))
        return ({**others[0], **outer} if len(others) == 1 else {**outer, "anyOf": others}), True
    kinds: Any = schema.get("type")
    if is_list(kinds) and "null" in kinds:
        rest = [kind for kind in kinds if kind != "null"]
        return {**schema, "type": rest[0] if len(rest) == 1 else rest}, True
    return schema, False


def _bare(schema: Node) -> Node:
    return _without(schema, EDITORIAL)


def _without(schema: Node, keywords: tuple[str, ...]) -> Node:
    return {key: value for key, value in schema.items() if key not in keywords}


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _kind(kind: Any) -> str:
    return " or ".join(kind) if is_list(kind) else str(kind or "any type")


def _or_none(value: Any) -> str:
    return "none" if value is None else str(value)
