"""The type of the fixtures `run` and `run_apart`."""

from collections.abc import Callable

import pytest

Run = Callable[..., pytest.RunResult]
