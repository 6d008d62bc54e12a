"""The commands of `vision-ai agent`. They run on a scale, where the extra `agent` must suffice."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from vision_ai_tools.cli.failures import Failure, usage_failure
from vision_ai_tools.cli.options import BaseRun, make_command_decorator, make_group
from vision_ai_tools.cli.output_files import check_output_file
from vision_ai_tools.cli.shared_options import OutputOptions

from .options import LOGGERS, describe_fleet_error


class AgentRun(BaseRun[OutputOptions]):
    """The run of an agent's command."""

    loggers: ClassVar[tuple[str, ...]] = LOGGERS

    @classmethod
    def describe_error(cls, error: BaseException) -> Failure:
        return describe_fleet_error(error) or super().describe_error(error)


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
            (output, " exists: this scale may be enrolled already"),
            "--force replaces it, or name another: -o FILE",
        )
    if code is None:
        code = run.output.ask("Code:") if run.interactive else sys.stdin.readline()
    credentials = redeem(url, code.strip(), fingerprint)
    credentials.write(output)
    run.emit(
        {"store": credentials.store, "scale": credentials.scale, "file": str(output)},
        (
            f"this is the scale {credentials.scale_id}. Run its agent: vision-ai agent run --credentials ",
            output,
        ),
    )
