from __future__ import annotations

import pytest

from vision_ai_emulator import Emulator


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def no_proxy_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
