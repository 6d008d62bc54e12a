"""The clients of these tests find out which version of the API their module speaks, unless they name it."""

import pytest


@pytest.fixture(autouse=True)
def known_api_version() -> None:
    """Leave the default of `api` as it is."""
