"""A response's head that is not quite HTTP → one that is, where it can be understood in only one way."""

from __future__ import annotations

import re

LINE_END = re.compile(rb"\r?\n")
CONTROL_CHARACTERS = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Without NUL and CR, which remain refused."""
LENGTH = b"content-length"
LONGEST_LENGTH = 18
"""Digits."""


def repair_head(head: bytes) -> bytes:
    """Rewrite a head with bare line feeds, folded headers, control characters, or the same length several times.

    Args:
        head: The head without the empty line at its end. What else is wrong with it stays as it is.

    Raises:
        ValueError: it has different lengths, or one that is no number.
    """
    status_line, *lines = LINE_END.split(head)
    headers: list[bytes] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and headers:
            headers[-1] += b" " + line.strip()
        else:
            headers.append(CONTROL_CHARACTERS.sub(b"?", line))
    lengths = [number for number, line in enumerate(headers) if _is_length(line)]
    if lengths:
        values = b",".join(headers[number].partition(b":")[2] for number in lengths)
        headers[lengths[0]] = b"Content-Length: " + _merge_lengths(values)
        for number in reversed(lengths[1:]):
            del headers[number]
    return b"\r\n".join([status_line, *headers, b"", b""])


def _is_length(line: bytes) -> bool:
    return line[: len(LENGTH)].lower() == LENGTH and line[len(LENGTH) :].startswith(b":")


def _merge_lengths(values: bytes) -> bytes:
    """Return the one length among values that are separated by commas."""
    lengths = [value.strip(b" \t") for value in values.split(b",")]
    for length in lengths:
        if not length.isdigit() or len(length) > LONGEST_LENGTH:
            raise ValueError(f"its Content-Length is no number: {length[:50].decode('latin-1')!r}")
    different = list(dict.fromkeys(map(int, lengths)))
    if len(different) > 1:
        raise ValueError(f"it has different Content-Length headers: {' and '.join(map(str, different[:5]))}")
    return lengths[0]
