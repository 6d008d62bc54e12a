"""Put the folders of the generator and of the contract's tools on the path: they are scripts, not packages."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "openapi" / "codegen"), str(ROOT / "openapi" / "tools")]
