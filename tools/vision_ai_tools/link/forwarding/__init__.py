"""Let other computers reach the module through this one (the terminal), and let the module reach others.

The vendor's recipe: ports 7080 and 7443 of the terminal lead to the ports 80 and 443 of the module, and the
terminal translates the source address of what the module sends. It flushes the whole NAT table; this package
adds and removes rules of its own only.

| module | contents |
| --- | --- |
| `settings` | who may reach which ports, checked |
| `nftables`, `iptables` | the rules, in both languages, and how to read them back from the kernel |
| `memory` | what the rules remember of the time before them |
| `ip_forward` | the kernel's switch for forwarding |
| `other_rules` | rules of other programs: forwards of the same ports, chains that drop what is forwarded |
| `unit` | the systemd unit that adds the rules again after a restart |
| `plans` | switch forwarding on and off, and read its state |
"""

from .plans import ForwardPlan, ForwardStatus, plan_forward, plan_forward_off, read_forward_status
from .settings import ANY, Forwarding, make_forwarding

__all__ = [
    "ANY",
    "ForwardPlan",
    "ForwardStatus",
    "Forwarding",
    "make_forwarding",
    "plan_forward",
    "plan_forward_off",
    "read_forward_status",
]
