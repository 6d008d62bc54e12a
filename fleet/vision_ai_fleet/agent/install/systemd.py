"""The agent as a service of systemd."""

from __future__ import annotations

from pathlib import Path

from .plan import InstallPlan

UNIT = "vision-ai-agent.service"
FOLDER = "etc/systemd/system"
STATUS = ("systemctl", "show", "--property=ActiveState", "--value", UNIT)
CREDENTIAL = "scale.creds"
TEXT = """\
# Written by `vision-ai agent install`. To change something: `systemctl edit vision-ai-agent`.
[Unit]
Description=Agent of a VISION-AI scale
Wants=network-online.target
After=network-online.target time-sync.target
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart={command}
LoadCredential={credential}:{credentials}
{user}
StateDirectory=vision-ai-agent
StateDirectoryMode=0700
Restart=always
RestartSec=5
RestartSteps=8
RestartMaxDelaySec=300
TimeoutStopSec=30
KillSignal=SIGTERM

Nice=5
IOSchedulingClass=idle
CPUQuota=50%
MemoryHigh=96M
MemoryMax=128M
TasksMax=64
OOMPolicy=stop

UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
LockPersonality=yes
MemoryDenyWriteExecute=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome={home}
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
{writable}RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""


def find_path(root: Path) -> Path:
    """Return where the unit is."""
    return root / FOLDER / UNIT


def plan(
    program: tuple[str, ...],
    config: str | None,
    credentials: str,
    root: Path,
    user: str | None,
    writable: tuple[str, ...],
) -> InstallPlan:
    """Plan the unit, and on this computer its start."""
    options = (*(("--config", config) if config else ()), "--credentials")
    command = " ".join((*map(_quote, (*program, *options)), f"%d/{CREDENTIAL}"))
    text = TEXT.format(
        command=command,
        credential=CREDENTIAL,
        credentials=credentials,
        user=f"User={user}" if user else "DynamicUser=yes",
        home="read-only" if user else "yes",
        writable="".join(f'ReadWritePaths="{each}"\n' for each in writable),
    )
    after = (
        (("systemctl", "daemon-reload"), ("systemctl", "enable", UNIT), ("systemctl", "restart", UNIT))
        if root == Path("/")
        else ()
    )
    return InstallPlan(find_path(root), text, after=after)


def plan_removal(root: Path) -> InstallPlan:
    """Plan the end of the service."""
    if root != Path("/"):
        return InstallPlan(find_path(root), None)
    return InstallPlan(
        find_path(root),
        None,
        before=(("systemctl", "disable", "--now", UNIT),),
        after=(("systemctl", "daemon-reload"),),
    )


def parse_state(output: str) -> str:
    """Return the state in what `STATUS` prints."""
    return output.strip()


def _quote(word: str) -> str:
    return f'"{word}"' if any(character.isspace() for character in word) else word
