"""Why the module does not answer: the vendor's connection chapter, step by step.

from vision_ai_tools.doctor import examine

for finding in examine().wrong:
    print(finding.what, finding.mend)
"""

from .examination import examine
from .findings import STEPS, Diagnosis, Finding, State, Step

__all__ = ["STEPS", "Diagnosis", "Finding", "State", "Step", "examine"]
