"""The network interface of the module's USB cable: set up, taken down, looked at, and made to last.

    from vision_ai_tools import link

    link.up()                        # 172.22.0.7/24 on the module's interface, and no other
    plan = link.planned_install()    # what makes that last over restarts
    print(*(change.diff() for change in plan.changes))
    plan.apply()

All of it needs Linux; what changes something needs root. Nothing here may be called from inside an event
loop.
"""

from .addresses import Outcome, down, up
from .errors import FilesError, LinkError, NoInterfaceError, NotPermittedError, NotPossibleError
from .installation import NAME, Change, Plan, planned_install, planned_uninstall
from .managers import MANAGER_NAMES
from .state import Status, status

__all__ = [
    "MANAGER_NAMES",
    "NAME",
    "Change",
    "FilesError",
    "LinkError",
    "NoInterfaceError",
    "NotPermittedError",
    "NotPossibleError",
    "Outcome",
    "Plan",
    "Status",
    "down",
    "planned_install",
    "planned_uninstall",
    "status",
    "up",
]
