"""The engine: a nats-server with JetStream, who may use it, and what it keeps.

`server` finds and runs it, `server_config` writes its configuration, `trust` signs identities, `permissions` says what
each role may do, `streams` makes everything durable.
"""
