"""Put the folder of the contract's tools on the path: they are scripts, not a package."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "openapi" / "tools"))
