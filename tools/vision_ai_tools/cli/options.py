"""The global options that every command takes, and the `Run` that a command gets for them."""

from __future__ import annotations

import functools
import inspect
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, Literal, ParamSpec, TypedDict, Unpack, cast

import typer

from .failures import Failure, add_url_to_hint
from .output import Output, View
from .printable import Printable

if TYPE_CHECKING:
    from vision_ai import Catalog, VisionAI

P = ParamSpec("P")

ANY_ARGUMENTS = {"ignore_unknown_options": True}
"""For commands whose arguments may begin with a minus: what is not an option is an argument."""
_HOST_AND_PORT = re.compile(
    r"(?:(?!(?:emulator|replay|unix):)[A-Za-z0-9._-]+:[1-9][0-9]{0,4}|\[[0-9A-Fa-f:.]+\](?::[0-9]+)?"
    r"|localhost|[0-9]+(?:\.[0-9]+){3})(?:/.*)?"
)
"""An address without a scheme: http is meant."""
PANEL = "Global options (before or after the command)"


class Api(StrEnum):
    """The version of the module's API."""

    auto = "auto"
    v1 = "v1"
    v2 = "v2"


@dataclass(frozen=True)
class GlobalOptions:
    """The global options that were given so far."""

    url: str | None = None
    json: bool = False
    timeout: float | None = None
    record: Path | None = None
    api: Api | None = None
    verbose: bool = False

    def merge(self, later: GlobalOptions) -> GlobalOptions:
        """Return both together. Options that were given later win."""
        return replace(self, **{name: value for name, value in asdict(later).items() if _is_given(value)})

    @classmethod
    def from_arguments(cls, arguments: Sequence[str]) -> GlobalOptions:
        """Find what can be known of them in a command line that cannot be parsed."""
        return cls(json="--json" in arguments)


def _is_given(value: object) -> bool:
    return value is not None and value is not False


def make_seconds_option(switch: str, name: str, meaning: str, default: float) -> Any:
    """Make an option for seconds that works only with a switch. The command applies its default."""
    text = f"With {switch}: {meaning}. Default: {default:g}."
    return typer.Option(name, metavar="SECONDS", help=text, show_default=False)


_GLOBAL_OPTIONS: dict[str, Any] = {
    "url": Annotated[
        str | None,
        typer.Option(
            "--url",
            metavar="URL",
            help="Address of the module: http://host, host:port, emulator: … Default: $VISION_AI_URL, "
            "else http://172.22.0.6.",
            show_default=False,
            rich_help_panel=PANEL,
        ),
    ],
    "json": Annotated[
        bool, typer.Option("--json", help="Print results as JSON lines.", rich_help_panel=PANEL)
    ],
    "timeout": Annotated[
        float | None,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            help="Time limit of one call, retries included. Default: 15.",
            show_default=False,
            rich_help_panel=PANEL,
        ),
    ],
    "record": Annotated[
        Path | None,
        typer.Option(
            "--record",
            metavar="FILE",
            help="Record all requests and responses in a HAR file.",
            show_default=False,
            rich_help_panel=PANEL,
        ),
    ],
    "api": Annotated[
        Api | None,
        typer.Option(
            "--api",
            help="Version of the module's API. Default: auto, which finds out.",
            show_default=False,
            rich_help_panel=PANEL,
        ),
    ],
    "verbose": Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Print every call to the module.", rich_help_panel=PANEL),
    ],
}


class ClientArguments(TypedDict, total=False):
    """What the global options say about a client."""

    api: Literal["auto", "v1", "v2"]
    timeout: float
    record: Path
    record_secrets: bool
    set_clock: bool
    catalog: Catalog | None
    journal: Path


