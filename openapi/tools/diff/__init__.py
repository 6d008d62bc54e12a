"""Compare two versions of the contract, and rate each change by its effect on consumers."""
