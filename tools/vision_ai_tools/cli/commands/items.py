"""`vision-ai items`."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vision_ai_translations import N_, ngettext
from vision_ai_translations import gettext as _

from ..catalog_check import emit_differences, find_taught
from ..catalog_files import CatalogFile, find_name, read_catalog, read_optional_catalog
from ..confirmation import Yes, confirm_serial_number, require_confirmation
from ..failures import FAILED, require_switch, usage_failure
from ..item_table import make_item_table, to_named_dict
from ..options import Run, command, make_group
from ..output import Output, make_table
from ..output_files import check_picture_file
from ..printable import join_sentences
from ..progress import show_progress

if TYPE_CHECKING:
    from vision_ai import Progress

app = make_group(
    "List, teach and delete products.\n\n"
    "The module learns a product from template pictures. `teach` takes several and makes the product "
    "recognizable; with a list of products it leads through all that are missing, and `check` compares such a list "
    "with the module. Step by step: `register` takes one picture into the cache, `pending` lists the cache, "
    "`delete` removes pictures from it, and `commit` makes the product recognizable.\n\n"
    "On a module that speaks V2, each picture is a template, which takes effect at once: `add-template`, "
    "`templates`, `delete-template`, `delete-product` and `clear` are for these modules only."
)

ItemId = Annotated[
    str, typer.Argument(metavar="ID", help="The product's number. Leading zeros are significant.")
]
PictureFile = Annotated[
    Path | None,
    typer.Option(
        "--picture", metavar="FILE", help="Save the template picture as a JPEG.", show_default=False
    ),
]
ItemName = Annotated[str, typer.Argument(metavar="NAME", help="The product's name.")]
OptionalItemId = Annotated[
    str | None,
    typer.Argument(
        metavar="ID", help="The product's number. Leading zeros are significant.", show_default=False
    ),
]
OptionalItemName = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME",
        help="The product's name. Default: the name in the list of --from.",
        show_default=False,
    ),
]


@app.command("list")
@command
def list_(run: Run, catalog: CatalogFile = None) -> None:
    """List the products that the module recognizes.

    With --catalog, also under which name the catalog has them.
    """
    products = read_optional_catalog(catalog)
    with run.client() as module:
        items = module.get_item_list()
    run.emit(
        [to_named_dict(item, products) for item in items],
        lambda: (
            make_item_table(items, products) if items else _("The module does not recognize any product yet.")
        ),
    )


@app.command("check")
@command
def check(
    run: Run,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A CSV file with the products (columns id, name).")
    ],
) -> None:
    """Compare the products that the module recognizes with a list of products.

    Shows what is on the module and not in the list, what is in the list and was never taught, and what has another
    name. A module that speaks V2 has no names: there, only the numbers are compared. The exit status is 1 when
    anything differs.
    """
    catalog = read_catalog(file)
    with run.client() as module:
        items = module.get_item_list()
    if not emit_differences(run, file, catalog, find_taught(items)):
        raise typer.Exit(FAILED)


@app.command("pending")
@command
def pending(run: Run) -> None:
    """List the template pictures in the cache, which are not committed yet."""
    with run.client() as module:
        pictures = module.get_registered_item_list()
    rows = [(picture.id, picture.name, picture.image_id) for picture in pictures]
    run.emit(
        [picture.to_dict() for picture in pictures],
        lambda: make_table((_("ID"), _("Name"), _("Picture")), rows) if rows else _("The cache is empty."),
    )


@app.command("register")
@command
def register(
    run: Run,
    id: ItemId,
    name: ItemName,
    picture: PictureFile = None,
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
        _(
            "picture {picture} of {id} {name} is in the cache",
            picture=registered.image_id or "–",
            id=id,
            name=name,
        ),
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

    A product that is committed stays: a module that speaks V1 has no command to delete it. On one that speaks V2,
    use `delete-product` or `delete-template`.
    """
    with run.client() as module:
        if picture is None:
            module.delete_registered_item(id=id)
        else:
            module.delete_registered_image(id=id, image_id=picture)
    if picture is None:
        text = _("deleted from the cache: all pictures of {product}", product=id)
    else:
        text = _("deleted from the cache: picture {picture} of {product}", picture=picture, product=id)
    run.emit({"id": id, "image_id": picture}, text)


@app.command("commit")
@command
def commit(run: Run, id: ItemId) -> None:
    """Make a product recognizable with its pictures in the cache."""
    with run.client() as module:
        module.commit_registered_item(id=id)
    run.emit({"id": id}, _("the module now recognizes {product}", product=id))


