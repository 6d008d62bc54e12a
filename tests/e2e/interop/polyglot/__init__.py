"""Generate clients in other languages from the contract, and run them with the emulator."""
