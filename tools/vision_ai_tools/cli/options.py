"""Make commands of functions: with the shared options, the run that a command gets for them, and its failures.

Commands for one module take `GlobalOptions` and get a `Run`: `command`. Commands without a module take
`OutputOptions` and get a `PlainRun`: `plain_command`. A package with commands of its own derives the options that all
of them take from `OutputOptions`, and makes its decorator with `make_command_decorator`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Concatenate,
    Generic,
    Literal,
    ParamSpec,
    TypedDict,
    TypeVar,
    Unpack,
    cast,
)

import typer
from typer.main import get_command

from .failures import Failure, add_url_to_hint
from .output import Output, View
from .printable import Printable
from .shared_options import GlobalOptions, OptionsT, OutputOptions, set_signature, take_options

if TYPE_CHECKING:
    from vision_ai import Catalog, VisionAI

P = ParamSpec("P")

ANY_ARGUMENTS = {"ignore_unknown_options": True}
"""For commands whose arguments may begin with a minus: what is not an option is an argument."""


def make_seconds_option(switch: str, name: str, meaning: str, default: float) -> Any:
    """Make an option for seconds that works only with a switch. The command applies its default."""
    text = f"With {switch}: {meaning}. Default: {default:g}."
    return typer.Option(name, metavar="SECONDS", help=text, show_default=False)


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
class BaseRun(Generic[OptionsT]):
    """One run of a command: its options and its output."""

    command: str
    """The name as typed, for example "items list"."""
    options: OptionsT
    output: Output
    loggers: ClassVar[tuple[str, ...]] = ("vision_ai",)
    """The loggers that --verbose prints."""

    @property
    def json(self) -> bool:
        return self.options.json

    @property
    def interactive(self) -> bool:
        """Whether there is a terminal to ask questions on."""
        return self.output.interactive

    def emit(self, result: object, view: View = None) -> None:
        """Print the result as JSON with --json, else its view."""
        self.output.print_result(result, view)

    def note(self, text: Printable) -> None:
        """Print a remark; nothing with --json."""
        self.output.print_note(text)

    @classmethod
    def describe_error(cls, error: BaseException) -> Failure:
        """Make a failure of what the command raised, with what to do. A derived class adds its own errors."""
        from .error_hints import describe_error

        return describe_error(error)


class PlainRun(BaseRun[OutputOptions]):
    """The run of a command without a module."""


class Run(BaseRun[GlobalOptions]):
    """The run of a command for one module, with the client it uses."""

    @property
    def url(self) -> str | None:
        """The value of --url; None leaves the choice to the SDK."""
        return self.options.url

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


RunT = TypeVar("RunT", bound=BaseRun[Any])


def add_options(function: Callable[..., None], options_type: type[OutputOptions]) -> Callable[..., None]:
    """Give a group's function the shared options too."""

    def run_group(context: typer.Context, **arguments: Any) -> None:
        take_options(context, arguments, options_type)
        function(**arguments)

    return set_signature(run_group, function, options_type, skip=0)


def make_group(help: str, options_type: type[OutputOptions] = GlobalOptions) -> typer.Typer:
    """Make a command that has subcommands and takes the shared options.

    Args:
        help: The text of its help.
        options_type: The class of the options that its subcommands share.
    """
    app = typer.Typer(no_args_is_help=True, add_completion=False, help=unwrap_paragraphs(help))
    app.callback()(add_options(lambda: None, options_type))
    return app


def make_command_decorator(
    run_type: type[RunT], options_type: type[OutputOptions]
) -> Callable[[Callable[Concatenate[RunT, P], None]], Callable[..., None]]:
    """Make a decorator for commands: with a run, the shared options, and an exit status for each failure.

    Args:
        run_type: What the decorated functions get as their first argument: a class derived from `BaseRun`.
        options_type: The class of its options. Each field is annotated with its `typer.Option`, and is None or
            false by default.
    """

    def decorate(function: Callable[Concatenate[RunT, P], None]) -> Callable[..., None]:
        @functools.wraps(function)
        def run_command(context: typer.Context, **arguments: Any) -> None:
            options = take_options(context, arguments, options_type)
            name = context.command_path.partition(" ")[2]
            run = run_type(name, options, Output(name, as_json=options.json))
            if options.verbose:
                run.output.print_log(run.loggers)
            try:
                cast(Any, function)(run, **arguments)
            except (typer.Exit, BrokenPipeError):  # main() handles a closed pipe
                raise
            except Failure as failure:
                raise typer.Exit(report_failure(failure, options, name)) from None
            except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # every error is reported
                raise typer.Exit(report_failure(run.describe_error(error), options, name)) from None

        run_command.__doc__ = unwrap_paragraphs(inspect.getdoc(function) or "")
        return set_signature(run_command, function, options_type, skip=1)

    return decorate


command = make_command_decorator(Run, GlobalOptions)
"""Make a command for one module of a function."""
plain_command = make_command_decorator(PlainRun, OutputOptions)
"""Make a command without a module of a function."""


def make_typer_command(name: str, target: object, settings: dict[str, bool] | None = None) -> Any:
    """Make what the program runs of a `typer.Typer`, or of a function that a decorator made a command.

    Args:
        name: The command's name, for a function.
        target: The one or the other.
        settings: Typer's context settings, for a function.

    Raises:
        TypeError: `target` is neither.
    """
    if isinstance(target, typer.Typer):
        return get_command(target)
    if not callable(target):
        raise TypeError(f"{target!r} is neither a typer.Typer nor a function")
    app = typer.Typer(add_completion=False)
    app.command(name, context_settings=settings)(target)
    return get_command(app)


def unwrap_paragraphs(text: str) -> str:
    """Put each paragraph on one line, for Typer to wrap at the terminal's width."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def report_failure(failure: Failure, options: OutputOptions, command: str = "") -> int:
    """Print a failure and return its exit status."""
    if isinstance(options, GlobalOptions):
        failure = add_url_to_hint(failure, options.url)
    Output(command, as_json=options.json).print_failure(failure, trace=options.verbose)
    return failure.status
