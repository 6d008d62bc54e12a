"""The type of the fixtures `run` and `run_in_process`."""

from collections.abc import Callable

import pytest

Run = Callable[..., pytest.RunResult]
