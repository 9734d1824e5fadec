"""The frame and the parts, as somebody at work meets them."""

import itertools
import re
from dataclasses import replace

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from accanto.norms.text import Text
from accanto.web.gallery import sample_confirm, sample_context, sample_findings, sample_frame


@pytest.fixture(autouse=True)
def italian():
    with translation.override("it"):
        yield


def drawn(source, **context):
    return Template("{% load parts %}" + source).render(Context(context))


def gallery(**kwargs):
    return render_to_string("parts/gallery.html", {**sample_context(**kwargs), "frame": sample_frame()})


@pytest.fixture
def page():
    return gallery()


def test_one_heading_one_language_one_main(page):
    assert page.count("<h1") == page.count("<main") == 1
    assert '<html lang="it">' in page
    assert '<meta charset="utf-8">' in page[:400]
    assert re.search(r"<h1>\s*Le parti delle pagine\s*</h1>", page)


def test_headings_do_not_skip(page):
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels


def test_ids_are_unique_and_every_reference_has_its_target(page):
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for names in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', page):
        assert set(names.split()) <= set(ids)
    for anchor in re.findall(r'href="#([^"]+)"', page):
        assert anchor in ids


def test_the_frame_shows_who_acts_for_whom_and_what_works_today(page):
    assert "Assistente sociale, Società di prova, Zona Nord" in page
    assert page.count('aria-current="page"') >= 2
    assert "Dati sintetici" in page


def test_a_page_without_a_frame_still_stands():
    assert "<h1>" in render_to_string("parts/gallery.html", sample_context())


def test_a_refused_form_opens_with_what_to_mend():
    assert "Correggi 8 campi" in gallery(wrong=True)


def test_nothing_is_styled_inline(page):
    assert " style=" not in page


@pytest.mark.parametrize("code", [403, 404, 500, 503])
def test_error_pages_stand_without_anything_else(code):
    page = render_to_string(f"{code}.html")
    assert str(code) in page
    assert 'href="/"' in page


def test_asking_again_is_a_page_with_a_way_back():
    page = render_to_string("confirm.html", {"confirm": sample_confirm(), "frame": sample_frame()})
    assert "Chiudere il tirocinio?" in page
    assert "Annulla" in page
    assert 'method="post"' in page


def test_blocks_come_first_and_each_finding_says_its_source_and_way_out():
    page = drawn("{% findings found %}", found=sample_findings())
    said = [page.index(word) for word in ("Blocca.", "Da autorizzare.", "Avvertenza.", "A posto.")]
    assert said == sorted(said)
    assert "Fai firmare il progetto prima dell’inizio." in page
    assert "Esempio, art. 4" in page
    assert "fonte non verificata" in page


def test_findings_speak_the_language_of_the_page():
    with translation.override("en"):
        assert "The host tutor has not signed." in drawn("{% findings found %}", found=sample_findings())


def test_findings_are_escaped():
    found = replace(sample_findings()[0], sentence=Text("<b>x</b>", "<b>x</b>"), link='"><b>')
    assert "<b>" not in drawn("{% findings found %}", found=[found])


def test_no_finding_is_said_too():
    assert "Nessun rilievo." in drawn("{% findings found %}", found=[])


@pytest.mark.parametrize(
    ("value", "target", "expected"),
    [
        (3120, 15000, "3.120 su 15.000 (21%)"),
        (781, 732, "781 su 732 (107%)"),
        (0, 10, "0 su 10 (0%)"),
        (5, None, "nessun obiettivo fissato"),
        (None, 10, "nessun dato"),
        (5, 0, "nessun obiettivo fissato"),
    ],
)
def test_progress_is_told_in_words(value, target, expected):
    page = drawn("{% progress 'Percorsi' value target %}", value=value, target=target)
    assert expected in page
    assert 'value="1.07' not in page


@pytest.mark.parametrize(
    ("shown", "total", "expected"), [(1, 1, "1 di 1 riga"), (25, 1480, "25 di 1.480 righe"), (1, None, "1 riga")]
)
def test_the_pager_counts_in_words(shown, total, expected):
    assert expected in drawn("{% pager shown total %}", shown=shown, total=total)


def test_an_icon_is_silent_unless_it_says_something():
    assert 'aria-hidden="true"' in drawn('{% icon "it-user" %}')
    assert 'aria-label="Persona"' in drawn('{% icon "it-user" "Persona" %}')
    assert drawn('{% icon "it-nothing" %}') == ""
