"""The file in the center's folder that names the receivers of webhooks."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, cast

from vision_ai import InvalidInputError

from .webhooks import Webhook

WEBHOOKS_FILE = "webhooks.toml"
"""`[[webhook]]` with `url`, `secret` and `topics`."""


def read_webhooks(folder: Path) -> list[Webhook]:
    """Return the webhooks of a center's folder; none where it has no such file.

    Raises:
        InvalidInputError: the file is not valid.
    """
    path = folder / WEBHOOKS_FILE
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError(f"{path} is not valid TOML: {error}") from None
    return [_read_webhook(path, each) for each in content.get("webhook", [])]


def _read_webhook(path: Path, entry: object) -> Webhook:
    fields = cast("dict[str, object]", entry) if isinstance(entry, dict) else {}
    url, secret, topics = (
        fields.get("url"),
        fields.get("secret"),
        fields.get("topics", ["alerts", "rollouts"]),
    )
    if not isinstance(url, str) or not isinstance(secret, str) or not isinstance(topics, list):
        raise InvalidInputError(f"{path}: each [[webhook]] needs the texts url and secret; topics is a list")
    return Webhook(url, secret, tuple(map(str, cast("list[object]", topics))))
