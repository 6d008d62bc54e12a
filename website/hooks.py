"""Bring the project's Markdown files together into one site, and write the pages that follow from the code.

The files stay where they are and link each other as they do in the repository; the links are resolved to the site's
pages. A file that is no page, such as an example, is copied into the site when a page links it.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.utils import get_relative_url

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / folder) for folder in ("overrides", "generated")]

PAGES = (
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "CODE_OF_CONDUCT.md"),
    *("openapi/README.md", "openapi/vectors/README.md", "tests/e2e/interop/README.md"),
    *("emulator/vision_ai_emulator/CONTROL.md", "emulator/vision_ai_emulator/V2.md"),
)
"""Pages outside docs/."""
SHIM = ROOT / "website" / "node_modules" / "iframe-worker" / "shim" / "index.js"
"""What a browser needs to search in a page that was opened as a file. The theme would load it from a server."""
SHIM_DIGEST = "e8e412dbcfea9b7e31b5ffa288d7b6035915e714c542f4176a0cdbe262fc9609"
SHIM_URL = "https://unpkg.com/iframe-worker/shim"
LINK = re.compile(r"(!?\[[^\]]*\]\()([^)\s#]+)?(#[^)\s]*)?(\))|(^\[[^\]]+\]: )(\S+)$", re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Give each file the address that it has in the repository, and add those outside docs/ and the generated ones."""
    collected = Files([])
    for file in files:
        if file.src_uri.startswith(("assets/", "javascripts/")):
            collected.append(file)
        else:
            collected.append(_make_file(f"docs/{file.src_uri}", config))
    for name in PAGES:
        if (ROOT / name).exists():
            collected.append(_make_file(name, config))
    for name, content in _make_reference().items():
        collected.append(File.generated(config, name, content=content))
    for version, source in (("v1", "reference.html"), ("v2", "reference-v2.html")):
        collected.append(
            File.generated(
                config, f"contract-{version}.html", abs_src_path=str(ROOT / "openapi/dist" / source)
            )
        )
    if hashlib.sha256(SHIM.read_bytes()).hexdigest() != SHIM_DIGEST:
        raise PluginError(f"{SHIM} is not the file that was checked")
    collected.append(File.generated(config, "assets/search-worker.js", abs_src_path=str(SHIM)))
    for name in _find_linked_files(collected):
        collected.append(_make_file(name, config))
    return collected


def on_page_markdown(markdown: str, page: Any, config: MkDocsConfig, files: Files) -> str:
    """Resolve links to folders and to files that are in the site under another name."""
    folder = posixpath.dirname(page.file.src_uri)

    def replace(match: re.Match[str]) -> str:
        before, target, anchor, after = (
            match[1] or match[5],
            match[2] or match[6],
            match[3] or "",
            match[4] or "",
        )
        if not target or "://" in target or target.startswith("mailto:"):
            return match[0]
        path = posixpath.normpath(posixpath.join(folder, target))
        if files.get_file_from_path(path) is None and (ROOT / path).is_dir():
            path = f"{path}/README.md"
            if not (ROOT / path).is_file():  # a folder of the repository: named, not linked
                return before[before.index("[") + 1 : before.rindex("]")]
        if files.get_file_from_path(path) is None:
            raise PluginError(f"{page.file.src_uri} links {target}, which is not in the site")
        return f"{before}{posixpath.relpath(path, folder or '.')}{anchor}{after}"

    return LINK.sub(replace, markdown)


def on_post_page(output: str, page: Any, config: MkDocsConfig) -> str:
    """Load the worker of the search from the site itself."""
    return output.replace(SHIM_URL, get_relative_url("assets/search-worker.js", page.file.url))


def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:
    """Do the same for the page of what was not found."""
    return output.replace(SHIM_URL, "/assets/search-worker.js")


def _make_file(name: str, config: MkDocsConfig) -> File:
    return File.generated(config, name, abs_src_path=str(ROOT / name))


def _find_linked_files(pages: Files) -> set[str]:
    known, found = {file.src_uri for file in pages}, set[str]()
    for page in pages.documentation_pages():
        if page.src_uri.startswith("reference/"):
            continue
        folder = posixpath.dirname(page.src_uri)
        for match in LINK.finditer(page.content_string):
            target = match[2] or match[6]
            if target and "://" not in target and not target.startswith("mailto:"):
                path = posixpath.normpath(posixpath.join(folder, target))
                found |= {each for each in (path, f"{path}/README.md") if (ROOT / each).is_file()} - known
    return found


def _make_reference() -> dict[str, str]:
    pages = {
        "client": (
            "Client",
            ("vision_ai.VisionAI", "vision_ai.AsyncVisionAI", "vision_ai.Retries", "vision_ai.Progress"),
        ),
        "errors": ("Errors", ("vision_ai.errors",)),
        "till": ("Events, catalog, journal", ("vision_ai.events", "vision_ai.catalog", "vision_ai.journal")),
        "transports": ("Recordings and transports", ("vision_ai.recording", "vision_ai.transports")),
        "emulator": ("Emulator", ("vision_ai_emulator.Emulator",)),
    }
    content = {
        f"reference/{name}.md": f"# {title}\n\n" + "".join(f"::: {each}\n\n" for each in objects)
        for name, (title, objects) in pages.items()
    }
    content["reference/models.md"] = _make_models_page()
    content["reference/error-codes.md"] = _make_error_page()
    for version in ("v1", "v2"):
        content[f"reference/contract-{version}.md"] = (
            f"# Contract, {version.upper()}\n\nThe contract of the module's API, rendered from the OpenAPI document. "
            f"[Open it by itself](../contract-{version}.html).\n\n"
            f'<iframe src="../contract-{version}.html" title="Contract of {version.upper()}" '
            'style="width:100%;height:80vh;border:0"></iframe>\n'
        )
    return content


def _make_models_page() -> str:
    from vision_ai_generated import models

    names = sorted(name for name in models.__all__ if name[0].isupper())
    return "# Results\n\n" + "".join(f"::: vision_ai_generated.models.{name}\n\n" for name in names)


def _make_error_page() -> str:
    """Write the catalog of error codes: what each means, and what to do."""
    from vision_ai import ERROR_CODES
    from vision_ai.advice import find_advice

    lines = ["# Error codes", "", "`vision-ai errors CODE` shows the same on a terminal.", ""]
    categories = dict.fromkeys(entry.category for entry in ERROR_CODES.values())
    for category in categories:
        lines += [
            f"## {category.capitalize()}",
            "",
            "| code | name | meaning | what to do |",
            "| --- | --- | --- | --- |",
        ]
        for code, entry in ERROR_CODES.items():
            if entry.category == category:
                lines.append(f"| {code} | `{entry.name}` | {entry.meaning} | {find_advice(code).text} |")
        lines.append("")
    return "\n".join(lines)
