"""Write the reference pages that follow from the code and from the contract."""

from __future__ import annotations

import enum
import json
from pathlib import Path
from typing import Any

from error_page import make_error_page

CONTRACTS = Path(__file__).resolve().parents[1] / "openapi" / "dist"

OBJECTS = {
    "client": (
        "Client",
        "The two clients have the same methods. [Effects and retries](../docs/effects.md) says what each does to the "
        "module, and which lost calls are repeated.",
        ("vision_ai.VisionAI", "vision_ai.AsyncVisionAI", "vision_ai.Retries", "vision_ai.Progress"),
    ),
    "errors": (
        "Errors",
        "The codes of a module, with causes and what to do: [Error codes](error-codes.md).",
        ("vision_ai.errors",),
    ),
    "till": (
        "Events, catalog, journal",
        "What [watch()](../docs/watch.md) reports, [names of products](../docs/catalog.md), and "
        "[the journal](../docs/journal.md).",
        ("vision_ai.events", "vision_ai.catalog", "vision_ai.journal"),
    ),
    "transports": (
        "Recordings and transports",
        "The guides: [Record and replay](../docs/recording.md), [Transports](../docs/transports.md).",
        ("vision_ai.recording", "vision_ai.transports"),
    ),
    "emulator": (
        "Emulator",
        "The guide: [Test a till](../docs/testing-a-till.md).",
        ("vision_ai_emulator.Emulator",),
    ),
}


def make_reference_pages() -> dict[str, str]:
    """Return the pages by their address in the site."""
    pages = {
        f"reference/{name}.md": "\n\n".join([f"# {title}", text, *(f"::: {each}" for each in objects), ""])
        for name, (title, text, objects) in OBJECTS.items()
    }
    pages["reference/models.md"] = _make_models_page()
    pages["reference/error-codes.md"] = make_error_page()
    for version in ("v1", "v2"):
        pages[f"reference/contract-{version}.md"] = _make_contract_page(version)
    return pages


def _make_contract_page(version: str) -> str:
    name = version.upper()
    return (
        f"---\nhide: [toc]\n---\n\n# Contract, {name}\n\n"
        "Each operation with its parameters, its responses, examples and a curl command. The page is made from the "
        f"OpenAPI document ([files and forms](../openapi/README.md)). [Open it in a tab of its own]"
        f"(../contract-{version}.html){{target=_blank}}.\n\n"
        f'<iframe class="contract" src="../contract-{version}.html" title="Contract of {name}"></iframe>\n'
    )


def _make_models_page() -> str:
    from vision_ai_generated import models

    names = sorted(name for name in models.__all__ if name[0].isupper())
    kinds = {name: getattr(models, name) for name in names}
    schemas = _read_schemas()
    lines = ["# Results", "", "What the operations return. A field that a module left out is `None`.", ""]
    lines += [
        f"::: vision_ai_generated.models.{name}\n    options: {{show_bases: false}}\n"
        for name in names
        if not _is_enum(kinds[name])
    ]
    lines += [
        "## Enumerations",
        "",
        "A module may send a value that is not listed: it is kept, as `UNKNOWN`.",
    ]
    for name in names:
        if _is_enum(kinds[name]) and name != "ErrorCode":
            lines += _make_enum_table(kinds[name], schemas[name])
    lines += [
        "",
        "### `ErrorCode` {#vision_ai_generated.models.ErrorCode}",
        "",
        "The codes by their names: [Error codes](error-codes.md).",
    ]
    return "\n".join(lines) + "\n"


def _make_enum_table(kind: type[enum.Enum], schema: dict[str, Any]) -> list[str]:
    meanings = dict(zip(schema["enum"], schema["x-enum-descriptions"], strict=True))
    rows = [f"| `{each.name}` | `{each.value!r}` | {meanings[each.value]} |" for each in kind]
    heading = f"### `{kind.__name__}` {{#vision_ai_generated.models.{kind.__name__}}}"
    return ["", heading, "", "| name | value | meaning |", "| --- | --- | --- |", *rows]


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, enum.Enum)


def _read_schemas() -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    for name in ("vision-ai-v2.json", "vision-ai.json"):
        document = json.loads((CONTRACTS / name).read_text(encoding="utf-8"))
        schemas |= document["components"]["schemas"]
    return schemas
