"""`vision-ai items`."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..options import Run, command, make_group
from ..output import Output, make_table
from ..output_files import check_picture_file
from ..progress import show_progress

if TYPE_CHECKING:
    from vision_ai import Progress

app = make_group(
    "List, teach and delete products.\n\n"
    "The module learns a product from template pictures. `teach` takes several and makes the product "
    "recognizable. Step by step: `register` takes one picture into the cache, `pending` lists the cache, "
    "`delete` removes pictures from it, and `commit` makes the product recognizable."
)

ItemId = Annotated[
    str, typer.Argument(metavar="ID", help="The product's number. Leading zeros are significant.")
]
ItemName = Annotated[str, typer.Argument(metavar="NAME", help="The product's name.")]


@app.command("list")
@command
def list_(run: Run) -> None:
    """List the products that the module recognizes."""
    with run.client() as module:
        items = module.get_item_list()
    run.emit(
        [item.to_dict() for item in items],
        lambda: (
            make_table(("ID", "Name"), [(item.id, item.name) for item in items])
            if items
            else "The module does not recognize any product yet."
        ),
    )


@app.command("pending")
@command
def pending(run: Run) -> None:
    """List the template pictures in the cache, which are not committed yet."""
    with run.client() as module:
        pictures = module.get_registered_item_list()
    rows = [(picture.id, picture.name, picture.image_id) for picture in pictures]
    run.emit(
        [picture.to_dict() for picture in pictures],
        lambda: make_table(("ID", "Name", "Picture"), rows) if rows else "The cache is empty.",
    )


@app.command("register")
@command
def register(
    run: Run,
    id: ItemId,
    name: ItemName,
    picture: Annotated[
        Path | None,
        typer.Option(
            "--picture", metavar="FILE", help="Save the template picture as a JPEG.", show_default=False
        ),
    ] = None,
) -> None:
    """Take one template picture of the product on the pan into the cache."""
    from vision_ai import Image

    target = None if picture is None else check_picture_file(picture)
    with run.client() as module:
        registered = module.register_item(id=id, name=name)
    if target is not None:
        Image.from_base64(registered.image).save(target)
    run.emit(
        {"id": id, "name": name, **registered.to_dict()},
        f"picture {registered.image_id or '–'} of {id} {name} is in the cache",
    )


@app.command("delete")
@command
def delete(
    run: Run,
    id: ItemId,
    picture: Annotated[
        str | None,
        typer.Option(
            "--picture",
            metavar="IMAGE_ID",
            help="Delete only this picture; `pending` lists the ids.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Delete the template pictures of a product from the cache.

    A product that is committed stays: the module has no command to delete it.
    """
    with run.client() as module:
        if picture is None:
            module.delete_registered_item(id=id)
        else:
            module.delete_registered_image(id=id, image_id=picture)
    deleted = f"all pictures of {id}" if picture is None else f"picture {picture} of {id}"
    run.emit({"id": id, "image_id": picture}, f"deleted from the cache: {deleted}")


@app.command("commit")
@command
def commit(run: Run, id: ItemId) -> None:
    """Make a product recognizable with its pictures in the cache."""
    with run.client() as module:
        module.commit_registered_item(id=id)
    run.emit({"id": id}, f"the module now recognizes {id}")


@app.command("teach")
@command
def teach(
    run: Run,
    id: ItemId,
    name: ItemName,
    pictures: Annotated[
        int, typer.Option("--pictures", metavar="NUMBER", min=1, help="The number of template pictures.")
    ] = 3,
    wait: Annotated[
        bool,
        typer.Option("--wait/--no-wait", help="On a terminal, wait for Enter before each picture."),
    ] = True,
) -> None:
    """Teach the module the product on the pan: take template pictures and commit them.

    Turn the product between the pictures. If a picture fails, or at Ctrl-C, the pictures taken before it are
    deleted again.
    """
    waits = wait and run.interactive
    progress = nullcontext(partial(_ask_for_picture, run.output)) if waits else show_progress(run.output)
    with run.client() as module, progress as handler:
        registered = module.learn(id=id, name=name, pictures=pictures, progress=handler)
    counted = f"{len(registered)} picture{'s' if len(registered) > 1 else ''}"
    run.emit(
        {"id": id, "name": name, "image_ids": [each.image_id for each in registered]},
        f"the module now recognizes {id} {name} ({counted})",
    )


def _ask_for_picture(output: Output, step: Progress) -> None:
    total = step.total or 0
    if step.done < total:
        action = "Put the product on the pan" if step.done == 0 else "Turn the product"
        output.ask(f"{action}, then press Enter for picture {step.done + 1} of {total}")
