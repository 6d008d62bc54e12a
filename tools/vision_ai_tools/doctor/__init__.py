"""Diagnose why the module does not respond: the vendor's connection chapter, step by step.

from vision_ai_tools.doctor import diagnose

for finding in diagnose().wrong:
    print(finding.what, finding.fix)
"""

from .diagnostics import diagnose
from .findings import STEPS, Diagnosis, Finding, State, Step

__all__ = ["STEPS", "Diagnosis", "Finding", "State", "Step", "diagnose"]
