"""Any app reads its own files of the pack: the two readers forgive what is harmless and name what is not."""

from datetime import date
from decimal import Decimal

import pytest

from accanto.territory.pack import PackError, Problems, read_csv, read_yaml


def told(error):
    return [str(problem) for problem in error.value.problems]


def test_rows_know_their_line_even_after_a_text_on_two_lines(tmp_path):
    file = tmp_path / "centri.csv"
    file.write_text('code,note\na,"due\nrighe"\n\nb,una\n', encoding="utf-8")
    first, second = read_csv(file, required=["code", "note"])
    assert (first["note"], first.line) == ("due\nrighe", 2)
    assert (second["code"], second.line) == ("b", 5)


def test_the_mark_a_spreadsheet_puts_before_the_header_is_forgiven(tmp_path):
    file = tmp_path / "centri.csv"
    file.write_bytes(b"\xef\xbb\xbfcode,name\r\nx,Fi\r\n")
    assert read_csv(file, required=["code"])[0]["code"] == "x"


def test_header_and_rows_of_the_wrong_length_are_told_together(tmp_path):
    file = tmp_path / "centri.csv"
    file.write_text("code,name,name\na,b\na,b,c\na,b,c,d\n", encoding="utf-8")
    with pytest.raises(PackError) as error:
        read_csv(file, required=["code", "zone", "kind"])
    assert told(error) == [
        "centri.csv, riga 1: manca la colonna «zone»",
        "centri.csv, riga 1: manca la colonna «kind»",
        "centri.csv, riga 1: la colonna «name» c’è più di una volta",
        "centri.csv, riga 2: la riga ha 2 campi invece di 3; se un testo contiene una virgola va fra virgolette",
        "centri.csv, riga 4: la riga ha 4 campi invece di 3; se un testo contiene una virgola va fra virgolette",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"code;name\na;b\n", "i campi sono separati da punto e virgola; salva il file con le virgole"),
        ("code,name\na,Cantù\n".encode("latin-1"), "il file non è in UTF-8; salvalo di nuovo con questa codifica"),
        (b'code,name\na,"b\n', "le virgolette non si chiudono o non sono raddoppiate"),
        (b"", "manca la colonna «code»"),
    ],
)
def test_files_saved_in_another_way_say_how_to_save_them(tmp_path, content, sentence):
    file = tmp_path / "centri.csv"
    file.write_bytes(content)
    with pytest.raises(PackError, match=sentence):
        read_csv(file, required=["code"])


def test_one_collector_serves_many_files(tmp_path):
    (tmp_path / "a.csv").write_text("x\n1\n", encoding="utf-8")
    problems = Problems()
    rows = read_csv(tmp_path / "a.csv", required=["x"], problems=problems)
    read_csv(tmp_path / "b.csv", problems=problems)
    read_yaml(tmp_path / "c.yaml", problems=problems)
    rows[0].day("x")
    with pytest.raises(PackError) as error:
        problems.stop_if_any()
    assert [problem.file for problem in error.value.problems] == ["a.csv", "b.csv", "c.yaml"]


def test_fields_are_read_as_what_they_are(tmp_path):
    (tmp_path / "a.csv").write_text("n,d,day,flag,list\n3,1.50,2024-12-31,1,FI PI\n", encoding="utf-8")
    row = read_csv(tmp_path / "a.csv")[0]
    assert (row.whole("n"), row.number("d"), row.day("day"), row.yes("flag"), row.words("list")) == (
        3,
        Decimal("1.50"),
        date(2024, 12, 31),
        True,
        ["FI", "PI"],
    )


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        ("whole", "1.5"), ("whole", "1.000,5"), ("number", "NaN"), ("number", "mille"), ("number", ""),
        ("day", "31/12/2024"), ("day", "2024-02-30"), ("day", "20240101"), ("yes", "forse"), ("text", ""),
    ],
)  # fmt: skip
def test_a_field_that_is_not_what_it_should_be_is_noted_and_gives_nothing(tmp_path, reader, value):
    (tmp_path / "a.csv").write_text(f'code,value\nx,"{value}"\n', encoding="utf-8")
    problems = Problems()
    (row,) = read_csv(tmp_path / "a.csv", problems=problems)
    assert getattr(row, reader)("value") is None
    assert [(p.line, p.field) for p in problems] == [(2, "value")]


def test_yaml_blocks_know_their_line_and_read_both_languages(tmp_path):
    file = tmp_path / "funds.yaml"
    file.write_text("funds:\n  - code: a\n    amount: 27500000\n    name: {it: Uno, en: One}\n", encoding="utf-8")
    (fund,) = read_yaml(file, required=["funds"]).blocks("funds")
    assert (fund.line, fund.whole("amount"), fund.both("name")) == (2, 27_500_000, {"it": "Uno", "en": "One"})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1\na: 2\n", "funds.yaml, riga 2: il nome «a» c’è due volte nello stesso blocco"),
        ("a: [1\nb: 2\n", "funds.yaml, riga 2: non è YAML valido; controlla rientri, due punti e virgolette"),
        ("- a\n- b\n", "funds.yaml: il file deve cominciare con un nome seguito da due punti"),
        ("a: 2024-13-45\n", "funds.yaml: non è YAML valido: contiene un carattere o una data impossibile"),
        ("", "funds.yaml: il file deve cominciare con un nome seguito da due punti"),
        ("b: 1\n", "funds.yaml: manca la parte «a»"),
    ],
)
def test_broken_yaml_is_told_in_a_sentence(tmp_path, text, sentence):
    file = tmp_path / "funds.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as error:
        read_yaml(file, required=["a"])
    assert sentence in told(error)
