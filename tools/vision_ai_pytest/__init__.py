"""Fixtures to test programs that use a VISION-AI module, with the emulator or with a real module.

pytest loads `vision_ai_pytest.plugin` by itself. This package uses both the SDK and the emulator, and imports
them only when a test needs them.
"""
