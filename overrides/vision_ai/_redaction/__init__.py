"""Replaces what must stay in the store, in the log and in recordings.

`secrets` is the table of what is secret, `fields` finds the fields of that table in any text, `known_values` finds
their values anywhere else, `pictures` removes the metadata of pictures, and `redaction` applies all of them.
"""

from .redaction import Redaction

__all__ = ["Redaction"]
