"""`vision-ai items`."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..options import Run, command, group
from ..output import Output, table
from ..output_files import checked
from ..progress import shown

if TYPE_CHECKING:
    from vision_ai import Progress

app = group(
    "List, teach and delete products.\n\n"
    "A product is taught with template pictures of it: `teach` takes some and makes it recognisable. Step by "
    "step: `register` takes one picture into the cache, `pending` shows what is there, `delete` takes it "
    "out, `commit` makes the product recognisable."
)

ItemId = Annotated[str, typer.Argument(metavar="ID", help="The product's number; leading zeros count.")]
ItemName = Annotated[str, typer.Argument(metavar="NAME", help="The product's name.")]


@app.command("list")
@command
def list_(run: Run) -> None:
    """List the products that the module recognises."""
    with run.client() as module:
        items = module.get_item_list()
    run.emit(
        [item.to_dict() for item in items],
        lambda: (
            table(("ID", "Name"), [(item.id, item.name) for item in items])
            if items
            else "The module recognises no product yet."
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
        lambda: table(("ID", "Name", "Picture"), rows) if rows else "Nothing is in the cache.",
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
            "--picture", metavar="FILE", help="Save the template picture, a JPEG.", show_default=False
        ),
    ] = None,
) -> None:
    """Take one template picture of what lies on the pan into the cache."""
    from vision_ai import Image

    target = None if picture is None else checked(picture)
    with run.client() as module:
        taken = module.register_item(id=id, name=name)
    if target is not None:
        Image.from_base64(taken.image).save(target)
    run.emit(
        {"id": id, "name": name, **taken.to_dict()},
        f"picture {taken.image_id} of {id} {name} is in the cache",
    )


@app.command("delete")
@command
def delete(
    run: Run,
    id: ItemId,
    picture: Annotated[
        str | None,
        typer.Option(
            "--picture", metavar="IMAGE_ID", help="Only this one; `pending` has its name.", show_default=False
        ),
    ] = None,
) -> None:
    """Take the template pictures of a product out of the cache.

    A product that is committed stays: the module has no command that forgets one.
    """
    with run.client() as module:
        if picture is None:
            module.delete_registered_item(id=id)
        else:
            module.delete_registered_image(id=id, image_id=picture)
    what = f"all pictures of {id} are" if picture is None else f"picture {picture} of {id} is"
    run.emit({"id": id, "image_id": picture}, f"{what} out of the cache")


@app.command("commit")
@command
def commit(run: Run, id: ItemId) -> None:
    """Make a product recognisable with its pictures in the cache."""
    with run.client() as module:
        module.commit_registered_item(id=id)
    run.emit({"id": id}, f"{id} is recognisable now")


@app.command("teach")
@command
def teach(
    run: Run,
    id: ItemId,
    name: ItemName,
    pictures: Annotated[
        int, typer.Option("--pictures", metavar="NUMBER", min=1, help="How many template pictures.")
    ] = 3,
    wait: Annotated[
        bool,
        typer.Option(
            "--wait/--no-wait", help="Wait for Enter before each picture, where somebody is at a terminal."
        ),
    ] = True,
) -> None:
    """Teach the module what lies on the pan: take pictures and commit them.

    Turning the product between them helps. If a picture fails, and at Ctrl-C, those taken before it are
    forgotten again.
    """
    asked = nullcontext(partial(_ask, run.output)) if wait and run.interactive else shown(run.output)
    with run.client() as module, asked as told:
        taken = module.learn(id=id, name=name, pictures=pictures, progress=told)
    counted = f"{len(taken)} picture{'s' if len(taken) > 1 else ''}"
    run.emit(
        {"id": id, "name": name, "image_ids": [each.image_id for each in taken]},
        f"{id} {name} is recognisable now, with {counted}",
    )


def _ask(output: Output, step: Progress) -> None:
    total = step.total or 0
    if step.done < total:
        turn = "Put it on the pan" if step.done == 0 else "Turn it"
        output.ask(f"{turn}, then Enter for picture {step.done + 1} of {total}")
