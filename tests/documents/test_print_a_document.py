"""Documents made from data: accessible, the same bytes from the same data, whatever is written in them."""

import datetime as dt
import io
import threading
import unicodedata

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accanto.documents.render import DRAWN, NO_TEXT, _compile, names, render

MOMENT = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
BLOCKS = [{"who": "La persona", "name": "Ida Prova"}, {"who": "Chi segue", "name": "", "how": "su carta"}]
DATA = {
    "title": "Documento di prova", "lead": "Ida Prova", "body": "Ente di prova", "made_on": "27/11/2026",
    "data_of": "27/11/2026 10:00", "synthetic": True, "note": "Riservato.", "facts": [["Versione", "1"], ["", ""]],
    "goals": [{"own_words": "Vorrei\nuna casa", "result": "Un contratto", "due": "01/02/2027"}],
    "supports": ["Formazione"], "support_text": "", "actions": [{"party": "Lei", "text": "va", "due": "", "done": ""}],
    "mine": [{"text": "vado", "due": ""}], "theirs": [{"party": "Il centro", "text": "chiama", "due": "01/01/2027"}],
    "review_on": "", "manager": "Anna Prova", "signatures": BLOCKS, "evidence": [],
    "treated": [
        {"person": person, "present": ["La persona", "Anna"], "text": "Si è detto\nche va.", "written": "Da Anna.",
         "decisions": [{"text": "Telefona", "who": "Anna", "due": "01/01/2027", "done": ""}]}
        for person in ("Ida Prova", "Ugo Prova")
    ],
    "domains": [{"title": "Lavoro", "text": "", "score": "", "note": "", "icf": ""}], "paragraphs": ["uno", "due"],
    "days": [["lunedì 2", "4", "09:00-13:00", "4", "persona, tutor", "Registrato"], ["martedì 3", *"–––––"]],
    "sections": [{"title": "Chi", "paragraphs": ["noi"], "points": ["uno", "due"], "blanks": ["Durata"],
                  "heads": ["Mese", "Ore"], "align": ["left", "right"], "rows": [["novembre", "4"]]}],
    "skills": [["Pota le rose", "da sé", "Ha potato il roseto."]], "closing": ["Le ore sono del registro.", ""],
    "annex_sha256": "0" * 64, "signed": [{"name": "Ida Prova", "facts": [["Come", "su carta"]], "drawn": ""}],
    "missing": ["Ugo Prova"], "people": [["Ida Prova", "Presente", "sì", "sì", "Pota le rose"]], "not_all": "",
    "found": "Tutto come\nprevisto", "anomalies": ["Ida Prova: ore insolite (ACC-HOURS)"],
}  # fmt: skip


def opened(data):
    return pikepdf.open(io.BytesIO(data))


@pytest.mark.parametrize("name", names())
def test_a_document_is_tagged_titled_in_italian_and_says_which_standards_it_obeys(name):
    with opened(render(name, DATA, moment=MOMENT)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.StructTreeRoot is not None
        assert str(pdf.Root.Lang).startswith("it")
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        meta = bytes(pdf.Root.Metadata.read_bytes()).decode()
        assert "Documento di prova" in meta
        assert "pdfuaid:part" in meta
        assert "pdfaid:part" in meta
        fonts = {str(font.BaseFont) for page in pdf.pages for font in page.obj.Resources.Font.values()}
        assert all("Titillium" in font for font in fonts), fonts


def test_the_same_data_give_the_same_bytes_and_other_data_others():
    one = render("personal_plan", DATA, moment=MOMENT)
    assert render("personal_plan", DATA, moment=MOMENT) == one
    assert render("personal_plan", DATA | {"lead": "Un’altra"}, moment=MOMENT) != one


def test_threads_do_not_mix_what_they_print():
    expected = {n: render("assessment", DATA | {"lead": f"Persona {n}"}, moment=MOMENT) for n in range(8)}
    wrong = []

    def print_some(n):
        for _again in range(5):
            if render("assessment", DATA | {"lead": f"Persona {n}"}, moment=MOMENT) != expected[n]:
                wrong.append(n)

    threads = [threading.Thread(target=print_some, args=(n,)) for n in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_plan_in_plain_words_is_one_page_until_it_cannot_be():
    long = [{"own_words": "Vorrei una casa vicino al mare " * 6, "result": "Un contratto " * 12, "due": ""}] * 4
    for goals, pages in ((DATA["goals"], 1), (long, 1), (long * 5, None)):
        with opened(render("plain_plan", DATA | {"goals": goals}, moment=MOMENT)) as pdf:
            assert len(pdf.pages) == pages or (pages is None and len(pdf.pages) > 1)


def test_a_month_and_a_plan_of_four_signatures_stand_on_a_page():
    """A register whose days go over to the next page, or a page of signatures alone, is signed without being seen."""
    day = ["Mercoledì 30", "6", "09:00-13:00 14:00-16:00", "6", "persona, tutor"]
    days = [[*day, "Registrato da Ivan Calamulli, 02/10/2026, 17:30"]] * 23 + [["Domenica 4", *"–––––"]] * 8
    facts = [["Tirocinio", "Tirocinio di inclusione sociale (TIS), dal 23/02/2026 al 22/11/2026"]] * 6
    signed = [{"who": who, "name": "Ida Prova", "how": "Firmato: le prove seguono."} for who in ("La persona", "Tutor")]
    month = DATA | {"days": days, "facts": facts, "signatures": signed}
    with opened(render("register", month, moment=MOMENT)) as pdf:
        assert len(pdf.pages) == 1
    sections = [{"title": "Dove", "facts": [["Soggetto ospitante", "Vivaio di prova"]] * n} for n in (11, 2)]
    sections.append({"title": "Coperture", "facts": [["INAIL", "1"]] * 2, "points": ["Le presenze si segnano."] * 3})
    lines = [{"who": "Soggetto promotore", "name": "Ida Prova, legale rappresentante"}] * 4
    plan = DATA | {"sections": sections, "signatures": lines}
    with opened(render("to_sign", plan, moment=MOMENT)) as pdf:
        assert len(pdf.pages) == 1


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_whatever_one_writes_can_be_printed(text):
    assert render("personal_plan", DATA | {"lead": text, "support_text": text}, moment=MOMENT).startswith(b"%PDF")


@pytest.mark.parametrize(
    "text", ["中文", "😀 ciao", "\x00\x01", "\ue000", "e\u0301\u0327", "مرحبا", '#import "x"', "$x^2", "@a"]
)
def test_odd_signs_never_stop_a_document_and_no_text_is_a_command(text):
    assert render("referral_outcome", DATA | {"paragraphs": [text]}, moment=MOMENT).startswith(b"%PDF")


def test_every_sign_we_say_we_draw_is_drawn():
    # `render` takes away first what is no text: a letter that does not exist yet is none
    signs = [chr(n) for n in range(0x2800) if DRAWN.match(chr(n)) and unicodedata.category(chr(n)) not in NO_TEXT]
    # the first try, which raises where a sign is missing
    assert _compile("referral_outcome", DATA | {"paragraphs": ["".join(signs)]}, MOMENT).startswith(b"%PDF")


def test_a_document_that_is_not_there_says_which_are():
    with pytest.raises(LookupError, match="personal_plan"):
        render("layout", DATA, moment=MOMENT)
