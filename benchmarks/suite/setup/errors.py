"""What can make a run impossible."""


class CannotRunError(Exception):
    """The benchmark cannot run here; the message says what is missing."""
