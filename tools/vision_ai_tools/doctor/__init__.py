"""Diagnose why the module does not respond: the vendor's connection chapter, step by step.

    from vision_ai_tools.doctor import diagnose

    for finding in diagnose().wrong:
        print(finding.what, finding.fix)

Nothing is changed but the clock of a module that speaks V2.
"""

from .diagnostics import diagnose
from .findings import STEPS, Diagnosis, Finding, State, Step

__all__ = ["STEPS", "Diagnosis", "Finding", "State", "Step", "diagnose"]
