"""Two versions of the contract: what has changed, and whom it hurts.

OpenAPI's own keywords and the extensions of this contract (`x-effect`, `x-error-codes`, `x-sum-maximum` …).
What is sent may be taken more generously and what is answered more narrowly, and nobody is hurt.
"""

from __future__ import annotations

import re

from changes import ADDED, CHANGED, DEPRECATED, REMOVED, Change, Changes, Consumer
from compare_schemas import SchemaComparer
from document import METHODS, Node, operations

EFFECTS = ("read", "set", "act", "destructive")  # from harmless to harmful
SENDS, READS, BUILT = Consumer.SENDS, Consumer.READS, Consumer.BUILT


def compare(old: Node, new: Node) -> list[Change]:
    changes = Changes()
    _Comparer(old, new, changes).run()
    if not changes.all() and _unversioned(old) != _unversioned(new):
        changes.unknown("the contract", _unversioned(old), _unversioned(new), ())
    return changes.all()


def _unversioned(document: Node) -> Node:
    return {**document, "info": {**document["info"], "version": ""}}


class _Comparer:
    def __init__(self, old: Node, new: Node, changes: Changes) -> None:
        self._old, self._new, self._changes = old, new, changes
        self._schemas = SchemaComparer(old, new, changes)

    def run(self) -> None:
        old, new = self._old, self._new
        if old["openapi"] != new["openapi"]:
            text = f"the document is OpenAPI {new['openapi']} now, it was {old['openapi']}"
            self._changes.breaking("", text, BUILT)
        if _unversioned(old)["info"] != _unversioned(new)["info"]:
            self._changes.words("the introduction")
        if old.get("tags") != new.get("tags"):
            self._changes.words("the tags")
        if old.get("security") != new.get("security"):
            self._changes.breaking("", "what a client must show to be let in has changed", SENDS)
        self._servers()
        self._catalogue()
        self._ranges()
        self._operations()
        self._schemas.rest()
        known = [
            "openapi",
            "info",
            "tags",
            "security",
            "servers",
            "x-error-codes",
            "x-error-ranges",
            "paths",
            "components",
        ]
        self._changes.unknown("the document", old, new, known)
        self._changes.unknown("components", old["components"], new["components"], ["schemas"])

    def _servers(self) -> None:
        old, new = self._old.get("servers", []), self._new.get("servers", [])
        if len(new) > len(old):
            self._changes.addition("", f"the server {new[-1]['url']} is new")
        if len(new) < len(old):
            self._changes.breaking("", f"the server {old[-1]['url']} is gone", SENDS, heading=REMOVED)
        for before, after in zip(old, new, strict=False):
            if before["url"] != after["url"]:
                text = f"the server is {after['url']} now, it was {before['url']}"
                self._changes.breaking("", text, SENDS)
            if before.get("description") != after.get("description"):
                self._changes.words("the server")
            self._server_variables(before.get("variables", {}), after.get("variables", {}))
            self._changes.unknown("the server", before, after, ("url", "description", "variables"))

    def _server_variables(self, old: Node, new: Node) -> None:
        for name in {**old, **new}:
            where = f"the server's `{name}`"
            if name not in old or name not in new:
                text = "is new" if name in new else "is gone"
                self._changes.breaking(where, text, SENDS, heading=ADDED if name in new else REMOVED)
                continue
            before, after = old[name], new[name]
            if before["default"] != after["default"]:
                text = f"is {after['default']} by default now, it was {before['default']}"
                self._changes.breaking(where, text, SENDS)
            if before.get("description") != after.get("description"):
                self._changes.words("the server")
            self._changes.unknown(where, before, after, ("default", "description"))

    def _catalogue(self) -> None:
        old, new = (
            {entry["code"]: entry for entry in document["x-error-codes"]}
            for document in (self._old, self._new)
        )
        for code in {**old, **new}:
            if code not in new:
                text = f"{old[code]['name']} is not in the catalogue any more"
                self._changes.breaking(f"error code {code}", text, READS, BUILT, heading=REMOVED)
            elif code not in old:
                entry = new[code]
                text = f"{entry['name']} ({entry['category']}): {entry['meaning']}"
                self._changes.addition(f"error code {code}", text)
            else:
                self._code(f"error code {code}", old[code], new[code])

    def _ranges(self) -> None:
        old, new = (
            {entry["name"]: entry for entry in document.get("x-error-ranges", [])}
            for document in (self._old, self._new)
        )
        for name in {**old, **new}:
            where = f"the range of error codes {name}"
            if name not in new:
                self._changes.breaking(where, "is gone", READS, BUILT, heading=REMOVED)
            elif name not in old:
                self._changes.addition(where, f"is new, {new[name]['from']} to {new[name]['to']}")
            else:
                before, after = ((each[name]["from"], each[name]["to"]) for each in (old, new))
                text = f"is {after[0]} to {after[1]} now, it was {before[0]} to {before[1]}"
                if after[0] > before[0] or after[1] < before[1]:
                    self._changes.breaking(where, text, READS)
                elif after != before:
                    self._changes.addition(where, text, CHANGED)
                self._code(where, old[name], new[name])

    def _code(self, where: str, old: Node, new: Node) -> None:
        if old["name"] != new["name"]:
            self._changes.breaking(where, f"is named {new['name']} now, it was {old['name']}", BUILT)
        if old["category"] != new["category"]:
            text = f"belongs to the category {new['category']} now, it was {old['category']}"
            self._changes.breaking(
                where, f"{text}: a client that reacts to the category takes it for another", READS
            )
        if old["retryable"] != new["retryable"]:
            text = (
                "asking again later can help now"
                if new["retryable"]
                else "asking again later does not help now"
            )
            self._changes.addition(where, text, CHANGED)
        if old["meaning"] != new["meaning"]:
            self._changes.words(where)
        self._changes.unknown(
            where, old, new, ["code", "from", "to", "name", "category", "retryable", "meaning"]
        )

    def _operations(self) -> None:
        old, new = (
            {
                (method, re.sub(r"\{.*?\}", "{}", path)): (path, each)
                for path, method, each in operations(document)
            }
            for document in (self._old, self._new)
        )
        moved = {
            each["operationId"]: (key[0], path, each) for key, (path, each) in new.items() if key not in old
        }
        for key, (path, before) in old.items():
            name, call = before["operationId"], f"`{key[0].upper()} {path}`"
            if key in new:
                self._operation(before, new[key][1])
            elif name in moved:
                method, target, after = moved.pop(name)
                text = f"is `{method.upper()} {target}` now, it was {call}"
                self._changes.breaking(f"`{name}`", text, SENDS)
                self._operation(before, after)
            else:
                text = f"the operation {call} is gone"
                self._changes.breaking(f"`{name}`", text, SENDS, READS, BUILT, heading=REMOVED)
        for name, (method, path, each) in moved.items():
            text = f"a new operation, `{method.upper()} {path}`, effect {each['x-effect']}. {each['summary']}"
            self._changes.addition(f"`{name}`", text.removesuffix("."))
        for path, item in self._new["paths"].items():
            before = self._old["paths"].get(path, {})
            self._changes.unknown(path, before, item, METHODS)

    def _operation(self, old: Node, new: Node) -> None:
        where = f"`{new['operationId']}`"
        if old["operationId"] != new["operationId"]:
            self._changes.breaking(where, f"was named `{old['operationId']}`", BUILT)
        if old["tags"] != new["tags"]:
            self._changes.breaking(where, f"is tagged {new['tags'][0]} now, it was {old['tags'][0]}", BUILT)
        if any(old.get(key) != new.get(key) for key in ("summary", "description", "x-source")):
            self._changes.words(where)
        self._deprecation(where, old, new)
        self._effect(where, old["x-effect"], new["x-effect"])
        self._answered_codes(where, old, new)
        self._parameters(where, old.get("parameters", []), new.get("parameters", []))
        self._request(where, old.get("requestBody"), new.get("requestBody"))
        self._answers(where, old["responses"], new["responses"])
        known = (
            "operationId tags summary description x-source deprecated x-replaced-by x-effect x-error-codes"
        )
        known += " x-error-ranges parameters requestBody responses"
        self._changes.unknown(where, old, new, known.split())

    def _deprecation(self, where: str, old: Node, new: Node) -> None:
        if not old.get("deprecated") and new.get("deprecated"):
            self._changes.addition(where, f"is deprecated, use `{new.get('x-replaced-by')}`", DEPRECATED)
        elif old.get("deprecated") and not new.get("deprecated"):
            self._changes.addition(where, "is not deprecated any more", CHANGED)
        elif old.get("x-replaced-by") != new.get("x-replaced-by"):
            self._changes.words(where)

    def _effect(self, where: str, old: str, new: str) -> None:
        text = f"its effect is {new} now, it was {old}"
        if EFFECTS.index(new) > EFFECTS.index(old):
            self._changes.breaking(where, f"{text}: a client may repeat it, or call it unasked", SENDS)
        elif new != old:
            self._changes.addition(where, text, CHANGED)

    def _answered_codes(self, where: str, old: Node, new: Node) -> None:
        """Codes are numbers that a client keeps when it does not know them: no list of them is a promise."""
        for keyword in ("x-error-codes", "x-error-ranges"):
            before, after = old.get(keyword, []), new.get(keyword, [])
            for code in after:
                if code not in before:
                    self._changes.addition(where, f"may answer {code} too")
            for code in before:
                if code not in after:
                    self._changes.addition(where, f"is not known to answer {code} any more", CHANGED)
            if before != after and sorted(before) == sorted(after):
                self._changes.words(where)

    def _parameters(self, where: str, old: list[Node], new: list[Node]) -> None:
        before, after = ({(each["in"], each["name"]): each for each in side} for side in (old, new))
        for key in {**before, **after}:
            what = f"the {key[0]} parameter `{key[1]}`"
            if key not in after:
                self._changes.breaking(where, f"{what} is gone", SENDS, BUILT, heading=REMOVED)
            elif key not in before:
                if after[key].get("required"):
                    self._changes.breaking(
                        where, f"{what} is new and must be sent", SENDS, BUILT, heading=ADDED
                    )
                else:
                    self._changes.addition(where, f"{what} is new")
            else:
                self._parameter(where, what, before[key], after[key])

    def _parameter(self, where: str, what: str, old: Node, new: Node) -> None:
        must = bool(old.get("required")), bool(new.get("required"))
        if must == (False, True):
            self._changes.breaking(where, f"{what} must be sent now", SENDS)
        if must == (True, False):
            self._changes.addition(where, f"{what} may be left out now", CHANGED)
        if any(old.get(key) != new.get(key) for key in ("description", "examples")):
            self._changes.words(where)
        self._schemas.compare(old["schema"], new["schema"], SENDS, where, old["name"])
        self._changes.unknown(
            where, old, new, ["name", "in", "required", "description", "examples", "schema"]
        )

    def _request(self, where: str, old: Node | None, new: Node | None) -> None:
        if old is None or new is None:
            if new is not None and new.get("required"):
                self._changes.breaking(where, "a request body must be sent now", SENDS, heading=ADDED)
            elif new is not None:
                self._changes.addition(where, "a request body may be sent now")
            elif old is not None:
                self._changes.breaking(where, "the request has no body any more", SENDS, heading=REMOVED)
            return
        must = bool(old.get("required")), bool(new.get("required"))
        if must == (False, True):
            self._changes.breaking(where, "the request body must be sent now", SENDS)
        if must == (True, False):
            self._changes.addition(where, "the request body may be left out now", CHANGED)
        if old.get("description") != new.get("description"):
            self._changes.words(where)
        self._content(where, old["content"], new["content"], SENDS)
        self._changes.unknown(where, old, new, ("required", "description", "content"))

    def _answers(self, where: str, old: Node, new: Node) -> None:
        for status in {**old, **new}:
            if status not in new:
                text = f"HTTP status {status} is not answered any more"
                self._changes.breaking(where, text, READS, heading=REMOVED)
            elif status not in old:
                self._changes.breaking(where, f"may answer HTTP status {status} now", READS, heading=ADDED)
            else:
                before, after = old[status], new[status]
                if before.get("description") != after.get("description"):
                    self._changes.words(where)
                self._content(where, before.get("content", {}), after.get("content", {}), READS)
                self._changes.unknown(where, before, after, ("description", "content"))

    def _content(self, where: str, old: Node, new: Node, side: Consumer) -> None:
        what = "the request" if side is SENDS else "the answer"
        for media in {**old, **new}:
            if media not in new:
                text = f"{what} is not {media} any more"
                self._changes.breaking(where, text, side, BUILT, heading=REMOVED)
            elif media not in old:
                text = f"{what} may be {media} now"
                if side is SENDS:
                    self._changes.addition(where, text)
                else:
                    self._changes.breaking(where, text, side, BUILT, heading=ADDED)
            else:
                self._media(where, media, old[media], new[media], side)
        if list(old) != list(new) and sorted(old) == sorted(new):
            text = f"{next(iter(new))} comes first for {what} now: generated clients take the first"
            self._changes.breaking(where, text, BUILT)

    def _media(self, where: str, media: str, old: Node, new: Node, side: Consumer) -> None:
        if any(old.get(key) != new.get(key) for key in ("example", "examples")):
            self._changes.words(where)
        noun = "part" if media == "multipart/form-data" else "field"
        self._schemas.compare(old["schema"], new["schema"], side, where, "", noun)
        self._encoding(where, old.get("encoding", {}), new.get("encoding", {}), side)
        self._changes.unknown(where, old, new, ("schema", "example", "examples", "encoding"))

    def _encoding(self, where: str, old: Node, new: Node, side: Consumer) -> None:
        """How a part is sent; that one came, went or was renamed is told with the schema's fields."""
        for part in old.keys() & new.keys():
            if old[part] != new[part]:
                self._changes.breaking(where, f"the part `{part}` is encoded in another way", side)
        if old.keys() != new.keys() and len(old) == len(new):
            return
        for part in sorted(old.keys() ^ new.keys()):
            self._changes.breaking(where, f"how the part `{part}` is encoded has changed", side)
