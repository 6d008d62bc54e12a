"""Send generated requests to a module or the emulator, and compare the responses with the contract."""
