"""What a page and its translation have in common: blocks in the same order, code, names in code, and links."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from attrs import define, field
from markdown_it import MarkdownIt
from markdown_it.token import Token
from page_blocks import SHELLS, Block, read_blocks

COUNTED = {"paragraph_open": "paragraph", "tr_open": "row", "list_item_open": "item", "fence": "code"}
LETTERS = re.compile(r"[а-яёА-ЯЁ\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
"""What only a translation has."""
KEY = re.compile(r"^(?:[✓✗?–]|\w+,)")
"""What is not translated at the beginning of a line: a sign of the doctor, a number in a catalog."""
COMMENT = re.compile(r"\s*#\s.*")


@define
class Section:
    """A heading and what follows until the next one."""

    heading: str
    level: str
    blocks: list[str] = field(factory=list[str])
    """The kinds of its blocks, in order."""
    names: set[str] = field(factory=set[str])
    """What is set as code in its text."""
    links: list[str] = field(factory=list[str])
    """The files that it links, and the pictures that it shows, without folders."""


def read_sections(text: str) -> list[Section]:
    """Return the sections of a page. The one before the first heading has no title."""
    sections = [Section("", "")]
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    for token, following in zip(tokens, [*tokens[1:], Token("", "", 0)], strict=True):
        if token.type == "heading_open":
            sections.append(Section(following.content, token.tag))
        elif token.type in COUNTED and not token.hidden:
            sections[-1].blocks.append(COUNTED[token.type])
        for child in token.children or []:
            if child.type == "code_inline":
                sections[-1].names.add(child.content)
            elif child.type in ("link_open", "image"):
                target = str(child.attrs.get("href") or child.attrs.get("src"))
                sections[-1].links.append(_name_target(target))
    return sections


def find_line_breaks(text: str) -> list[str]:
    """Return the beginnings of paragraphs with line breaks, which a browser shows as spaces."""
    return [
        token.content[:30]
        for token in MarkdownIt("commonmark").enable("table").parse(text)
        if token.type == "inline" and any(each.type == "softbreak" for each in token.children or [])
    ]


def compare_code(english: str, translated: str) -> list[str]:
    """Return how the code of two pages differs, apart from comments and from texts that were translated."""
    pairs = [read_blocks(english), read_blocks(translated)]
    if [(each.language, each.comments) for each in pairs[0]] != [
        (each.language, each.comments) for each in pairs[1]
    ]:
        return ["other blocks, or other comments before them"]
    return [
        f"line {block.line}: {difference}"
        for original, block in zip(*pairs, strict=True)
        for difference in _compare_blocks(original, block)
    ]


def _name_target(target: str) -> str:
    name = Path(target.partition("#")[0]).name
    return re.sub(r"-(ru|zh)(?=\.png$)", "", name)


def _compare_blocks(english: Block, translated: Block) -> list[str]:
    if english.language == "python":
        return _compare_python(english.text, translated.text)
    lines = [_read_lines(each) for each in (english, translated)]
    if len(lines[0]) != len(lines[1]):
        return ["another number of lines"]
    return [new for old, new in zip(*lines, strict=True) if old != new and not _is_translated(old, new)]


def _read_lines(block: Block) -> list[str]:
    if block.language in SHELLS | {"powershell"}:
        return [COMMENT.sub("", line) for line in block.text.splitlines()]
    return block.text.splitlines()


def _is_translated(english: str, translated: str) -> bool:
    """Say whether a line of output or data has words of the other language, and begins the same."""
    return bool(LETTERS.search(translated)) and _find_key(english) == _find_key(translated)


def _find_key(line: str) -> str:
    return "".join(KEY.findall(line)[:1])


def _compare_python(english: str, translated: str) -> list[str]:
    trees = ast.parse(english), ast.parse(translated)
    texts = [_take_texts(each) for each in trees]
    if ast.dump(trees[0]) != ast.dump(trees[1]):
        return ["another program"]
    return [new for old, new in zip(*texts, strict=True) if old != new and not LETTERS.search(new)]


def _take_texts(tree: ast.AST) -> list[str]:
    """Return the strings of a program, and leave empty ones in their place."""
    texts = [
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    values = [str(node.value) for node in texts]
    for node in texts:
        node.value = ""
    return values
