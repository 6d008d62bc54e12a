"""The controller: carries out rollouts and schedules. Any number of them may run; one at a time acts."""

from .controller import Controller, ControllerSettings, Part

__all__ = ["Controller", "ControllerSettings", "Part"]
