"""What the command line, the console, the doctor and the link share."""
