"""The file that names the receivers of webhooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from vision_ai import InvalidInputError
from vision_ai_fleet.observability.webhook_file import read_webhooks

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZg=="


def write(folder: Path, text: str) -> Path:
    (folder / "webhooks.toml").write_text(text, encoding="utf-8")
    return folder


def test_receivers_and_their_topics(tmp_path: Path) -> None:
    assert read_webhooks(tmp_path) == []
    text = f"""
        [[webhook]]
        url = "https://a.example/x"
        secret = "{SECRET}"
        [[webhook]]
        url = "http://b.example"
        secret = "any text of 16 characters"
        topics = ["alerts"]
    """
    first, second = read_webhooks(write(tmp_path, text))
    assert (first.url, first.secret, first.topics) == ("https://a.example/x", SECRET, ("alerts", "rollouts"))
    assert (second.name, second.topics) == ("b.example", ("alerts",))


@pytest.mark.parametrize(
    "text",
    [
        "[[webhook]",
        "[[webhook]]\nurl = 'https://a.example'",
        f"[[webhook]]\nurl = 5\nsecret = '{SECRET}'",
        f"[[webhook]]\nurl = 'a.example'\nsecret = '{SECRET}'",
        f"[[webhook]]\nurl = 'https://a.example'\nsecret = '{SECRET}'\ntopics = 3",
        f"[[webhook]]\nurl = 'https://a.example'\nsecret = '{SECRET}'\ntopics = ['all']",
        f"webhook = ['https://a.example', '{SECRET}']",
    ],
)
def test_a_file_that_is_wrong_is_refused_without_its_secrets(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        read_webhooks(write(tmp_path, text))
    assert SECRET not in str(raised.value)
