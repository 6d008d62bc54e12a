"""The shipped pictures of the pan and of the produce."""

from __future__ import annotations

import pytest
from PIL import Image, ImageEnhance

import render_pictures
from vision_ai_emulator import Emulator


def test_every_kind_has_a_picture() -> None:
    assert {file.name for file in render_pictures.FOLDER.iterdir()} == set(render_pictures.NAMES)
    assert set(render_pictures.NAMES) == {"pan.jpg", *(f"{kind}.webp" for kind in Emulator.kinds)}


@pytest.mark.parametrize("name", render_pictures.NAMES)
def test_rendering_results_in_the_shipped_picture(name: str) -> None:
    rendered = render_pictures.render(name)
    with Image.open(render_pictures.FOLDER / name) as shipped:
        assert render_pictures.is_equal(shipped, rendered)
        assert not render_pictures.is_equal(shipped, ImageEnhance.Brightness(rendered).enhance(1.05))
        assert not render_pictures.is_equal(shipped, rendered.resize((rendered.width - 1, rendered.height)))
