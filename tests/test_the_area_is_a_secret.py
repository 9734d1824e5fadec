"""Mental health, disability, prison: who may not read the area cannot infer it either. Two people alike in everything
but the area exchange areas, referring services and judicial measures; every answer to every role without the degree of
the area must stay the same, byte for byte, and every row PostgreSQL shows them too."""

import json
import re
from dataclasses import replace

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.relation import open_relation
from accanto.access.role import REACH, RIGHTS, Degree, Kind
from accanto.cases.area import CaseArea
from accanto.cases.justice import JusticeMeasure
from accanto.cases.referral import ReferralOrigin
from accanto.documents import render
from tests import factories
from tests.test_isolation import about_subjects, may
from tests.test_permissions import ADDRESSES, EVERYBODY, OBJECTS, PAGES, PLANNERS, Scene, somebody
from tests.test_permissions import scene as scene  # the fixture

pytestmark = pytest.mark.walk

BLIND = [kind for kind in Kind if Degree.AREA not in RIGHTS[kind]]
# what changes by itself from one answer to the next: tokens and their time, the moment of printing
BY_CHANCE = re.compile(
    r'(csrfmiddlewaretoken" value|nonce)="[^"]*"|<time datetime="[^"]*T[^"]*">[^<]*</time>|:[0-9A-Za-z]{6}:[\w-]{40,}'
    r'|"data_of": "[^"]*"'
)
# nor the log of what was just read, for who watches over it
NOT_COMPARED = {"log", "sign_out", "switch_role", "set_language", "demonstration_sign_in"}
# the pages everybody reads say more to planners only; to all others the same as to one of them
READ_MORE = PLANNERS | {Kind.EMPLOYMENT_OPERATOR}
WORDS = ("mental_health", "salute mentale", "disability", "disabilità", "prison", "carcere", "penitenzi", "magistrat")


@pytest.fixture
def twins(scene, anna, tutor, mugello):
    """The person of the scene and another, alike: the first of the prison area, with a measure, the second disabled."""
    case = factories.person_in_charge(mugello, by=anna)
    factories.papers(case, by=anna)
    factories.secrets(case, by=anna)
    JusticeMeasure.objects.filter(case=case).delete()
    other = replace(scene, case=case, traineeship=factories.traineeship(case, tutor=tutor, by=anna))
    for twin, area in ((scene, "prison"), (other, "disability")):
        CaseArea.objects.create(case=twin.case, subject=twin.case.subject, zone=mugello, area=area)
        ReferralOrigin.objects.filter(subject=twin.case.subject).update(channel=CHANNELS[area])
    return scene, other


CHANNELS = {"prison": "justice", "disability": "disability"}


def exchange(twins):
    """Each takes what is secret of the other."""
    for twin in twins:
        row = CaseArea.objects.get(case=twin.case)
        row.area = {"prison": "disability", "disability": "prison"}[row.area]
        row.save()
        ReferralOrigin.objects.filter(subject=twin.case.subject).update(channel=CHANNELS[row.area])
    for measure in JusticeMeasure.objects.all():
        into = next(twin for twin in twins if twin.case.subject_id != measure.subject_id)
        JusticeMeasure.objects.filter(pk=measure.pk).update(case=into.case, subject=into.case.subject)


def acting_for_both(kind, twins):
    acting = somebody(kind, twins[0].zone, tied_to=twins[0].case.subject)
    if REACH[kind] == "subject":
        open_relation(
            subject=twins[1].case.subject, kind=kind, user=acting.user, reason="prova", by=acting, now=timezone.now()
        )
    if kind == Kind.HOST_TUTOR:
        for twin in twins:
            twin.traineeship.host_tutor = acting.user
            twin.traineeship.save()
    return acting


def answers(client, kind, twin):
    """What every page answers: its status, where it sends, its name as a file, its text."""
    found, asked = {}, {}
    for name, row in PAGES.items():
        if kind in row.kinds and name not in NOT_COMPARED and not (row.public and kind not in READ_MORE):
            # the objects of the addresses are made before the first page is opened
            words = {word: OBJECTS[word](twin) for word in ADDRESSES[name] if word != "measure"}
            asked[name] = reverse(name, kwargs=words)
    for name, address in asked.items():
        for method in ("get", "post") if PAGES[name].post_only or name == "search" else ("get",):
            with transaction.atomic():
                answer = getattr(client, method)(address, {"q": "Prova"} if name == "search" else {})
                transaction.set_rollback(True)
            heads = [answer.headers.get(head, "") for head in ("Location", "Content-Disposition")]
            text = BY_CHANCE.sub("", answer.content.decode(errors="replace"))
            found[name, method] = (answer.status_code, *heads, text)
    return found


@pytest.fixture(autouse=True)
def _a_document_is_what_it_says(monkeypatch):
    """Its bytes hold the moment it was printed, and what it says is compressed in them."""
    monkeypatch.setattr(
        render, "_compile", lambda template, data, moment: json.dumps([template, data], ensure_ascii=False).encode()
    )


@pytest.mark.parametrize("kind", BLIND)
def test_no_answer_to_who_may_not_read_the_area_says_it_or_depends_on_it(kind, twins, enter):
    """The pages of one of the two, who is first the one and then the other: those of the other would say it again."""
    client = enter(acting_for_both(kind, twins))
    before = answers(client, kind, twins[0])
    exchange(twins)
    after = answers(client, kind, twins[0])
    for (name, _m), (_status, *heads, text) in (*before.items(), *after.items()):
        if PAGES[name].about:
            low = " ".join((*heads, text)).lower()
            assert not [word for word in WORDS if word in low], f"{name} says an area to {kind}"
    differ = sorted(name for name, method in before if before[name, method] != after[name, method])
    assert not differ, f"{kind} can tell the area from: {', '.join(differ)}"
    assert any(name not in ("home", "own_account") for name, _m in before)
    assert not mail.outbox


@pytest.mark.parametrize("kind", BLIND)
def test_no_row_that_postgresql_shows_them_depends_on_the_area(kind, twins, as_application):
    acting = acting_for_both(kind, twins)

    def rows():
        seen = {}
        with as_application(acting, writing=False) as cursor:
            for table in about_subjects():
                if may("SELECT", table):
                    cursor.execute(f"select coalesce(string_agg(t::text, chr(10) order by t::text), '') from {table} t")
                    seen[table] = cursor.fetchone()[0]
        return seen

    before = rows()
    exchange(twins)
    assert rows() == before


def test_the_pages_compared_are_many(twins):
    """That the comparison compares something: the pages of who works with a person and does not read the area."""
    for kind in (Kind.EMPLOYMENT_OPERATOR, Kind.THIRD_SECTOR_TUTOR, Kind.HOST_TUTOR, Kind.HEALTH_WORKER):
        about = [name for name, row in PAGES.items() if kind in row.kinds and row.about]
        assert len(about) >= 3, kind
    assert isinstance(twins[0], Scene)
    assert EVERYBODY
