"""The generator is a script beside the contract, not a package: its folder is put on the path here."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "openapi" / "codegen"))
