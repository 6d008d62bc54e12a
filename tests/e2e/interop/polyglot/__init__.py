"""Clients in other languages, generated from the contract and run against the emulator."""
