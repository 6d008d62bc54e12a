"""What runs the pages' code finds the mistakes that a reader would stumble over."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_blocks import Block, read_blocks, run_python, run_shell, write_files

from vision_ai_emulator import Emulator, serve

PAGE = """# A page

```python
value = 1
```

Text.

```python
print(value)
```

<!-- served emulator -->
```sh
vision-ai info
```

<!-- file: products.json -->
<!-- not run: it is data -->

```json
{}
```

<!-- served emulator -->

Text ends what a comment belongs to.

```sh
true
```

    an indented block
"""


def test_blocks_have_their_language_line_and_comments() -> None:
    blocks = read_blocks(PAGE)
    assert [(block.language, block.line) for block in blocks] == [
        ("python", 3),
        ("python", 9),
        ("sh", 14),
        ("json", 21),
        ("sh", 29),
        ("", 33),
    ]
    assert [block.served for block in blocks] == [False, False, True, False, False, False]
    assert (blocks[3].file, blocks[3].reason_not_to_run) == ("products.json", "it is data")


def test_a_snippet_does_not_see_the_names_of_another() -> None:
    first, second = read_blocks(PAGE)[:2]
    run_python(first, Path("page.md"))
    with pytest.raises(NameError, match="value"):
        run_python(second, Path("page.md"))


def test_an_error_of_a_snippet_points_at_the_pages_line() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        run_python(Block("python", "x = 1\nx / 0\n", line=10), Path("page.md"))
    assert caught.traceback[-1].lineno + 1 == 12
    assert str(caught.traceback[-1].path).endswith("page.md")


def shell(text: str, folder: Path, url: str = "emulator:") -> str:
    return run_shell(Block("sh", text, line=1), folder, url)


def test_a_sequence_stops_at_its_first_error(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="exit status 1"):
        shell("false\ntouch not-reached", tmp_path)
    with pytest.raises(AssertionError, match="exit status"):
        shell("vision-ai no-such-command\ntouch not-reached", tmp_path)
    with pytest.raises(AssertionError, match="exit status 1"):
        shell("false | cat", tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_commands_of_a_served_sequence_share_an_emulator(tmp_path: Path) -> None:
    sequence = "vision-ai calib set 1 2 300 400\nvision-ai calib get --json"
    assert '"left": 1' not in shell(sequence, tmp_path)
    with serve(Emulator()) as url:
        assert '"left": 1' in shell(sequence, tmp_path, url)


def test_the_url_of_the_page_becomes_that_of_the_emulator(tmp_path: Path) -> None:
    with serve(Emulator(sn="42424242")) as url:
        assert "42424242" in shell(
            "export VISION_AI_URL=http://172.22.0.6\nvision-ai info --json", tmp_path, url
        )
        assert "42424242" in shell("vision-ai info --json --url http://127.0.0.1:8172", tmp_path, url)


@pytest.mark.parametrize("text", ["sudo true", "true && pip list", "make help", "true; sudo true"])
def test_a_command_that_changes_the_computer_is_not_run(tmp_path: Path, text: str) -> None:
    with pytest.raises(AssertionError, match="must not run in a test"):
        shell(text, tmp_path)


def test_nothing_is_sent_to_another_computer(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"would send something to 10\.1\.2\.3"):
        shell("curl http://10.1.2.3/", tmp_path)
    shell("true  # not to 10.1.2.3", tmp_path)


def test_files_of_a_page_lie_beside_its_blocks(tmp_path: Path) -> None:
    write_files(read_blocks(PAGE), tmp_path)
    assert (tmp_path / "products.json").read_text() == "{}\n"
    write_files([Block("python", "# till.py\nsold = 1\n", line=1)], tmp_path)
    assert (tmp_path / "till.py").read_text() == "# till.py\nsold = 1\n"
