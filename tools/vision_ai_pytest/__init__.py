"""Tests of a program that talks to a VISION-AI module: against the emulator, and the same on a real module.

pytest loads `vision_ai_pytest.plugin` by itself. This package knows both the SDK and the emulator, and
imports either only when a test asks for it.
"""
