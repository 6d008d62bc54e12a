"""Show where the time of one contender goes: the layers of a call, and the stack frames above socket.send."""
