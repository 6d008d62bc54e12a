"""Put the folder of the generator on the path: it is a script, not a package."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "openapi" / "codegen"))
