"""`python -m vision_ai_tools.conformance`: the same as `vision-ai conformance`."""

import sys

from vision_ai_tools.cli import main

sys.argv[:1] = ["vision-ai", "conformance"]
sys.exit(main())
