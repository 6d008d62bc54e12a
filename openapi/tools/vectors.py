"""Read, check and format the wire vectors.

python openapi/tools/vectors.py            format openapi/vectors/*.json, and update lengths and digests
python openapi/tools/vectors.py --check    write nothing, and fail if a file is invalid or not formatted
"""

from __future__ import annotations

import base64
import copy
import gzip
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
FOLDERS = {"v1": FOLDER, "v2": FOLDER / "v2"}
"""The vectors of each version of the API."""
SCHEMA = FOLDER / "schema.json"
GENERAL = "general"
"""The file of the vectors that apply to all operations."""
WIDTH = 110
EXPANDED_DEPTH = 3
"""Down to this depth (the file, its list, each vector), each value starts on a new line."""


def list_files() -> list[Path]:
    """List the files of all versions of the API."""
    return [
        path
        for folder in FOLDERS.values()
        for path in sorted(folder.glob("*.json"))
        if path.name != SCHEMA.name
    ]


def read(path: Path) -> Node:
    return json.loads(path.read_text(encoding="utf-8"))


def load() -> list[Node]:
    """Load all vectors, in the order of the files."""
    return [vector for path in list_files() for vector in read(path)["vectors"]]


def api_of(vector: Node) -> str:
    """Return the version of the API that a vector belongs to."""
    return "v2" if vector["id"].startswith("v2/") else "v1"


def file_name(operation_id: str) -> str:
    """Return the name of an operation's file: `get_result` for `getResult`."""
    return re.sub(r"(?=[A-Z])", "_", operation_id).lower()


def body_of(message: Node) -> bytes:
    """Return the body of a request or a response as its bytes on the wire."""
    if "bodyBase64" in message:
        return base64.b64decode(message["bodyBase64"], validate=True)
    return message.get("body", "").encode()


def header(response: Node, name: str) -> str | None:
    """Return the first value of a response header. `name` is in lower case."""
    for line in response.get("head", [])[1:]:
        key, _, value = line.partition(":")
        if key.lower() == name:
            return value.strip()
    return None


def is_truncated(response: Node) -> bool:
    """Return whether the body is deliberately shorter than its Content-Length."""
    length = header(response, "content-length") or ""
    return "then" in response and length.isdigit() and int(length) > len(body_of(response))


def raw_response(response: Node) -> bytes:
    """Return the exact bytes of a response, or no bytes if there is no response."""
    if "head" not in response:
        return b""
    return "\r\n".join([*response["head"], "", ""]).encode("latin-1") + body_of(response)


def content_of(response: Node) -> bytes:
    """Return the content of a response: its body without the framing of chunks, and unpacked."""
    body = body_of(response)
    if header(response, "content-encoding") == "gzip":
        return gzip.decompress(body)
    if (header(response, "transfer-encoding") or "").lower() != "chunked":
        return body
    content = b""
    while True:
        size, _, body = body.partition(b"\r\n")
        length = int(size.partition(b";")[0], 16)
        if length == 0:
            return content
        content, body = content + body[:length], body[length + 2 :]


def update(document: Node) -> Node:
    """Return a copy with correct lengths and digests."""
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
    if is_truncated(response) or header(response, "content-length") in (None, str(length)):
        return
    response["head"] = [
        f"{name}: {length}" if (name := line.partition(":")[0]).lower() == "content-length" else line
        for line in response["head"]
    ]


def format_file(document: Node) -> str:
    """Format a file. Each value is on one line if it fits."""
    return _format(document, "", 0, 0) + "\n"


def _format(value: Any, indent: str, used: int, depth: int) -> str:
    line = json.dumps(value, ensure_ascii=False)
    members: Iterator[tuple[str, Any]]
    if is_node(value):
        brackets, members = "{}", ((f"{json.dumps(key, ensure_ascii=False)}: ", value[key]) for key in value)
    elif is_list(value):
        brackets, members = "[]", (("", each) for each in value)
    else:
        return line
    if not value or (depth >= EXPANDED_DEPTH and len(indent) + used + len(line) < WIDTH):
        return line
    inner = indent + "  "
    lines = [f"{inner}{key}{_format(each, inner, len(key), depth + 1)}" for key, each in members]
    return brackets[0] + "\n" + ",\n".join(lines) + "\n" + indent + brackets[1]


def find_errors(path: Path, schema: Node) -> list[str]:
    """Return a message for each error of a file that only a person can correct."""
    try:
        document = read(path)
    except ValueError as error:
        return [f"{path.name} is not valid JSON in UTF-8: {error}"]
    violations: Any = Draft202012Validator(schema).iter_errors(document)  # pyright: ignore[reportUnknownMemberType]
    errors = [
        f"{path.name}: {_location(document, [*error.absolute_path])}: {error.message}" for error in violations
    ]
    if errors:
        return [each if len(each) <= 300 else f"{each[:299]}…" for each in errors]
    ids = [vector["id"] for vector in document["vectors"]]
    errors += [
        f"{path.name}: the id {id} is not unique" for id in sorted({id for id in ids if ids.count(id) > 1})
    ]
    start = f"v2/{path.stem}/" if path.parent.name == "v2" else f"{path.stem}/"
    if document.get("$schema") not in (
        None,
        "../schema.json" if start.startswith("v2/") else "./schema.json",
    ):
        errors.append(f"{path.name}: its $schema is not the path of {SCHEMA.name}")
    for vector in document["vectors"]:
        if vector["id"].rpartition("/")[0] + "/" != start:
            errors.append(f"{path.name}: the id {vector['id']} must start with {start}")
        if path.stem not in (GENERAL, file_name(vector["operation"])):
            errors.append(f"{path.name}: {vector['id']} belongs to the file of {vector['operation']}")
    return errors


def _location(document: Any, path: list[str | int]) -> str:
    """Return the location in a file, with the id of the vector."""
    if path[:1] == ["vectors"] and len(path) > 1:
        path = [document["vectors"][path[1]].get("id", f"vector {path[1]}"), *path[2:]]
    return " > ".join(map(str, path)) or "the file"


def find_problems(path: Path, schema: Node) -> list[str]:
    """Return the errors of a file, or that its format or a length is out of date."""
    errors = find_errors(path, schema)
    if not errors and path.read_bytes() != format_file(update(read(path))).encode():
        return [f"{path.name} is not formatted, or has a wrong length or digest. Run `make vectors`."]
    return errors


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        sys.exit(__doc__)
    schema = read(SCHEMA)
    messages: list[str] = []
    for path in list_files():
        problems = find_problems(path, schema) if arguments else find_errors(path, schema)
        if not problems and not arguments:
            path.write_bytes(format_file(update(read(path))).encode())
        messages += problems
    print("\n".join(messages) or f"{len(load())} vectors in {len(list_files())} files are valid")
    return 1 if messages else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
