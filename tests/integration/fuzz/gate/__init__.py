"""The fuzzing gate: what a module answers to generated requests is what the contract says."""
