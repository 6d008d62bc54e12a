"""The page: complete in each language, safe with any name, small."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from shared_journal import START, JournalFile, SimulatedTill

from vision_ai_tools.report.aggregate import aggregate
from vision_ai_tools.report.figure_data import Figures, Rate
from vision_ai_tools.report.figures import make_figures
from vision_ai_tools.report.page import Formats, render_page, shorten
from vision_ai_tools.report.tables import make_tables
from vision_ai_translations import Language

LANGUAGES: tuple[Language, ...] = ("en", "ru", "zh")
HOSTILE = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "{{ figures }} {% raw %} {0} {name}",
    "\u202eelppA\u2066",
    "Apple\x00\x1b[31m\x07\ud800",
    "=HYPERLINK(1)",
    "Ä" * 10_000,
    "",
    "苹果 яблоко 🍎",
]


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    path = tmp_path_factory.mktemp("till") / "recognitions.db"
    SimulatedTill(days=6).write(path)
    return make_figures(aggregate([path]))


@pytest.fixture(scope="module")
def page(figures: Figures) -> str:
    return render_page(figures)


class Reader(HTMLParser):
    """Collects what a page would load, run or show."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_all_sections_in_each_language(figures: Figures, language: Language) -> None:
    page = render_page(figures, language)
    reader = Reader(page)
    assert {"header", "nav", "main", "footer", "h1", "h2", "table", "svg"} <= reader.tags
    assert [value for name, value in reader.attributes if name == "href" and value.startswith("#")][:6] == [
        "#hits",
        "#confusions",
        "#teach",
        "#scores",
        "#speed",
        "#changes",
    ]
    assert ("lang", {"zh": "zh-Hans"}.get(language, language)) in reader.attributes
    expected = {"en": "Right product first", "ru": "Верный товар первый", "zh": "正确商品排第一"}
    assert expected[language] in reader.text
    assert "{" not in reader.text.partition("}\n\n@media print")[2].partition("</style>")[2]


def test_the_page_needs_no_network_and_is_small(page: str) -> None:
    addresses = set(re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?([^\"')>\s]+)", page))
    assert all(each.startswith("#") for each in addresses)
    assert not {"script", "link", "img", "iframe"} & Reader(page).tags
    assert "http" not in re.sub(r"http-equiv", "", page)
    assert len(page.encode()) < 300_000


def test_ids_are_unique(page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) > 10


def test_names_cannot_change_the_page(journal: JournalFile) -> None:
    for number, name in enumerate(HOSTILE):
        journal.connection.execute(
            "INSERT INTO products VALUES (?, CAST(? AS TEXT))",
            (f"{number}", name.encode("utf-8", "surrogatepass")),
        )
        for _ in range(4):
            journal.add([(f"{number}", 0.9), (name, 0.1)], name.replace("\ud800", ""))
        journal.add([(f"{number}", 0.9)])
        journal.add_event("taught", detail=f"{number}", at=START)
    journal.add_device(2, HOSTILE[0], HOSTILE[1])
    journal.add([("1", 0.9)], "1", device=2)
    figures = make_figures(aggregate([journal.path]))
    page = render_page(figures)
    page.encode()  # no lone surrogates
    reader = Reader(page)
    assert not {"script", "img"} & reader.tags
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066\u2067]", reader.text)
    assert "<script>alert(1)</script>" in reader.text and "苹果 яблоко 🍎" in reader.text
    assert "Ä" * 61 not in page
    tables = make_tables(figures)
    assert "'=HYPERLINK(1)" in tables["products"] and ",=HYPERLINK" not in tables["products"]
    "".join(tables.values()).encode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_without_weighings(journal: JournalFile, language: Language) -> None:
    journal.add([], latency=None)
    page = render_page(make_figures(aggregate([journal.path])), language)
    assert "<svg" not in page
    assert "nan" not in page and "None" not in page
    empty = render_page(make_figures(aggregate([Path("no.db")])), language)
    assert "no.db" in empty


@pytest.mark.parametrize(
    ("rate", "text", "interval"),
    [
        (Rate.of(3, 4), "3 of 4", "30–95%"),
        (Rate.of(0, 0), "–", ""),
        (Rate.of(75, 100), "75%", "66–82%"),
        (Rate.of(7512, 10_000), "75.1%", "74.3–76.0%"),
    ],
)
def test_small_numbers_look_small(rate: Rate, text: str, interval: str) -> None:
    formats = Formats("en")
    assert (formats.format_share(rate), formats.format_interval(rate)) == (text, interval)


def test_numbers_in_russian() -> None:
    formats = Formats("ru")
    assert formats.format_share(Rate.of(7512, 10_000)) == "75,1\u00a0%"
    assert formats.format_count(1234567) == "1\u202f234\u202f567"


def test_long_texts_are_shortened() -> None:
    assert shorten("a" * 60) == "a" * 60
    assert shorten("a" * 61) == "a" * 59 + "…"
    assert shorten("a\nb\u202ec\ud800") == "a\ufffdb\ufffdc\ufffd"
