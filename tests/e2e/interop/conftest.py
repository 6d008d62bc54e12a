"""Put this folder on the path: the runner of `make interop` is not installed."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
