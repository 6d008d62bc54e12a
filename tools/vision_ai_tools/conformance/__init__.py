"""Check a module against the contract: which of the readings (A1 …, B1 …) it uses, and where it departs.

    from vision_ai_tools.conformance import check_conformance

    report = check_conformance("http://172.22.0.6")
    print(report.to_json())

The argument `effects` says what may be done to the module; by default, it is only read.
"""

from .observations import EFFECTS, FURTHER
from .report import Report
from .run import check_conformance

__all__ = ["EFFECTS", "FURTHER", "Report", "check_conformance"]
