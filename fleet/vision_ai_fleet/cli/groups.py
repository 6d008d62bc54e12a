"""Commands that have subcommands and one meaning without: `fleet backups` lists, `fleet schedule backup` adds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from vision_ai_tools.cli.options import add_options, unwrap_paragraphs

from .options import FleetOptions


def make_group_with_default(help: str, choose: Callable[[Sequence[str]], str]) -> typer.Typer:
    """Make a command whose arguments go to one of its subcommands where they name none.

    Args:
        help: The text of its help.
        choose: Returns the name of that subcommand for the arguments.
    """

    class DefaultGroup(TyperGroup):
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            if not any(each in self.commands or each in ctx.help_option_names for each in args):
                args = [choose(args), *args]
            return super().parse_args(ctx, args)

    app = typer.Typer(cls=DefaultGroup, add_completion=False, help=unwrap_paragraphs(help))
    app.callback()(add_options(lambda: None, FleetOptions))
    return app
