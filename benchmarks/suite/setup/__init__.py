"""Prepare a run: the machine, the server and its fixture data, the generated clients, the working folders."""
