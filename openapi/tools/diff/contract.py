"""Compare two versions of the whole contract: its operations, its servers and its catalog of error codes.

The comparison covers the keywords of OpenAPI and the extensions of this contract (`x-effect`,
`x-error-codes`, `x-sum-maximum` …). A change is compatible if it allows more in
requests or less in responses.
"""

from __future__ import annotations

import json
import re

from diff.changes import ADDED, CHANGED, DEPRECATED, REMOVED, Change, Changes, Consumer
from diff.schemas import SchemaComparison
from document import METHODS, Node, operations

EFFECTS = ("read", "set", "act", "destructive")  # in ascending order of harm
SENDER, READER, GENERATED = Consumer.SENDER, Consumer.READER, Consumer.GENERATED


def compare(old: Node, new: Node) -> list[Change]:
    """Return all changes between two versions of the contract."""
    changes = Changes()
    _Comparison(old, new, changes).run()
    if not changes.all() and _without_version(old) != _without_version(new):
        changes.add_unknown("the contract", _without_version(old), _without_version(new), ())
    return changes.all()


def _without_version(document: Node) -> Node:
    return {**document, "info": {**document["info"], "version": ""}}


class _Comparison:
    def __init__(self, old: Node, new: Node, changes: Changes) -> None:
        self._old, self._new, self._changes = old, new, changes
        self._schemas = SchemaComparison(old, new, changes)
        unknown = new.get("x-unknown-operations", [])
        self._titles: dict[str, str] = {name: each["title"] for each in unknown for name in each["replaces"]}

    def run(self) -> None:
        old, new = self._old, self._new
        if old["openapi"] != new["openapi"]:
            text = f"the document changed from OpenAPI {old['openapi']} to {new['openapi']}"
            self._changes.add_breaking("", text, GENERATED)
        if _without_version(old)["info"] != _without_version(new)["info"]:
            self._changes.add_editorial("the introduction")
        if old.get("tags") != new.get("tags"):
            self._changes.add_editorial("the tags")
        if old.get("x-unknown-operations") != new.get("x-unknown-operations"):
            self._changes.add_editorial("the operations that are not known")
        if old.get("security") != new.get("security"):
            self._changes.add_breaking("", "the authentication changed", SENDER)
        self._servers()
        self._catalog()
        self._ranges()
        self._operations()
        self._schemas.compare_rest()
        known = [
            "openapi",
            "info",
            "tags",
            "security",
            "servers",
            "x-error-codes",
            "x-error-ranges",
            "x-unknown-operations",
            "paths",
            "components",
        ]
        self._changes.add_unknown("the document", old, new, known)
        self._changes.add_unknown("components", old["components"], new["components"], ["schemas"])

    def _servers(self) -> None:
        old, new = self._old.get("servers", []), self._new.get("servers", [])
        if len(new) > len(old):
            self._changes.add_addition("", f"new server {new[-1]['url']}")
        if len(new) < len(old):
            self._changes.add_breaking(
                "", f"the server {old[-1]['url']} was removed", SENDER, heading=REMOVED
            )
        for before, after in zip(old, new, strict=False):
            if before["url"] != after["url"]:
                text = f"the server changed from {before['url']} to {after['url']}"
                self._changes.add_breaking("", text, SENDER)
            if before.get("description") != after.get("description"):
                self._changes.add_editorial("the server")
            self._server_variables(before.get("variables", {}), after.get("variables", {}))
            self._changes.add_unknown("the server", before, after, ("url", "description", "variables"))

    def _server_variables(self, old: Node, new: Node) -> None:
        for name in {**old, **new}:
            where = f"server variable `{name}`"
            if name not in old or name not in new:
                text = "was added" if name in new else "was removed"
                self._changes.add_breaking(where, text, SENDER, heading=ADDED if name in new else REMOVED)
                continue
            before, after = old[name], new[name]
            if before["default"] != after["default"]:
                text = f"the default changed from {before['default']} to {after['default']}"
                self._changes.add_breaking(where, text, SENDER)
            if before.get("description") != after.get("description"):
                self._changes.add_editorial("the server")
            self._changes.add_unknown(where, before, after, ("default", "description"))

    def _catalog(self) -> None:
        old, new = (
            {entry["code"]: entry for entry in document["x-error-codes"]}
            for document in (self._old, self._new)
        )
        for code in {**old, **new}:
            if code not in new:
                text = f"{old[code]['name']} was removed from the catalog"
                self._changes.add_breaking(f"error code {code}", text, READER, GENERATED, heading=REMOVED)
            elif code not in old:
                entry = new[code]
                text = f"{entry['name']} ({entry['category']}): {entry['meaning']}"
                self._changes.add_addition(f"error code {code}", text)
            else:
                self._code(f"error code {code}", old[code], new[code])

    def _ranges(self) -> None:
        old, new = (
            {entry["name"]: entry for entry in document.get("x-error-ranges", [])}
            for document in (self._old, self._new)
        )
        for name in {**old, **new}:
            where = f"range of error codes {name}"
            if name not in new:
                self._changes.add_breaking(where, "was removed", READER, GENERATED, heading=REMOVED)
            elif name not in old:
                self._changes.add_addition(where, f"was added, {new[name]['from']} to {new[name]['to']}")
            else:
                before, after = ((each[name]["from"], each[name]["to"]) for each in (old, new))
                text = f"changed from {before[0]}…{before[1]} to {after[0]}…{after[1]}"
                if after[0] > before[0] or after[1] < before[1]:
                    self._changes.add_breaking(where, text, READER)
                elif after != before:
                    self._changes.add_addition(where, text, CHANGED)
                self._code(where, old[name], new[name])

    def _code(self, where: str, old: Node, new: Node) -> None:
        if old["name"] != new["name"]:
            self._changes.add_breaking(where, f"renamed from {old['name']} to {new['name']}", GENERATED)
        if old["category"] != new["category"]:
            text = f"the category changed from {old['category']} to {new['category']}"
            self._changes.add_breaking(where, f"{text}, and clients react to the category", READER)
        if old["retryable"] != new["retryable"]:
            text = "is retryable now" if new["retryable"] else "is not retryable any more"
            self._changes.add_addition(where, text, CHANGED)
        for version in new.get("versions", []):
            if version not in old.get("versions", [version]):
                self._changes.add_addition(where, f"exists in {version} of the API too", CHANGED)
        for version in old.get("versions", []):
            if version not in new.get("versions", []):
                self._changes.add_addition(where, f"does not exist in {version} of the API any more", CHANGED)
        if any(old.get(key) != new.get(key) for key in ("meaning", "vendor", "meanings")):
            self._changes.add_editorial(where)
        known = "code from to name category retryable meaning versions vendor meanings"
        self._changes.add_unknown(where, old, new, known.split())

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
                text = f"moved from {call} to `{method.upper()} {target}`"
                self._changes.add_breaking(f"`{name}`", text, SENDER)
                self._operation(before, after)
            else:
                title = self._titles.get(name)
                text = f"the operation {call} was removed"
                if title is not None:
                    text = f"{call} is not known; only the title of what takes its place is: {title}"
                self._changes.add_breaking(f"`{name}`", text, SENDER, READER, GENERATED, heading=REMOVED)
        for name, (method, path, each) in moved.items():
            text = f"new operation `{method.upper()} {path}`, effect {each['x-effect']}. {each['summary']}"
            self._changes.add_addition(f"`{name}`", text.removesuffix("."))
        for path, item in self._new["paths"].items():
            before = self._old["paths"].get(path, {})
            self._changes.add_unknown(path, before, item, METHODS)

    def _operation(self, old: Node, new: Node) -> None:
        where = f"`{new['operationId']}`"
        if old["operationId"] != new["operationId"]:
            self._changes.add_breaking(where, f"renamed from `{old['operationId']}`", GENERATED)
        if old["tags"] != new["tags"]:
            self._changes.add_breaking(
                where, f"the tag changed from {old['tags'][0]} to {new['tags'][0]}", GENERATED
            )
        if any(
            old.get(key) != new.get(key) for key in ("summary", "description", "x-source", "x-known-from")
        ):
            self._changes.add_editorial(where)
        self._deprecation(where, old, new)
        self._effect(where, old["x-effect"], new["x-effect"])
        self._null_result(where, old.get("x-null-result"), new.get("x-null-result"))
        self._error_codes(where, old, new)
        self._parameters(where, old.get("parameters", []), new.get("parameters", []))
        self._request(where, old.get("requestBody"), new.get("requestBody"))
        self._responses(where, old["responses"], new["responses"])
        known = "operationId tags summary description x-source x-known-from deprecated x-replaced-by x-effect"
        known += " x-error-codes x-null-result x-error-ranges parameters requestBody responses"
        self._changes.add_unknown(where, old, new, known.split())

    def _deprecation(self, where: str, old: Node, new: Node) -> None:
        if not old.get("deprecated") and new.get("deprecated"):
            self._changes.add_addition(where, f"is deprecated, use `{new.get('x-replaced-by')}`", DEPRECATED)
        elif old.get("deprecated") and not new.get("deprecated"):
            self._changes.add_addition(where, "is not deprecated any more", CHANGED)
        elif old.get("x-replaced-by") != new.get("x-replaced-by"):
            self._changes.add_editorial(where)

    def _effect(self, where: str, old: str, new: str) -> None:
        text = f"the effect changed from {old} to {new}"
        if EFFECTS.index(new) > EFFECTS.index(old):
            self._changes.add_breaking(where, f"{text}, and clients may repeat the call", SENDER)
        elif new != old:
            self._changes.add_addition(where, text, CHANGED)

    def _null_result(self, where: str, old: Node | None, new: Node | None) -> None:
        if new is not None and new != old:
            self._changes.add_addition(where, f"null stands for the result {json.dumps(new)}", CHANGED)
        elif new != old:
            text = "null does not stand for a result any more"
            self._changes.add_breaking(where, text, READER)

    def _error_codes(self, where: str, old: Node, new: Node) -> None:
        """Compare the lists of error codes. No change of them breaks clients, which keep unknown codes."""
        for keyword in ("x-error-codes", "x-error-ranges"):
            before, after = old.get(keyword, []), new.get(keyword, [])
            for code in after:
                if code not in before:
                    self._changes.add_addition(where, f"can return {code} too")
            for code in before:
                if code not in after:
                    self._changes.add_addition(where, f"is not known to return {code} any more", CHANGED)
            if before != after and sorted(before) == sorted(after):
                self._changes.add_editorial(where)

    def _parameters(self, where: str, old: list[Node], new: list[Node]) -> None:
        before, after = ({(each["in"], each["name"]): each for each in side} for side in (old, new))
        for key in {**before, **after}:
            what = f"the {key[0]} parameter `{key[1]}`"
            if key not in after:
                self._changes.add_breaking(where, f"{what} was removed", SENDER, GENERATED, heading=REMOVED)
            elif key not in before:
                if after[key].get("required"):
                    self._changes.add_breaking(
                        where, f"{what} was added and is required", SENDER, GENERATED, heading=ADDED
                    )
                else:
                    self._changes.add_addition(where, f"{what} was added")
            else:
                self._parameter(where, what, before[key], after[key])

    def _parameter(self, where: str, what: str, old: Node, new: Node) -> None:
        required = bool(old.get("required")), bool(new.get("required"))
        if required == (False, True):
            self._changes.add_breaking(where, f"{what} is required now", SENDER)
        if required == (True, False):
            self._changes.add_addition(where, f"{what} is optional now", CHANGED)
        if any(old.get(key) != new.get(key) for key in ("description", "examples")):
            self._changes.add_editorial(where)
        self._schemas.compare(old["schema"], new["schema"], SENDER, where, old["name"])
        self._changes.add_unknown(
            where, old, new, ["name", "in", "required", "description", "examples", "schema"]
        )

    def _request(self, where: str, old: Node | None, new: Node | None) -> None:
        if old is None or new is None:
            if new is not None and new.get("required"):
                self._changes.add_breaking(where, "a request body is required now", SENDER, heading=ADDED)
            elif new is not None:
                self._changes.add_addition(where, "a request body is possible now")
            elif old is not None:
                self._changes.add_breaking(where, "the request has no body any more", SENDER, heading=REMOVED)
            return
        required = bool(old.get("required")), bool(new.get("required"))
        if required == (False, True):
            self._changes.add_breaking(where, "the request body is required now", SENDER)
        if required == (True, False):
            self._changes.add_addition(where, "the request body is optional now", CHANGED)
        if old.get("description") != new.get("description"):
            self._changes.add_editorial(where)
        self._content(where, old["content"], new["content"], SENDER)
        self._changes.add_unknown(where, old, new, ("required", "description", "content"))

    def _responses(self, where: str, old: Node, new: Node) -> None:
        for status in {**old, **new}:
            if status not in new:
                text = f"HTTP status {status} is not returned any more"
                self._changes.add_breaking(where, text, READER, heading=REMOVED)
            elif status not in old:
                self._changes.add_breaking(
                    where, f"can return HTTP status {status} now", READER, heading=ADDED
                )
            else:
                before, after = old[status], new[status]
                if before.get("description") != after.get("description"):
                    self._changes.add_editorial(where)
                self._content(where, before.get("content", {}), after.get("content", {}), READER)
                self._changes.add_unknown(where, before, after, ("description", "content"))

    def _content(self, where: str, old: Node, new: Node, side: Consumer) -> None:
        what = "the request" if side is SENDER else "the response"
        for media in {**old, **new}:
            if media not in new:
                text = f"{what} is not {media} any more"
                self._changes.add_breaking(where, text, side, GENERATED, heading=REMOVED)
            elif media not in old:
                text = f"{what} can be {media} now"
                if side is SENDER:
                    self._changes.add_addition(where, text)
                else:
                    self._changes.add_breaking(where, text, side, GENERATED, heading=ADDED)
            else:
                self._media(where, media, old[media], new[media], side)
        if list(old) != list(new) and sorted(old) == sorted(new):
            text = f"{next(iter(new))} comes first for {what} now, and generated clients use the first type"
            self._changes.add_breaking(where, text, GENERATED)

    def _media(self, where: str, media: str, old: Node, new: Node, side: Consumer) -> None:
        if any(old.get(key) != new.get(key) for key in ("example", "examples")):
            self._changes.add_editorial(where)
        noun = "part" if media == "multipart/form-data" else "field"
        self._schemas.compare(old["schema"], new["schema"], side, where, "", noun)
        self._encoding(where, old.get("encoding", {}), new.get("encoding", {}), side)
        self._changes.add_unknown(where, old, new, ("schema", "example", "examples", "encoding"))

    def _encoding(self, where: str, old: Node, new: Node, side: Consumer) -> None:
        """Compare the encodings of parts. Added and removed parts are changes of the schema."""
        for part in old.keys() & new.keys():
            if old[part] != new[part]:
                self._changes.add_breaking(where, f"the encoding of the part `{part}` changed", side)
        if old.keys() != new.keys() and len(old) == len(new):
            return
        for part in sorted(old.keys() ^ new.keys()):
            self._changes.add_breaking(where, f"the encoding of the part `{part}` was added or removed", side)
