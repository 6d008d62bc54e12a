"""Measure the contenders: one process for each, interleaved by the runner, with verified output."""
