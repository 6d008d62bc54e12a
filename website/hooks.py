"""Bring the project's Markdown files together into one site, with the pages that follow from the code.

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
sys.path[:0] = [str(ROOT / folder) for folder in ("website", "overrides", "generated", "translations")]

from reference_pages import make_reference_pages  # noqa: E402  # needs the path

PAGES = (
    "website/index.md",
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "CODE_OF_CONDUCT.md"),
    *("openapi/README.md", "openapi/vectors/README.md", "tests/e2e/interop/README.md"),
    *("emulator/vision_ai_emulator/CONTROL.md", "emulator/vision_ai_emulator/V2.md"),
)
"""Pages outside docs/."""
ADDRESSES = {"website/index.md": "index.html", "README.md": "overview.html"}
"""Pages whose address in the site does not follow from the file's name."""
ASSETS = {
    "tools/vision_ai_tools/console/page/icon.svg": "assets/icon.svg",
    "website/style.css": "assets/style.css",
    "website/tables.js": "assets/tables.js",
}
SHIM = ROOT / "website" / "node_modules" / "iframe-worker" / "shim" / "index.js"
"""What a browser needs to search in a page that was opened as a file. The theme would load it from a server."""
SHIM_DIGEST = "e8e412dbcfea9b7e31b5ffa288d7b6035915e714c542f4176a0cdbe262fc9609"
SHIM_URL = "https://unpkg.com/iframe-worker/shim"
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
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
            collected.append(_make_file(name, config, ADDRESSES.get(name)))
    for name, address in ASSETS.items():
        collected.append(_make_file(name, config, address))
    for name, content in make_reference_pages().items():
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
        names = (target, path, posixpath.basename(path))
        if match[1] in [f"[{name}](" for name in names] and (title := _find_title(files, path)):
            before = f"[{title}]("
        return f"{before}{posixpath.relpath(path, folder or '.')}{anchor}{after}"

    return LINK.sub(replace, markdown)


def on_page_content(html: str, page: Any, config: MkDocsConfig, files: Files) -> str:
    """Make the empty corner of a table a cell: a heading without text confuses screen readers."""
    return re.sub(r"<th( [^>]*)?></th>", r"<td\1></td>", html)


def on_post_page(output: str, page: Any, config: MkDocsConfig) -> str:
    """Load the worker of the search from the site itself."""
    return _fix_search(output, get_relative_url("assets/search-worker.js", page.file.url))


def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:
    """Do the same for the page of what was not found."""
    return _fix_search(output, "/assets/search-worker.js")


def _find_title(files: Files, path: str) -> str | None:
    """Return the heading of a page, which a reader of the site knows better than the name of its file."""
    file = files.get_file_from_path(path)
    heading = TITLE.search(file.content_string) if file is not None and file.is_documentation_page() else None
    return heading[1] if heading else None


def _fix_search(output: str, worker: str) -> str:
    """Replace the address of the search's worker, and name its dialog for screen readers."""
    return output.replace(SHIM_URL, worker).replace('role="dialog"', 'role="dialog" aria-label="Search"')


def _make_file(name: str, config: MkDocsConfig, address: str | None = None) -> File:
    file = File.generated(config, name, abs_src_path=str(ROOT / name))
    if address is not None:
        file.dest_uri = address
    return file


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
