"""What a run asks of a module, by the effect that it has."""
