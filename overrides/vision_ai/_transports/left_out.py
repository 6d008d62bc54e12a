"""How the line begins that replaces a backup in a recording without secrets. A playback sends and takes it for one."""

LEFT_OUT = "left out of this recording: "
