"""The runner is a program of its own, `make interop`; its modules lie in this folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
