"""Build the command line, the emulator and the console as one file: `make pyz`."""
