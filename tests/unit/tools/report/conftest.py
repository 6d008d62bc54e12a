from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from shared_journal import JournalFile


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[JournalFile]:
    """An empty journal, which stays open for writing as that of a running till."""
    journal = JournalFile(tmp_path / "recognitions.db")
    journal.add_device(1)
    yield journal
    journal.close()
