"""Recordings of a module's traffic as HAR files, for programs that build on the SDK.

A client records with `VisionAI(record="day.har")` and plays back with `VisionAI("replay:day.har")`; these classes are
the transports behind both.
"""

from ._redaction import Redaction
from ._transports.har.player import Player
from ._transports.har.recorder import Recorder

__all__ = ["Player", "Recorder", "Redaction"]
