"""The wire vectors: reading them, writing them in their one form, and what a JSON Schema cannot say of them.

python openapi/tools/vectors.py            writes openapi/vectors/*.json in order, lengths and digests set
python openapi/tools/vectors.py --check    writes nothing, fails if a file is not in order
"""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from document import CONTRACT, Node, is_list, is_node

FOLDER = CONTRACT.parent / "vectors"
SCHEMA = FOLDER / "schema.json"
GENERAL = "general"
"""The file of what goes for all operations."""
WIDTH = 110
EXPANDED = 3
"""Down to this depth (the file, its list, each vector) everything has a line of its own."""


def files() -> list[Path]:
    return sorted(path for path in FOLDER.glob("*.json") if path.name != SCHEMA.name)


def read(path: Path) -> Node:
    return json.loads(path.read_text(encoding="utf-8"))


def load() -> list[Node]:
    """All vectors, file by file, in their order."""
    return [vector for path in files() for vector in read(path)["vectors"]]


def file_name(operation_id: str) -> str:
    """`get_result` for `getResult`: the name of the operation's file."""
    return re.sub(r"(?=[A-Z])", "_", operation_id).lower()


def body_of(message: Node) -> bytes:
    """The bytes of a request's or a response's body, as they stand on the wire."""
    if "bodyBase64" in message:
        return base64.b64decode(message["bodyBase64"], validate=True)
    return message.get("body", "").encode()


def header(response: Node, name: str) -> str | None:
    """The value of a response's first header of that name (in lower case)."""
    for line in response.get("head", [])[1:]:
        key, _, value = line.partition(":")
        if key.lower() == name:
            return value.strip()
    return None


def is_cut_short(response: Node) -> bool:
    """Whether less comes than the announced length; such a length is left as it is."""
    length = header(response, "content-length") or ""
    return "then" in response and length.isdigit() and int(length) > len(body_of(response))


def raw_response(response: Node) -> bytes:
    """The exact bytes of an answer; none where there is none."""
    if "head" not in response:
        return b""
    return "\r\n".join([*response["head"], "", ""]).encode("latin-1") + body_of(response)


def content_of(response: Node) -> bytes:
    """What a response carries: its body without the frames of a chunked one."""
    body = body_of(response)
    if (header(response, "transfer-encoding") or "").lower() != "chunked":
        return body
    content = b""
    while True:
        size, _, body = body.partition(b"\r\n")
        length = int(size.partition(b";")[0], 16)
        if length == 0:
            return content
        content, body = content + body[:length], body[length + 2 :]


def in_order(document: Node) -> Node:
    """The same with right lengths and digests, where they follow from the bytes."""
    document = copy.deepcopy(document)
    for vector in document["vectors"]:
        for exchange in vector["exchanges"]:
            _set_length(exchange["response"])
        if "bytes" in vector.get("expect", {}):
            content = content_of(vector["exchanges"][-1]["response"])
            vector["expect"]["bytes"] = {
                "length": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
    return document


def _set_length(response: Node) -> None:
    length = len(body_of(response))
    if is_cut_short(response) or header(response, "content-length") in (None, str(length)):
        return
    response["head"] = [
        f"{name}: {length}" if (name := line.partition(":")[0]).lower() == "content-length" else line
        for line in response["head"]
    ]


def written(document: Node) -> str:
    """The one form of a file: a value stands on one line where it fits."""
    return _written(document, "", 0, 0) + "\n"


def _written(value: Any, indent: str, used: int, depth: int) -> str:
    line = json.dumps(value, ensure_ascii=False)
    members: Iterator[tuple[str, Any]]
    if is_node(value):
        brackets, members = "{}", ((f"{json.dumps(key, ensure_ascii=False)}: ", value[key]) for key in value)
    elif is_list(value):
        brackets, members = "[]", (("", each) for each in value)
    else:
        return line
    if not value or (depth >= EXPANDED and len(indent) + used + len(line) < WIDTH):
        return line
    inner = indent + "  "
    lines = [f"{inner}{key}{_written(each, inner, len(key), depth + 1)}" for key, each in members]
    return brackets[0] + "\n" + ",\n".join(lines) + "\n" + indent + brackets[1]


def mistakes(path: Path, schema: Node) -> list[str]:
    """What a person has to put right in a file, in words."""
    try:
        document = read(path)
    except ValueError as error:
        return [f"{path.name} is not JSON in UTF-8: {error}"]
    errors: Any = Draft202012Validator(schema).iter_errors(document)  # pyright: ignore[reportUnknownMemberType]
    found = [f"{path.name}: {_place(document, [*error.absolute_path])}: {error.message}" for error in errors]
    if found:
        return [each if len(each) <= 300 else f"{each[:299]}…" for each in found]
    ids = [vector["id"] for vector in document["vectors"]]
    found += [f"{path.name}: {id} is there twice" for id in sorted({id for id in ids if ids.count(id) > 1})]
    for vector in document["vectors"]:
        if vector["id"].partition("/")[0] != path.stem:
            found.append(f"{path.name}: the id {vector['id']} does not begin with {path.stem}/")
        if path.stem not in (GENERAL, file_name(vector["operation"])):
            found.append(
                f"{path.name}: {vector['id']} is about {vector['operation']}, which has its own file"
            )
    return found


def _place(document: Any, path: list[str | int]) -> str:
    """Where in a file; a vector is called by its id."""
    if path[:1] == ["vectors"] and len(path) > 1:
        path = [document["vectors"][path[1]].get("id", f"vector {path[1]}"), *path[2:]]
    return " > ".join(map(str, path)) or "the file"


def findings(path: Path, schema: Node) -> list[str]:
    """What is wrong with a file, its form included."""
    found = mistakes(path, schema)
    if not found and path.read_bytes() != written(in_order(read(path))).encode():
        return [f"{path.name} is not in order: run openapi/tools/vectors.py"]
    return found


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        sys.exit(__doc__)
    schema = read(SCHEMA)
    found: list[str] = []
    for path in files():
        wrong = findings(path, schema) if arguments else mistakes(path, schema)
        if not wrong and not arguments:
            path.write_bytes(written(in_order(read(path))).encode())
        found += wrong
    print("\n".join(found) or f"{len(load())} vectors in {len(files())} files are in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
