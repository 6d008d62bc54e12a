"""Journals of recognitions: their settings, and reading them.

A client keeps one with `VisionAI(journal="recognitions.db")`.
"""

from ._journal.reader import (
    JournalDevice,
    JournalError,
    JournalEvent,
    JournalGuess,
    JournalReader,
    JournalRecognition,
    prune_journal,
)
from ._journal.settings import Journal, JournalPictures

__all__ = [
    "Journal",
    "JournalDevice",
    "JournalError",
    "JournalEvent",
    "JournalGuess",
    "JournalPictures",
    "JournalReader",
    "JournalRecognition",
    "prune_journal",
]
