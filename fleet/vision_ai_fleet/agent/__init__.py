"""The agent: beside each scale, the one that speaks with its module."""
