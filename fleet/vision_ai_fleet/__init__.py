"""The fleet: an agent beside each scale, and one center for a chain, on NATS JetStream.

Four kinds of code, each with its own dependencies:

- the core, what both sides say: `names`, `messages`, `jobs`, `rollout`, `credentials`, `connection`, `buckets`,
  `objects`;
- `agent`, beside a scale (extra `agent`: pure Python);
- `engine`, `controller`, `client`, `page`, `observability`, the center (extra `fleet`);
- `cli`, the commands `vision-ai agent` and `vision-ai fleet`.
"""
