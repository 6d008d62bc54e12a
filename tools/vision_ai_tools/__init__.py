"""What people run beside a scale: the command line, the doctor, the link, the console, the conformance check."""
