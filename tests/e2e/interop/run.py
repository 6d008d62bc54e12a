"""Generate clients in other languages, and run a scenario of each with the emulator (`make interop`)."""

import sys

from polyglot.program import main

if __name__ == "__main__":
    sys.exit(main())
