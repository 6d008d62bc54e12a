"""Journals of recognitions: their settings, and reading them.

A client keeps one with `VisionAI(journal="recognitions.db")`.
"""

from ._journal.reader import JournalError, JournalReader, prune_journal
from ._journal.rows import JournalDevice, JournalEvent, JournalGuess, JournalRecognition
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
