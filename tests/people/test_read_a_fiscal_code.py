"""What a fiscal code says, when it is wrong, and what does not agree with the rest. Invented codes."""

import datetime as dt

import pytest

from accanto.people.fiscal_code import WrongFiscalCode, cautions, read


@pytest.mark.parametrize(
    ("typed", "born", "sex", "place"),
    [
        ("PRVDRA90E03D612Y", dt.date(1990, 5, 3), "M", "Firenze"),
        (" prv dra 90e03 d612y ", dt.date(1990, 5, 3), "M", "Firenze"),
        ("PRVDRA90E03D61NN", dt.date(1990, 5, 3), "M", "Firenze"),  # omocode: the last digit became a letter
        ("PRVDRA90E0PD612U", dt.date(1990, 5, 3), "M", "Firenze"),  # omocode in the day
        ("PRVDIA85C55Z330F", dt.date(1985, 3, 15), "F", "Marocco"),  # born abroad
    ],
)
def test_a_code_says_birth_sex_and_place(typed, born, sex, place):
    found = read(typed)
    assert (found.birth_date, found.sex, found.birth_place) == (born, sex, place)
    assert len(found.code) == 16


def test_a_provisional_code_is_eleven_digits_and_says_nothing():
    found = read("12345678903")
    assert found.provisional
    assert (found.birth_date, found.sex, found.birth_place) == (None, "", "")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "16 lettere e cifre"),
        ("PRVDRA90E03D612", "16 lettere e cifre"),
        ("PRVDRA90E03D612X", "errore di battitura"),
        ("1RVDRA90E03D612Y", "non sono al loro posto"),
        ("12345678901", "cifra di controllo"),
        ("PRVDRA90E03D612Y" * 50, "16 lettere e cifre"),
        ("\x00" * 16, "16 lettere e cifre"),
        ("ÀÀÀÀÀÀ90E03D612Y", "16 lettere e cifre"),
        ("１２３４５６７８９０１", "16 lettere e cifre"),
    ],
)
def test_a_wrong_code_is_told_in_words(typed, sentence):
    with pytest.raises(WrongFiscalCode, match=sentence):
        read(typed)


def test_what_does_not_agree_warns_field_by_field():
    found = read("PRVDRA90E03D612Y")
    assert cautions(found, given_name="Dario", family_name="Prova", birth_date=dt.date(1990, 5, 3), sex="M") == []
    warned = cautions(found, given_name="Ugo", family_name="Altro", birth_date=dt.date(1990, 5, 4), sex="F")
    assert [field for field, _sentence in warned] == ["family_name", "given_name", "birth_date", "sex"]
    assert cautions(found, given_name="Dario", family_name="Prova", sex="X") == []
