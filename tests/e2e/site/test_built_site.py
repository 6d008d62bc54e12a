"""The built files of the site: every link leads somewhere, and nothing is loaded from elsewhere."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from site_pages import SITE, LinkReader, read_links


@pytest.fixture(scope="module")
def pages() -> dict[Path, LinkReader]:
    return {file: read_links(file) for file in SITE.rglob("*.html")}


def find_target(file: Path, link: str) -> tuple[Path, str]:
    parts = urlsplit(link)
    path = unquote(parts.path)
    target = SITE / path.lstrip("/") if path.startswith("/") else file.parent / path if path else file
    return Path(os.path.normpath(target)), unquote(parts.fragment)


def test_every_link_leads_to_a_file_and_its_part(pages: dict[Path, LinkReader]) -> None:
    assert len(pages) > 40
    dead: list[str] = []
    for file, reader in pages.items():
        for link in {*reader.links, *reader.loads}:
            if urlsplit(link).scheme:
                continue
            target, part = find_target(file, link)
            if target.is_dir():
                target /= "index.html"
            known = target.is_file() and (
                not part or target not in pages or part in pages[target].anchors or part == "__top"
            )
            if not known:
                dead.append(f"{file.relative_to(SITE)}: {link}")
    assert dead == []


def test_nothing_is_loaded_from_elsewhere(pages: dict[Path, LinkReader]) -> None:
    foreign = {load for reader in pages.values() for load in reader.loads if urlsplit(load).netloc}
    assert foreign == set()


def test_every_page_has_a_title_of_its_own(pages: dict[Path, LinkReader]) -> None:
    titles: dict[str, str] = {}
    for file in pages:
        text = file.read_text(encoding="utf-8")
        title = text.partition("<title>")[2].partition("</title>")[0].strip()
        name = str(file.relative_to(SITE))
        if name in ("404.html",) or name.startswith("tests/") or "/ru/" in name or "/zh/" in name:
            continue
        assert title, name
        assert title not in titles, (name, titles.get(title))
        titles[title] = name


@pytest.mark.parametrize(
    "address",
    [
        "docs/build-a-till.html",  # who programs a till
        "docs/connection.html",  # the technician
        "docs/console.html",
        "docs/fleet.html",  # a chain
        "openapi/index.html",  # another language
        "CONTRIBUTING.html",  # who works on the project
        "reference/error-codes.html",
    ],
)
def test_the_home_page_leads_each_kind_of_reader(pages: dict[Path, LinkReader], address: str) -> None:
    assert address in {urlsplit(link).path for link in pages[SITE / "index.html"].links}
