"""What a run asks a module, by the effect it has."""
