"""Where Rich may break a line: by itself only at spaces, which Chinese has none of."""

from __future__ import annotations

import re

IDEOGRAPHS = "\u3400-\u9fff"
OPENING = "（《“‘【「"
CLOSING = "）》”’】」，。；：！？、…"
"""A line does not end with the ones and does not begin with the others."""
WORD = re.compile(
    rf"\s*(?:[{OPENING}]*(?:[{IDEOGRAPHS}]|[^\s{IDEOGRAPHS}{OPENING}{CLOSING}]+)[{CLOSING}]*|[{OPENING}{CLOSING}]+)\s*"
)
"""One ideograph or one word of other letters, with its punctuation marks."""


def break_lines_between_ideographs() -> None:
    """Let Rich, in this process, break a line between two ideographs."""
    from rich import _wrap
    from rich.cells import cell_len
    from rich.text import Text

    def rstrip_end(self: Text, size: int) -> None:
        """Remove spaces beyond a width: Rich's own method counts characters, of which some are two cells wide."""
        spaces = len(self.plain) - len(self.plain.rstrip())
        excess = min(spaces, cell_len(self.plain) - size)
        if excess > 0:
            self.right_crop(excess)

    if not isinstance(getattr(_wrap, "re_word", None), re.Pattern):
        return  # another version of Rich finds words in its own way: lines break at spaces alone
    _wrap.re_word = WORD
    Text.rstrip_end = rstrip_end
