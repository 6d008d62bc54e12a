"""Two versions of a schema, seen by those who send what it describes or by those who read it."""

from __future__ import annotations

import json
from typing import Any

from changes import DEPRECATED, REMOVED, Changes, Consumer
from document import Node, is_list, is_node, operations, reference_name

WORDS = ("description", "title", "examples", "example", "externalDocs", "x-enum-descriptions")
LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
# fmt: off
COMPARED = (
    *WORDS, *LOWER_BOUNDS, *UPPER_BOUNDS, "type", "format", "enum", "x-enum-varnames", "pattern", "default",
    "required", "properties", "items", "anyOf", "deprecated", "x-replaced-by", "x-sum-maximum", "$ref",
)
# fmt: on
# The catalogue's enumeration says what `x-error-codes` at the root says, and that is compared on its own.
CATALOGUE = "ErrorCode"
CATALOGUE_KEYWORDS = ("enum", "x-enum-varnames", "x-enum-descriptions")


class SchemaComparer:
    def __init__(self, old: Node, new: Node, changes: Changes) -> None:
        self._old: Node = old["components"]["schemas"]
        self._new: Node = new["components"]["schemas"]
        self._changes = changes
        self._seen: set[tuple[str, str, Consumer]] = set()
        self._users = _users(old)

    def compare(
        self, old: Node, new: Node, side: Consumer, where: str, at: str = "", noun: str = "field"
    ) -> None:
        """`at` is the field that the schemas describe, empty for the whole of `where`."""
        old, old_null = _without_null(old)
        new, new_null = _without_null(new)
        subject = f"`{at}`" if at else "the value"
        if new_null and not old_null:
            self._changes.wider(side, where, f"{subject} may be null now")
        if old_null and not new_null:
            self._changes.narrower(side, where, f"{subject} is never null now")

        names = reference_name(old), reference_name(new)
        if names[0] != names[1]:
            said = [f"`{name}`" if name else "a type without a name" for name in names]
            self._changes.breaking(where, f"{subject} is {said[1]} now, it was {said[0]}", Consumer.BUILT)
        if all(names):
            self._named(names[0], names[1], side, noun)
            self._told(old, new, side, where, subject)
        else:
            self._plain(self._resolved(self._old, old), self._resolved(self._new, new), side, where, at, noun)

    def _named(self, old: str, new: str, side: Consumer, noun: str) -> None:
        if (old, new, side) in self._seen:
            return
        self._seen.add((old, new, side))
        users = self._users.get((old, side), [])
        verb = "sent" if side is Consumer.SENDS else "answered"
        where = f"`{new}`, {verb} by {_listed(users)}" if users else f"`{new}`"
        self._plain(self._old[old], self._new[new], side, where, "", noun)

    def rest(self) -> None:
        """The schemas that no operation leads to, and those that came or went."""
        seen = {old for old, _, _ in self._seen} | {new for _, new, _ in self._seen}
        for name in self._old:
            if name not in self._new:
                self._changes.breaking(f"`{name}`", "the schema is gone", Consumer.BUILT, heading=REMOVED)
            elif name not in seen:
                old, new = self._old[name], self._new[name]
                if name == CATALOGUE:
                    old, new = (_without(schema, CATALOGUE_KEYWORDS) for schema in (old, new))
                self._plain(old, new, Consumer.BUILT, f"`{name}`", "", "field")
        added = [name for name in self._new if name not in self._old]
        if added:
            self._changes.addition("", f"New schemas: {_listed(added)}")

    def _plain(self, old: Node, new: Node, side: Consumer, where: str, at: str, noun: str) -> None:
        subject = f"`{at}`" if at else "the value"
        self._told(old, new, side, where, subject)
        self._type(old, new, side, where, subject)
        self._bounds(old, new, side, where, subject)
        self._enumeration(old, new, side, where, at)
        self._sums(old, new, side, where)
        self._default(old, new, side, where, subject)
        self._fields(old, new, side, where, at, noun)
        if "items" in old and "items" in new:
            self.compare(old["items"], new["items"], side, where, f"{at}[]", noun)
        elif "items" in old or "items" in new:
            self._changes.breaking(where, f"{subject} has other entries", side)
        self._choice(old, new, side, where, subject)
        self._changes.unknown(where, old, new, COMPARED)

    def _told(self, old: Node, new: Node, side: Consumer, where: str, subject: str) -> None:
        """What may stand beside a reference too: words and the mark of being deprecated."""
        # New values bring their descriptions along, which is no news of its own.
        words = [key for key in WORDS if key != "x-enum-descriptions" or old.get("enum") == new.get("enum")]
        if any(old.get(key) != new.get(key) for key in words):
            self._changes.words(where)
        deprecated = bool(old.get("deprecated")), bool(new.get("deprecated"))
        if deprecated == (False, True):
            instead = f", use `{new['x-replaced-by']}`" if "x-replaced-by" in new else ""
            self._changes.addition(where, f"{subject} is deprecated{instead}", DEPRECATED)
        elif deprecated == (True, False):
            self._changes.addition(where, f"{subject} is not deprecated any more", "Changed")
        elif old.get("x-replaced-by") != new.get("x-replaced-by"):
            self._changes.words(where)

    def _type(self, old: Node, new: Node, side: Consumer, where: str, subject: str) -> None:
        kinds, formats = (old.get("type"), new.get("type")), (old.get("format"), new.get("format"))
        if kinds[0] != kinds[1]:
            text = f"{subject} is {_kind(kinds[1])} now, it was {_kind(kinds[0])}"
            if kinds == ("integer", "number"):
                self._changes.wider(side, where, text)
            elif kinds == ("number", "integer"):
                self._changes.narrower(side, where, text)
            else:
                self._changes.breaking(where, text, side)
        elif formats[0] != formats[1]:
            text = f"the format of {subject} is {formats[1] or 'open'} now, it was {formats[0] or 'open'}"
            if formats == ("int32", "int64"):
                self._changes.wider(side, where, text)
            elif formats == ("int64", "int32"):
                self._changes.narrower(side, where, text)
            else:
                self._changes.breaking(where, text, side)
        patterns = old.get("pattern"), new.get("pattern")
        if patterns[0] != patterns[1]:
            if patterns[1] is None:
                self._changes.wider(side, where, f"{subject} need not match `{patterns[0]}` any more")
            elif patterns[0] is None:
                self._changes.narrower(side, where, f"{subject} must match `{patterns[1]}` now")
            else:
                self._changes.breaking(where, f"{subject} must match another pattern, `{patterns[1]}`", side)

    def _bounds(self, old: Node, new: Node, side: Consumer, where: str, subject: str) -> None:
        for keyword in (*LOWER_BOUNDS, *UPPER_BOUNDS):
            before, after = old.get(keyword), new.get(keyword)
            if before == after:
                continue
            text = f"the {keyword} of {subject} is {_or_none(after)} now, it was {_or_none(before)}"
            rises = before is not None and after is not None and after > before
            narrower = before is None or (after is not None and rises == (keyword in LOWER_BOUNDS))
            (self._changes.narrower if narrower else self._changes.wider)(side, where, text)

    def _enumeration(self, old: Node, new: Node, side: Consumer, where: str, at: str) -> None:
        """New values are additions also for those who read: the contract has them keep unknown ones."""
        if "enum" not in old and "enum" not in new:
            return
        inside = f" of `{at}`" if at else ""
        if "enum" not in new:
            self._changes.wider(side, where, f"the values{inside} are not a closed list any more")
            return
        if "enum" not in old:
            self._changes.narrower(side, where, f"the values{inside} are a closed list now")
            return
        names = [
            dict(zip(map(_text, each["enum"]), each.get("x-enum-varnames", []), strict=False))
            for each in (old, new)
        ]
        before, after = ([_text(value) for value in each["enum"]] for each in (old, new))
        for value in before:
            name = names[0].get(value, value)
            if value not in after:
                hurts = (side, Consumer.BUILT) if side is Consumer.SENDS else (Consumer.BUILT,)
                text = f"the value {value} ({name}){inside} is gone"
                self._changes.breaking(where, text, *hurts, heading=REMOVED)
            elif name != names[1].get(value, value):
                text = f"the value {value}{inside} is named {names[1].get(value)} now, it was {name}"
                self._changes.breaking(where, text, Consumer.BUILT)
        for value in after:
            if value not in before:
                name = names[1].get(value, value)
                self._changes.addition(where, f"the value {value} ({name}){inside} is new")
        if before != after and sorted(before) == sorted(after):
            self._changes.words(where)

    def _sums(self, old: Node, new: Node, side: Consumer, where: str) -> None:
        before, after = (
            {" + ".join(rule["fields"]): rule["maximum"] for rule in each.get("x-sum-maximum", [])}
            for each in (old, new)
        )
        for fields in {**before, **after}:
            limits = before.get(fields), after.get(fields)
            if limits[0] == limits[1]:
                continue
            text = f"the maximum of `{fields}` is {_or_none(limits[1])} now, it was {_or_none(limits[0])}"
            narrower = limits[0] is None or (limits[1] is not None and limits[1] < limits[0])
            (self._changes.narrower if narrower else self._changes.wider)(side, where, text)

    def _default(self, old: Node, new: Node, side: Consumer, where: str, subject: str) -> None:
        if "default" not in old and "default" in new:
            text = f"{subject} is {_text(new['default'])} where it is left out"
            self._changes.addition(where, text, "Changed")
        elif old.get("default") != new.get("default"):
            text = (
                f"{subject} is {_text(new['default'])} where it is left out, it was {_text(old['default'])}"
                if "default" in new
                else f"{subject} has no default any more, it was {_text(old['default'])}"
            )
            self._changes.breaking(where, text, side)

    def _fields(self, old: Node, new: Node, side: Consumer, where: str, at: str, noun: str) -> None:
        before, after = old.get("properties", {}), new.get("properties", {})
        musts = set[str](old.get("required", [])), set[str](new.get("required", []))
        gone = [name for name in before if name not in after]
        come = [name for name in after if name not in before]
        inside = f"{at}." if at else ""

        if len(gone) == len(come) == 1 and _bare(before[gone[0]]) == _bare(after[come[0]]):
            text = f"the {noun} `{inside}{gone[0]}` is called `{inside}{come[0]}` now"
            self._changes.breaking(where, text, side, Consumer.BUILT)
            gone, come = [], []
        for name in gone:
            self._field_gone(before[name], side, where, f"the {noun} `{inside}{name}`")
        for name in come:
            if side is Consumer.SENDS and name in musts[1]:
                self._changes.breaking(
                    where, f"the new {noun} `{inside}{name}` must be sent", side, heading="Added"
                )
            else:
                required = "" if name in musts[1] else ", which may be left out"
                self._changes.addition(where, f"the {noun} `{inside}{name}` is new{required}")
        for name in before:
            if name not in after:
                continue
            if name in musts[1] - musts[0]:
                verb = "must be sent" if side is Consumer.SENDS else "is always there"
                self._changes.narrower(side, where, f"the {noun} `{inside}{name}` {verb} now")
            if name in musts[0] - musts[1]:
                self._changes.wider(side, where, f"the {noun} `{inside}{name}` may be left out now")
            self.compare(before[name], after[name], side, where, inside + name, noun)

    def _field_gone(self, field: Node, side: Consumer, where: str, what: str) -> None:
        twin = f", the deprecated twin of `{field['x-replaced-by']}`," if "x-replaced-by" in field else ""
        self._changes.breaking(where, f"{what}{twin} is gone", side, Consumer.BUILT, heading=REMOVED)

    def _choice(self, old: Node, new: Node, side: Consumer, where: str, subject: str) -> None:
        before, after = old.get("anyOf", []), new.get("anyOf", [])
        if len(before) != len(after):
            text = f"{subject} is one of {len(after)} types now, it was one of {len(before)}"
            self._changes.breaking(where, text, side)
        else:
            for left, right in zip(before, after, strict=True):
                self.compare(left, right, side, where)

    def _resolved(self, schemas: Node, schema: Node) -> Node:
        if "$ref" not in schema:
            return schema
        return {**self._resolved(schemas, schemas[reference_name(schema)]), **_without(schema, ("$ref",))}


def _users(document: Node) -> dict[tuple[str, Consumer], list[str]]:
    """Which operations send or answer a schema, directly or inside another one."""
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
        follow(operation.get("requestBody", {}), user, Consumer.SENDS)
        follow(operation.get("responses", {}), user, Consumer.READS)
    return users


def _without_null(schema: Node) -> tuple[Node, bool]:
    """The schema of what is not null, and whether null is allowed."""
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
    return _without(schema, WORDS)


def _without(schema: Node, keywords: tuple[str, ...]) -> Node:
    return {key: value for key, value in schema.items() if key not in keywords}


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _kind(kind: Any) -> str:
    return " or ".join(kind) if is_list(kind) else str(kind or "of any type")


def _or_none(value: Any) -> str:
    return "open" if value is None else str(value)
