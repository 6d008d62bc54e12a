"""The commands of `vision-ai agent`. They run on a scale, where the extra `agent` must suffice."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer

from vision_ai_tools.cli.failures import FAILED, Failure, missing_extra_failure, usage_failure
from vision_ai_tools.cli.options import BaseRun, make_command_decorator, make_group
from vision_ai_tools.cli.output import make_facts
from vision_ai_tools.cli.output_files import check_output_file
from vision_ai_tools.cli.shared_options import OutputOptions
from vision_ai_translations import N_
from vision_ai_translations import gettext as _

from .messages import translate_failure
from .options import LOGGERS, describe_fleet_error
from .texts import insert_path

if TYPE_CHECKING:
    from vision_ai_fleet.agent.install import InstallPlan


class AgentRun(BaseRun[OutputOptions]):
    """The run of an agent's command."""

    loggers: ClassVar[tuple[str, ...]] = LOGGERS

    @classmethod
    def describe_error(cls, error: BaseException) -> Failure:
        if isinstance(error, ModuleNotFoundError):
            return missing_extra_failure("agent", "agent", error.name)
        return translate_failure(describe_fleet_error(error) or super().describe_error(error))


agent_command = make_command_decorator(AgentRun, OutputOptions)

app = make_group(
    "Run the agent, which connects a scale to its fleet.\n\n"
    "The agent runs on the scale's computer, beside the till. It needs the scale's credentials from the center: "
    "`vision-ai agent enrol` gets them with a code. docs/fleet.md leads through it.",
    OutputOptions,
)

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="The agent's settings, in TOML. Default: none.", show_default=False
    ),
]
CredentialsFile = Annotated[
    Path | None,
    typer.Option(
        "--credentials",
        metavar="FILE",
        help="The credentials of this scale. Default: those that the settings name.",
        show_default=False,
    ),
]


@app.command("run")
@agent_command
def run_agent(run: AgentRun, config: Config = None, credentials: CredentialsFile = None) -> None:
    """Run the agent until Ctrl-C or SIGTERM.

    It waits for the center and for the module as long as it takes, and logs to the standard error output.
    """
    from vision_ai_fleet.agent.runner import run_agent as run_until_stopped
    from vision_ai_fleet.agent.settings import load_settings

    run_until_stopped(load_settings(config, credentials=credentials))


@app.command("enrol")
@agent_command
def enrol_scale(
    run: AgentRun,
    url: Annotated[
        str, typer.Argument(metavar="URL", help="The page of the center: https://center:8443, for example.")
    ],
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="[CODE]",
            help="The code that `vision-ai fleet enrol --code` printed. Default: it is asked for, or read from "
            "standard input.",
            show_default=False,
        ),
    ] = None,
    fingerprint: Annotated[
        str,
        typer.Option(
            "--fingerprint",
            metavar="SHA256",
            help="The fingerprint of the center, as it was printed with the code.",
            show_default=False,
        ),
    ] = "",
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file to write.")] = Path(
        "scale.creds"
    ),
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
) -> None:
    """Get the credentials of this scale from the center, for a one-time code.

    The file that is written is a password: only you can read it.
    """
    from vision_ai_fleet.agent.enrol import redeem

    check_output_file(output)
    if output.exists() and not force:
        raise usage_failure(
            insert_path(N_("{path} exists: this scale may be enrolled already"), output),
            _("--force replaces it, or name another: -o FILE"),
        )
    text = code or (run.output.ask(_("Code:")) if run.interactive else sys.stdin.readline())
    credentials = redeem(url, text.strip(), fingerprint)
    credentials.write(output)
    run.emit(
        {"store": credentials.store, "scale": credentials.scale, "file": str(output)},
        insert_path(
            N_("this is the scale {scale}. Run its agent: vision-ai agent run --credentials {path}"),
            output,
            scale=credentials.scale_id,
        ),
    )


Root = Annotated[
    Path,
    typer.Option("--root", metavar="DIR", help="The root folder of another system, such as a mounted image."),
]
Print = Annotated[bool, typer.Option("--print", help="Print what would be done, and change nothing.")]
RUNNING = ("active", "Running")
"""What systemd and Windows say of an agent that runs."""


@app.command("install")
@agent_command
def install(
    run: AgentRun,
    config: Config = None,
    credentials: CredentialsFile = None,
    user: Annotated[
        str | None,
        typer.Option(
            "--user",
            metavar="USER",
            help="Who runs the agent: the till's user, if the till's journal is that user's. Default: a user of "
            "its own.",
            show_default=False,
        ),
    ] = None,
    writable: Annotated[
        list[Path] | None,
        typer.Option(
            "--writable",
            metavar="DIR",
            help="A folder that the agent may write to, such as that of the till's journal. Can be repeated.",
            show_default=False,
        ),
    ] = None,
    root: Root = Path("/"),
    only_print: Print = False,
) -> None:
    """Let the agent start with this computer: with systemd, or as a scheduled task of Windows.

    Needs the rights of root, or of an administrator.
    """
    from vision_ai_fleet.agent.install import plan_install
    from vision_ai_fleet.agent.settings import load_settings

    path = credentials
    if root == Path("/"):
        config, path = config and config.absolute(), credentials and credentials.absolute()
        path = load_settings(config, credentials=path).credentials_path
    if path is None:
        raise usage_failure(_("no file has the credentials"), _("Name it: --credentials scale.creds"))
    plan = plan_install(config, path, root=root, user=user, writable=tuple(writable or ()))
    carry_out(run, plan, N_("installed: {path}"), only_print=only_print)


@app.command("uninstall")
@agent_command
def uninstall(run: AgentRun, root: Root = Path("/"), only_print: Print = False) -> None:
    """Let the agent no longer start with this computer. Its settings, credentials and data stay."""
    from vision_ai_fleet.agent.install import plan_uninstall

    carry_out(run, plan_uninstall(root=root), N_("removed: {path}"), only_print=only_print)


@app.command("status")
@agent_command
def show_status(run: AgentRun, root: Root = Path("/")) -> None:
    """Show whether an agent is installed on this computer, and runs.

    Exit status: 0 if it runs, else 1.
    """
    from vision_ai_fleet.agent.install import read_status

    status = read_status(root=root)
    run.emit(
        {
            "system": status.system,
            "file": str(status.path),
            "installed": status.installed,
            "state": status.state,
        },
        lambda: make_facts(
            {
                _("Installed"): _("yes") if status.installed else _("no: vision-ai agent install"),
                _("State"): status.state,
                _("File"): status.path,
                _("System"): status.system,
            }
        ),
    )
    if status.state not in RUNNING:
        raise typer.Exit(FAILED)


def carry_out(run: AgentRun, plan: InstallPlan, done: str, *, only_print: bool) -> None:
    """Carry out a plan, or show it. `done` says what was done with the file `{path}`."""
    if only_print:
        run.emit({"file": str(plan.path), "plan": plan.describe(), "done": False}, plan.describe().rstrip())
        return
    plan.apply()
    run.emit({"file": str(plan.path), "plan": plan.describe(), "done": True}, insert_path(done, plan.path))
