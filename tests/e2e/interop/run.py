"""`make interop`: generates clients in other languages and runs a scenario of each against the emulator."""

import sys

from polyglot.program import main

if __name__ == "__main__":
    sys.exit(main())