@dataclass(frozen=True)
class Run:
    """One run of a command: its global options, the client it uses, and its output."""

    command: str
    """The name as typed, for example "items list"."""
    options: GlobalOptions
    output: Output

    @property
    def url(self) -> str | None:
        """The value of --url; None leaves the choice to the SDK."""
        return self.options.url

    @property
    def json(self) -> bool:
        return self.options.json

    @property
    def interactive(self) -> bool:
        """Whether there is a terminal to ask questions on."""
        return self.output.interactive

    @property
    def client_arguments(self) -> ClientArguments:
        """What the global options say about a client, without the URL."""
        arguments: ClientArguments = {}
        if self.options.timeout is not None:
            arguments["timeout"] = self.options.timeout
        if self.options.api is not None:
            arguments["api"] = self.options.api.value
        if self.options.record is not None:
            arguments["record"] = self.options.record
        return arguments

    def client(self, **arguments: Unpack[ClientArguments]) -> VisionAI:
        """Make a client, to be used in a `with` statement. The arguments override the global options."""
        from vision_ai import VisionAI

        merged: ClientArguments = {**self.client_arguments, **arguments}
        return VisionAI(self.options.url, **merged)

    def emit(self, result: object, view: View = None) -> None:
        """Print the result as JSON with --json, else its view."""
        self.output.print_result(result, view)

    def note(self, text: Printable) -> None:
        """Print a remark; nothing with --json."""
        self.output.print_note(text)


def add_global_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a group's function the global options too."""

    def run_group(context: typer.Context, **arguments: Any) -> None:
        _take_global_options(context, arguments)
        function(**arguments)

    return _set_signature(run_group, function, skip=0)


def make_group(help: str) -> typer.Typer:
    """Make a command that has subcommands and takes the global options."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, help=unwrap_paragraphs(help))
    app.callback()(add_global_options(lambda: None))
    return app


def command(function: Callable[Concatenate[Run, P], None]) -> Callable[..., None]:
    """Make a command of a function: with a `Run`, the global options, and an exit status for each failure."""

    @functools.wraps(function)
    def run_command(context: typer.Context, **arguments: Any) -> None:
        options = _take_global_options(context, arguments)
        name = context.command_path.partition(" ")[2]
        run = Run(name, options, Output(name, as_json=options.json))
        if options.verbose:
            run.output.log_calls()
        try:
            cast(Any, function)(run, **arguments)
        except (typer.Exit, BrokenPipeError):  # main() handles a closed pipe
            raise
        except Failure as failure:
            raise typer.Exit(report_failure(failure, options, name)) from None
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # every error is reported
            from .error_hints import describe_error

            raise typer.Exit(report_failure(describe_error(error), options, name)) from None

    run_command.__doc__ = unwrap_paragraphs(inspect.getdoc(function) or "")
    return _set_signature(run_command, function, skip=1)


def unwrap_paragraphs(text: str) -> str:
    """Put each paragraph on one line, for Typer to wrap at the terminal's width."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def report_failure(failure: Failure, options: GlobalOptions, command: str = "") -> int:
    """Print a failure and return its exit status."""
    failure = add_url_to_hint(failure, options.url)
    Output(command, as_json=options.json).print_failure(failure, trace=options.verbose)
    return failure.status


def _take_global_options(context: typer.Context, arguments: dict[str, Any]) -> GlobalOptions:
    """Remove the global options from a command's arguments and merge them with earlier ones."""
    given = GlobalOptions(**{name: arguments.pop(name) for name in _GLOBAL_OPTIONS})
    merged = cast(GlobalOptions, context.obj or GlobalOptions()).merge(given)
    url = merged.url or os.environ.get("VISION_AI_URL", "")
    if _HOST_AND_PORT.fullmatch(url):
        merged = replace(merged, url=f"http://{url}")
    context.obj = merged
    return merged


def _set_signature(
    wrapper: Callable[..., None], function: Callable[..., None], *, skip: int
) -> Callable[..., None]:
    """Give the wrapper the function's parameters and the global options: Typer reads the signature."""
    own = list(inspect.signature(function, eval_str=True).parameters.values())[skip:]
    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    shared = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=annotation,
            default=False if annotation.__origin__ is bool else None,
        )
        for name, annotation in _GLOBAL_OPTIONS.items()
    ]
    own = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]
    parameters = [context, *own, *shared]
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # inspect reads it
    wrapper.__annotations__ = {each.name: each.annotation for each in parameters}
    return wrapper
