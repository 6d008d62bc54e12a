"""The commands `vision-ai fleet` and `vision-ai agent`.

`fleet` and `agent` are the tables of their subcommands; the other modules have a few commands each. What a command
needs of the center is imported inside it, so that the help is there at once, and on a scale without the extra `fleet`.
"""