@app.command("teach")
@command
def teach(
    run: Run,
    id: OptionalItemId = None,
    name: OptionalItemName = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="A CSV file with the products (columns id, name).",
            show_default=False,
        ),
    ] = None,
    missing: Annotated[
        bool,
        typer.Option(
            "--missing", help="Lead through all products of --from that the module does not recognize yet."
        ),
    ] = False,
    pictures: Annotated[
        int, typer.Option("--pictures", metavar="NUMBER", min=1, help="The number of template pictures.")
    ] = 3,
    wait: Annotated[
        bool,
        typer.Option("--wait/--no-wait", help="On a terminal, wait for Enter before each picture."),
    ] = True,
    countdown: Annotated[
        int | None,
        typer.Option(
            "--countdown",
            metavar="SECONDS",
            min=1,
            max=60,
            help="With --missing: take the pictures after the first one by themselves, so many seconds apart.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Teach the module the product on the pan: take template pictures, which then take effect.

    Turn the product between the pictures. If a picture fails, or at Ctrl-C, the pictures taken before it are
    deleted again. A module that speaks V2 has no names of products: NAME is not sent there.

    `items teach --from plu.csv --missing` leads through a whole list: put a product on the pan, press Enter, move it
    a little between the pictures, and go on with the next one. Stop at any time: the next run goes on with what is
    still missing.
    """
    require_switch("--missing", missing, {"--countdown": countdown})
    if missing:
        if source is None or id is not None or not wait:
            raise usage_failure(
                _("--missing needs --from, and works with neither ID nor --no-wait"),
                _("For example: {command}", command="vision-ai items teach --from plu.csv --missing"),
            )
        from ..guided_teaching import teach_missing

        teach_missing(run, source, pictures, countdown)
        return
    if id is None:
        raise usage_failure(
            _("Missing argument {argument}", argument="'ID'"),
            join_sentences(
                _("Name the product, or a list with {options}.", options="--from FILE --missing"),
                _("See {command}", command="vision-ai items teach --help"),
            ),
        )
    if name is None:
        name = find_name(id, read_optional_catalog(source))
    _teach_one(run, id, name, pictures, wait=wait)


def _teach_one(run: Run, id: str, name: str, pictures: int, *, wait: bool) -> None:
    from vision_ai import RegisteredImage

    waits = wait and run.interactive
    progress = nullcontext(partial(_ask_for_picture, run.output)) if waits else show_progress(run.output)
    with run.client() as module, progress as handler:
        registered = module.learn(id=id, name=name, pictures=pictures, progress=handler)
    in_v1 = [each.image_id for each in registered if isinstance(each, RegisteredImage)]
    in_v2 = [each.sid for each in registered if not isinstance(each, RegisteredImage)]
    if in_v2:
        counted = ngettext("{number} template", "{number} templates", len(registered))
    else:
        counted = ngettext("{number} picture", "{number} pictures", len(registered))
    run.emit(
        {"id": id, "name": name, **({"sids": in_v2} if in_v2 else {"image_ids": in_v1})},
        _("the module now recognizes {id} {name} ({count})", id=id, name=name, count=counted),
    )


@app.command("add-template")
@command
def add_template(run: Run, id: ItemId, picture: PictureFile = None) -> None:
    """Take one template of the product on the pan, which takes effect at once (V2)."""
    from vision_ai import Image

    target = None if picture is None else check_picture_file(picture)
    with run.client() as module:
        template = module.add_item_template(id=id)
    if target is not None:
        Image.from_base64(template.image).save(target)
    text = _("template {template} of {product} takes effect", template=template.sid or "–", product=id)
    run.emit({"id": id, **template.to_dict()}, text)


@app.command("templates")
@command
def templates(run: Run, id: ItemId) -> None:
    """List the templates of a product (V2)."""
    with run.client() as module:
        sids = module.get_item_template_list(id=id)
    run.emit(
        {"id": id, "sids": sids},
        lambda: (
            make_table((_("Template"),), [(sid,) for sid in sids])
            if sids
            else _("{product} has no templates.", product=id)
        ),
    )


@app.command("delete-template")
@command
def delete_template(
    run: Run,
    id: ItemId,
    sid: Annotated[str, typer.Argument(metavar="SID", help="The template's number; `templates` lists them.")],
) -> None:
    """Delete one template of a product (V2)."""
    with run.client() as module:
        module.delete_item_template(id=id, sid=sid)
    run.emit({"id": id, "sid": sid}, _("deleted: template {template} of {product}", template=sid, product=id))


@app.command("delete-product")
@command
def delete_product(run: Run, id: ItemId, yes: Yes = None) -> None:
    """Delete a product with all its templates (V2).

    This cannot be undone. The command asks for the module's serial number first.
    """
    require_confirmation(run, yes)
    with run.client() as module:
        confirm_serial_number(
            run,
            module,
            yes,
            _("The product {product} and all its templates will be deleted.", product=id),
            "delete_item",
        )
        module.delete_item(id=id)
    run.emit({"id": id}, _("deleted: {product} with all its templates", product=id))


@app.command("clear")
@command
def clear(run: Run, yes: Yes = None) -> None:
    """Delete all templates of all products (V2).

    The module then recognizes no product. This cannot be undone. The command asks for the module's serial
    number first.
    """
    require_confirmation(run, yes)
    with run.client() as module:
        confirm_serial_number(
            run, module, yes, _("All templates of all products will be deleted."), "clear_all_template"
        )
        module.clear_all_template()
    run.emit({}, _("all templates of all products are deleted"))


def _ask_for_picture(output: Output, step: Progress) -> None:
    total = step.total or 0
    if step.done < total:
        text = (
            N_("Put the product on the pan, then press Enter for picture {number} of {total}")
            if step.done == 0
            else N_("Turn the product, then press Enter for picture {number} of {total}")
        )
        output.ask(_(text, number=step.done + 1, total=total))
