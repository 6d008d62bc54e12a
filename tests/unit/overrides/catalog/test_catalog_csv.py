"""`Catalog.from_csv` reads lists as programs write them, and names the line of what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from vision_ai import Catalog, InvalidInputError, Product


def read(folder: Path, text: str, *, delimiter: str | None = None) -> Catalog:
    path = folder / "plu.csv"
    path.write_bytes(text.encode())
    return Catalog.from_csv(path, delimiter=delimiter)


@pytest.mark.parametrize(
    "text",
    [
        "id,name\n001,Apple\n002,Pear\n",
        "ID;Name\r\n001;Apple\r\n002;Pear\r\n",
        " name \t price \tid\r001\t1\tApple\r002\t2\tPear".replace("001\t1\tApple", "Apple\t1\t001").replace(
            "002\t2\tPear", "Pear\t2\t002"
        ),
        "sep=;\r\nid;name;price\r\n001;Apple;1,20\r\n002;Pear;1,30\r\n",
        'id;"name";"price, EUR, USD"\n001;" Apple";\n\n002;"Pear\n";\n;;\n',
        "id,name,Group,ALIASES,color\n001,Apple,,,red\n002,Pear\n",
    ],
)
def test_lists_as_programs_write_them(tmp_path: Path, text: str) -> None:
    assert dict(read(tmp_path, text)) == {"001": Product("001", "Apple"), "002": Product("002", "Pear")}


def test_groups_and_aliases(tmp_path: Path) -> None:
    catalog = read(
        tmp_path, 'id,group,aliases,name\n7,Exotic  fruit,"Kiwi, green| Actinidia ||",Kiwifruit\n8,,,Lime\n'
    )
    assert catalog["7"] == Product("7", "Kiwifruit", "Exotic fruit", ("Kiwi, green", "Actinidia"))
    assert catalog["8"] == Product("8", "Lime", None, ())


def test_a_name_may_contain_the_delimiter_and_quotation_marks(tmp_path: Path) -> None:
    assert read(tmp_path, 'id,name\n1,"Apple, ""Gala"""\n2,5" pipe\n')["1"].name == 'Apple, "Gala"'


def test_any_delimiter_can_be_given(tmp_path: Path) -> None:
    assert read(tmp_path, "id|name\n1|Apple, red\n", delimiter="|")["1"].name == "Apple, red"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "plu.csv is empty"),
        (" \n\n", "plu.csv is empty"),
        ("\ufeff", "plu.csv is empty"),
        ("id,name\n", "plu.csv has no products"),
        ("id,title\n1,Apple\n", "plu.csv, line 1: there is no column 'name'; the columns are 'id', 'title'"),
        ("\nPLU;name\n1;Apple\n", "plu.csv, line 2: there is no column 'id'; the columns are 'PLU', 'name'"),
        ("001,Apple\n", "plu.csv, line 1: there is no column 'id'"),
        ("id,name,Name\n1,Apple,x\n", "plu.csv, line 1: two columns are named 'name'"),
        ("id,name\n1,Apple\n,Pear\n", "plu.csv, line 3: the id is empty"),
        ("id,name\n1,Apple\n2, \n", "plu.csv, line 3: the name is empty"),
        ("id,name\n1,Apple\n2\n", "plu.csv, line 3: too few fields, 1 of the 2"),
        ("id,name\n1,Apple, red\n", "plu.csv, line 2: too many fields, 3 where the first line names 2"),
        ("id,name\n1,Apple\n01,Pear\n1,Plum\n", "plu.csv, line 4: the id '1' is already in line 2"),
        ('id,name\n1,"Apple\n2,Pear\n', "plu.csv, line 2: a quoted field begins here"),
        ('id,name\n1,"Apple\n2,"Pear"\n', "plu.csv, line 2: a quotation mark inside a quoted field"),
        ('id,name\n1,"A\nb\r\nc"\r2,\n', "plu.csv, line 5: the name is empty"),
        ('id,name\n1,"' + "x\n" * 70_000, "plu.csv, line 2: a quoted field begins here"),
        ("sep=;\nid;name\n1;\n", "plu.csv, line 3: the name is empty"),
        ("id,name\n1,A\x0bb\u2028c\x85d\n2,\n", "plu.csv, line 3: the name is empty"),
    ],
)
def test_a_mistake_is_reported_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read(tmp_path, text)
    assert message in str(caught.value)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("delimiter", ["", ",,", '"', "\n", 5])
def test_a_delimiter_is_one_character(tmp_path: Path, delimiter: str) -> None:
    with pytest.raises(InvalidInputError, match="delimiter must be one character"):
        read(tmp_path, "id,name\n1,Apple\n", delimiter=delimiter)


def test_a_missing_file_is_pythons_own_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Catalog.from_csv(tmp_path / "plu.csv")
