"""The module of an agent's scale: everything that the agent does with it.

settings.py         where the module and the till are
gateway.py          the one connection to the module, for the till, the agent and people
module_client.py    the agent's own client over the gateway, in threads
remote_calls.py     calls of people
local_relay.py      the module's address for the till
till_transport.py   the till's calls, and copies of them for the journal
relay_journal.py    the copies → a journal, written by the SDK (joined_readings.py: of a till that asks all the time)
recognitions.py     rows of a journal → CloudEvents (position.py: which of them are sent)
journal_watch.py    notices that the journal was written to
quiet.py            whether the till is selling
health.py           what failures say of the camera and the activation
memory.py           what must outlive a restart
inventory.py        what the module is and how it is
module.py           all of it behind the agent's `ModulePort`
jobs/               what a job does, one module for each kind
"""

from .module import ScaleModule, open_module
from .settings import ModuleSettings

__all__ = ["ModuleSettings", "ScaleModule", "open_module"]
