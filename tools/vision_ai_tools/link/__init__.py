"""Set up the network interface of the module's USB cable.

    from vision_ai_tools import link

    link.up()                     # give the module's interface 172.22.0.7/24 and bring it up
    plan = link.plan_install()    # files that do the same after every restart
    print(*(change.diff() for change in plan.changes))
    plan.apply()

Everything here needs Linux, and changes need root. Do not call these functions inside an event loop.
"""

from .errors import FilesError, InvalidArgumentError, LinkError, NoInterfaceError, NotPermittedError
from .file_changes import Change
from .forwarding import (
    Forwarding,
    ForwardPlan,
    ForwardStatus,
    make_forwarding,
    plan_forward,
    plan_forward_off,
    read_forward_status,
)
from .installation import DEFAULT_NAME, plan_install, plan_uninstall
from .interface_setup import Outcome, down, up
from .managers import MANAGER_NAMES
from .plans import Plan
from .status import Status, read_status

__all__ = [
    "DEFAULT_NAME",
    "MANAGER_NAMES",
    "Change",
    "FilesError",
    "ForwardPlan",
    "ForwardStatus",
    "Forwarding",
    "InvalidArgumentError",
    "LinkError",
    "NoInterfaceError",
    "NotPermittedError",
    "Outcome",
    "Plan",
    "Status",
    "down",
    "make_forwarding",
    "plan_forward",
    "plan_forward_off",
    "plan_install",
    "plan_uninstall",
    "read_forward_status",
    "read_status",
    "up",
]
