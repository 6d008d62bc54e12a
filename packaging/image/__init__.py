"""The emulator as an OCI image, for teams without Python: `make image`."""
