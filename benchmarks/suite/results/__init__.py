"""Turn measurements into ratios, verdicts on the targets, and a report."""
