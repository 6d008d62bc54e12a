"""The tools of the SDK: command line, console, doctor, link and conformance check."""
