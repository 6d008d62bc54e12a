"""Recordings of the traffic between a client and a module as HAR 1.2, and their playback.

recorder   the transport that records another one's traffic
exchange   one request with its response, while it happens
entry      an exchange → an entry of the file
body       bodies while they pass
digest     what replaces a backup in a recording without secrets
file       the file on the disk: complete after every entry, continued, one writer at a time
reader     anybody's HAR file → requests and responses
player     the transport that plays a recording back
"""
