"""Removes the metadata of JPEG pictures: cameras write serial numbers, owners and places there."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode

from ..image import END_OF_IMAGE, START, find_marker

METADATA = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
"""Markers of segments without which a picture looks the same; APP0 (JFIF) and APP14 (Adobe) tell its colors."""

_BASE64 = re.compile(r"\\?/9j\\?/(?:[A-Za-z0-9+/]|\\/){60,}={0,2}")  # some write "/" as "\\/"


def remove_metadata(content: bytes) -> bytes:
    """Return a JPEG without metadata, and without what follows its end; anything else as it is."""
    if not content.startswith(START):
        return content
    kept = [content[:2]]
    position = 2
    while found := find_marker(content, position):
        kept.append(content[position : found.start()])  # what a scan holds, and bytes that fill up
        marker, position = content[found.start() + 1], found.end()
        if marker == END_OF_IMAGE:
            return b"".join((*kept, found[0]))
        length = int.from_bytes(content[position : position + 2], "big")
        segment_end = position + max(length, 2)
        if marker not in METADATA:
            kept.append(content[found.start() : segment_end])
        position = segment_end
    return b"".join(kept) + content[position:]


def remove_metadata_in_text(text: str) -> str:
    """Do the same for pictures in Base64."""
    return _BASE64.sub(_clean_base64, text) if "/9j" in text else text


def _clean_base64(found: re.Match[str]) -> str:
    plain = found[0].replace("\\", "")
    try:
        content = b64decode(plain, validate=True)
    except binascii.Error:
        return found[0]
    clean = remove_metadata(content)
    if clean == content:
        return found[0]
    encoded = b64encode(clean).decode()
    return encoded if plain == found[0] else encoded.replace("/", "\\/")
