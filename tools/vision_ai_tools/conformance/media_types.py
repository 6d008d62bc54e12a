"""The media type of a response."""

from __future__ import annotations

from .capture import Exchange


def get_media_type(exchange: Exchange) -> str:
    """Return the media type, without parameters and in lower case."""
    return exchange.content_type.partition(";")[0].strip().lower()


def describe_media_type(exchange: Exchange) -> str:
    """Return the whole Content-Type, or "none"."""
    return exchange.content_type or "none"
