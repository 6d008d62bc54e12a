"""The global options, which every command takes, and what a command is given for them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec, TypedDict, cast

import typer

from .failures import Failure, explained, for_url
from .output import Output, View

if TYPE_CHECKING:
    from vision_ai import VisionAI

P = ParamSpec("P")

ANY_ARGUMENTS = {"ignore_unknown_options": True}
"""For commands whose arguments may begin with a minus: what is no option is an argument."""
PANEL = "Global options (before or after the command)"


@dataclass(frozen=True)
class Globals:
    """The global options as they were given, so far."""

    url: str | None = None
    json: bool = False
    timeout: float | None = None
    record: Path | None = None
    verbose: bool = False

    def and_then(self, later: Globals) -> Globals:
        """Options given later go before those given earlier."""
        return replace(self, **{name: value for name, value in asdict(later).items() if _is_given(value)})

    @classmethod
    def of_arguments(cls, arguments: Sequence[str]) -> Globals:
        """What is known of them where the command line as a whole could not be understood."""
        return cls(json="--json" in arguments)


def _is_given(value: object) -> bool:
    return value is not None and value is not False


def seconds_with(switch: str, name: str, what: str, default: float) -> Any:
    """An option for seconds that goes with another one; what it then is by default, the command knows."""
    told = f"With {switch}: {what}. Default: {default:g}."
    return typer.Option(name, metavar="SECONDS", help=told, show_default=False)


SHARED: dict[str, Any] = {
    "url": Annotated[
        str | None,
        typer.Option(
            "--url",
            metavar="URL",
            help="Where the module is: http://host, emulator: … Default: $VISION_AI_URL, else http://172.22.0.6.",
            show_default=False,
            rich_help_panel=PANEL,
        ),
    ],
    "json": Annotated[bool, typer.Option("--json", help="Answer in JSON.", rich_help_panel=PANEL)],
    "timeout": Annotated[
        float | None,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            help="How long one call may take, its retries included. Default: 15.",
            show_default=False,
            rich_help_panel=PANEL,
        ),
    ],
    "record": Annotated[
        Path | None,
        typer.Option(
            "--record",
            metavar="FILE",
            help="Write down what is asked and answered, as a HAR file.",
            show_default=False,
            rich_help_panel=PANEL,
        ),
    ],
    "verbose": Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Show every call to the module.", rich_help_panel=PANEL),
    ],
}


class _ClientArguments(TypedDict, total=False):
    timeout: float
    record: Path
    record_secrets: bool


@dataclass(frozen=True)
class Run:
    """One run of a command: the global options, the way to the module and the way to the user."""

    command: str
    """Its name as typed, as "items list"."""
    options: Globals
    output: Output

    @property
    def url(self) -> str | None:
        """The URL that was given; None leaves the choice to the SDK."""
        return self.options.url

    @property
    def json(self) -> bool:
        return self.options.json

    @property
    def interactive(self) -> bool:
        """Whether a person sits at a terminal and can be asked something."""
        return self.output.interactive

    def client(self, *, record: Path | None = None, record_secrets: bool = False) -> VisionAI:
        """The module, to be used in a `with` statement; `record` goes before the global option."""
        from vision_ai import VisionAI

        given: _ClientArguments = {}
        if self.options.timeout is not None:
            given["timeout"] = self.options.timeout
        file = record or self.options.record
        if file is not None:
            given["record"] = file
            given["record_secrets"] = record_secrets
        return VisionAI(self.options.url, **given)

    def emit(self, result: object, view: View = None) -> None:
        """Answers: the result in JSON where that was asked for, else the view of it for people."""
        self.output.result(result, view)

    def note(self, text: str) -> None:
        """Says something by the way, to people only."""
        self.output.note(text)


def with_globals(function: Callable[..., None]) -> Callable[..., None]:
    """A group's own options, and the global ones."""

    def merged(context: typer.Context, **arguments: Any) -> None:
        _remember(context, arguments)
        function(**arguments)

    return _signed(merged, function, skip=0)


def group(help: str) -> typer.Typer:
    """A command that has commands of its own; it takes the global options too."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, help=_unwrapped(help))
    app.callback()(with_globals(lambda: None))
    return app


def command(function: Callable[Concatenate[Run, P], None]) -> Callable[..., None]:
    """A command: gets its `Run`, takes the global options, and ends with the exit status of its failure."""

    @functools.wraps(function)
    def performed(context: typer.Context, **arguments: Any) -> None:
        options = _remember(context, arguments)
        name = context.command_path.partition(" ")[2]
        run = Run(name, options, Output(name, as_json=options.json))
        if options.verbose:
            run.output.show_calls()
        try:
            cast(Any, function)(run, **arguments)
        except (typer.Exit, BrokenPipeError):  # nobody reads any more: main() ends quietly
            raise
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # whatever it is, it is told
            raise typer.Exit(report(explained(error), options, name)) from None

    performed.__doc__ = _unwrapped(inspect.getdoc(function) or "")
    return _signed(performed, function, skip=1)


def _unwrapped(text: str) -> str:
    """Each paragraph on one line, for Typer to break at the terminal's width."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def report(failure: Failure, options: Globals, command: str = "") -> int:
    """Tells the user what went wrong; gives the exit status."""
    failure = for_url(failure, options.url)
    Output(command, as_json=options.json).failure(failure, trace=options.verbose)
    return failure.status


def _remember(context: typer.Context, arguments: dict[str, Any]) -> Globals:
    """Takes the global options out of a command's arguments, and adds them to those given before it."""
    given = Globals(**{name: arguments.pop(name) for name in SHARED})
    context.obj = cast(Globals, context.obj or Globals()).and_then(given)
    return context.obj


def _signed(wrapper: Callable[..., None], function: Callable[..., None], *, skip: int) -> Callable[..., None]:
    """Typer reads a command's options off its signature: that of the function, and the global options."""
    own = list(inspect.signature(function, eval_str=True).parameters.values())[skip:]
    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    shared = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=annotation,
            default=False if annotation.__origin__ is bool else None,
        )
        for name, annotation in SHARED.items()
    ]
    own = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]
    parameters = [context, *own, *shared]
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # it is how it is done
    wrapper.__annotations__ = {each.name: each.annotation for each in parameters}
    return wrapper
