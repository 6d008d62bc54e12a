"""Which of the readings A1 … A16 a module uses, and where it departs from the contract.

from vision_ai_tools.conformance import examine

report = examine("http://172.22.0.6")
print(report.to_json())
"""

from .observations import EFFECTS, FURTHER
from .report import Report
from .run import examine

__all__ = ["EFFECTS", "FURTHER", "Report", "examine"]
