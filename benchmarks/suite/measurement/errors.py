"""Why a contender has no measurements."""


class ContenderMissingError(Exception):
    """The contender is not installed, or cannot run this workload."""


class ContenderFailedError(Exception):
    """The contender raised an error, or its output is wrong."""
