"""Recordings of what passes between a client and a module, as HAR 1.2, and their replay.

file        the file on the disk: whole after every entry, added to, one writer at a time
body        the bodies of requests and answers while they pass
left_out    what stands for a backup in a recording without secrets
exchange    one request with its answer, as it happens
entry       an exchange → an entry of the file
recording   the transports that record
reading     a file of anyone's → requests and answers
replay      the transports that play them back
"""
