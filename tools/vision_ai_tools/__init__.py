"""What people run beside a scale: command line, doctor, link, console, conformance check."""
