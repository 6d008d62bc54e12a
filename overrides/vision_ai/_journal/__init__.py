"""The journal: what a client recognized, and what became of it, in an SQLite file.

`settings` has what a program chooses, `calls` makes entries of a client's calls, `entries` describes them, `writer`
queues them and writes them in a thread of its own, `database` and `schema` are the file, `retention` deletes what is
old, `pictures` keeps pictures beside it, `reader` reads it, and `rows` is what it returns. Only programs that use a
journal import this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .settings import to_journal, to_pictures

if TYPE_CHECKING:
    from .._pipeline.pipeline import SharedState
    from .calls import CallJournal


def open_journal(journal: object, pictures: object, state: SharedState) -> CallJournal:
    """Return the journal of a connection, whose writer is shared with others of the same file.

    Args:
        journal: A path or a `Journal`.
        pictures: A folder, a `JournalPictures` or None.
        state: The connection's.

    Raises:
        InvalidInputError: one of these is not possible.
    """
    from .calls import CallJournal
    from .writer import JournalWriter

    return CallJournal(JournalWriter.open_shared(to_journal(journal), to_pictures(pictures)), state)
