"""The file in the center's folder that names the receivers of webhooks."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

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
    try:
        return [
            Webhook(each["url"], each["secret"], tuple(each.get("topics", ("alerts", "rollouts"))))
            for each in content.get("webhook", [])
        ]
    except (KeyError, TypeError) as error:
        raise InvalidInputError(f"{path}: each [[webhook]] needs url and secret ({error})") from None
