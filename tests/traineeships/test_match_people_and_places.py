"""From who is ready to the draft of a traineeship, through a proposal that the team accepts, changes or declines."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.access.role import Kind
from accanto.cases import employability, limits, personal_plan
from accanto.cases.area import CaseArea
from accanto.cases.case import Case
from accanto.people.registry import Registry
from accanto.territory.municipality import Municipality
from accanto.traineeships import matching_acceptance as acceptance
from accanto.traineeships import matching_round as acts
from accanto.traineeships import place_search, readiness
from accanto.traineeships.agreement import Agreement
from accanto.traineeships.host import Host
from accanto.traineeships.matching_round import MatchingProposal, MatchingRound, Reason
from accanto.traineeships.place import Place
from accanto.traineeships.readiness import Missing
from accanto.traineeships.traineeship import Traineeship
from tests import factories

State = MatchingProposal.State


@pytest.fixture
def valley(mugello):
    """Three municipalities of the zone, about ten kilometres from each other."""
    found = []
    for n, name in enumerate(("Borgo di prova", "Vicchio di prova", "Scarperia di prova")):
        row = factories.municipality(mugello, name)
        Municipality.objects.filter(pk=row.pk).update(lat=43.9 + 0.09 * n)
        found.append(row)
    return found


@pytest.fixture
def ready(mugello, anna, valley, today):
    """Makes people who could begin: profile, plan with a traineeship signed by them, a municipality, a car."""

    def make(name, municipality=0, *, consents=True, sex="F", readiness=3, **profile):
        now = timezone.now()
        case = factories.person_in_charge(mugello, by=anna, given_name=name)
        Registry.objects.create(
            person=case.person, subject=case.subject, zone=mugello, sex=sex, municipality=valley[municipality]
        )
        said = {"transport": ["car"], "shifts": [], "licences": [], "skills": "", "languages": "", "last_job": ""}
        employability.describe(case=case, by=anna, now=now, readiness=readiness, **said | profile)
        goals = [{"own_words": "Lavorare", "result": "Un tirocinio", "due": None}]
        supports = [{"kind": "traineeship", "text": ""}] if consents else []
        plan = personal_plan.write(case=case, reason="primo", goals=goals, supports=supports, actions=[],
                                   review_on=None, by=anna, now=now)  # fmt: skip
        personal_plan.agree(
            plan=plan, on=today, how="paper", signers=[("person", ""), ("manager", "")], by=anna, now=now
        )
        return case

    return make


@pytest.fixture
def offered(anna, valley):
    """Makes open places, each of a host of its own."""

    def make(title, municipality=0, host=None, **facts):
        if host is None:
            body = factories.organisation("host", f"Ospitante di {title}")
            host = Host.objects.create(organisation=body, municipality=valley[municipality])
        return factories.place(host, by=anna, title=title, municipality=valley[municipality], **facts)

    return make


@pytest.fixture
def search(anna, mugello):
    def make(by=anna, **more):
        return acts.propose(zone_id=mugello.pk, by=by, now=timezone.now(), **more)

    return make


def proposals(round):
    return {row.subject.person.given_name: row for row in round.proposals.with_people()}


def missing_of(by, case, today):
    return next(one.missing for one in readiness.of_zone(by=by, day=today) if one.case == case)


# who is ready


def test_who_is_ready_and_what_is_missing_to_the_others(ready, mugello, anna, today):
    both = ready("Ada"), ready("Bea", consents=False)
    ready("Cleo", readiness=2)
    assert [missing_of(anna, case, today) for case in both] == [[], [Missing.CONSENT]]
    assert len(readiness.of_zone(by=anna, day=today)) == 2
    registry = Registry.objects.get(person=both[0].person)
    registry.municipality, registry.municipality_sealed = None, True
    registry.save()
    assert missing_of(anna, both[0], today) == [Missing.SEALED]


def test_a_limit_of_hours_in_words_keeps_out_until_it_is_said_in_hours(ready, anna, today):
    case, now = ready("Ada"), timezone.now()
    limits.set_limit(case=case, kind="timetable", text="solo dalle 8 alle 14", valid_from=today, by=anna, now=now)
    assert missing_of(anna, case, today) == [Missing.HOURS]
    place_search.describe(case=case, by=anna, now=now, max_minutes=30)
    assert missing_of(anna, case, today) == [Missing.HOURS]  # a search without hours does not say them
    hours = {"out_from": [dt.time(8)] * 5 + [None] * 2, "out_to": [dt.time(14)] * 5 + [None] * 2}
    place_search.describe(case=case, by=anna, now=timezone.now(), **hours)
    assert missing_of(anna, case, today) == []
    # a new limit is to be said again
    limits.set_limit(case=case, kind="timetable", text="non il lunedì", valid_from=today, by=anna, now=timezone.now())
    assert missing_of(anna, case, today) == [Missing.HOURS]


def test_who_works_already_is_not_proposed(ready, offered, search, tutor, anna):
    factories.traineeship(ready("Ada"), tutor=tutor, by=anna)
    offered("Orto")
    with pytest.raises(acts.NothingToMatch):
        search()


# what is proposed


def test_places_are_given_so_that_the_whole_costs_least(ready, offered, search):
    ready("Ada"), ready("Bea", 1)
    near, far = offered("Orto"), offered("Magazzino", 1)
    round = search()
    found = proposals(round)
    assert (found["Ada"].place, found["Bea"].place) == (near, far)
    assert (round.placed, round.people, round.openings, round.is_proven) == (2, 2, 2, True)
    assert {pair["verdict"] for pair in found["Ada"].pairs} == {"chosen", "taken"}


def test_hours_with_the_way_decide_and_the_reason_is_nowhere(ready, offered, search, anna, today):
    case = ready("Ada")
    limits.set_limit(case=case, kind="timetable", text="dalle 8 alle 14", valid_from=today, by=anna, now=timezone.now())
    hours = {"out_from": [dt.time(8, 50)] * 7, "out_to": [dt.time(14)] * 7}
    place_search.describe(case=case, by=anna, now=timezone.now(), **hours)
    offered("Orto", 1)  # from nine to one: ten minutes are too few for the way
    row = proposals(search())["Ada"]
    assert (row.state, row.without["alone"]) == (State.WITHOUT, {"timetable": 1})
    assert "dalle" not in str(row.pairs)


def test_limits_of_agreements_openings_taken_and_other_zones(ready, offered, search, anna, today, mugello):
    ready("Ada"), ready("Bea"), ready("Cleo")
    place = offered("Orto", openings=3)
    body = factories.organisation("zone_authority", "Società della Salute di prova", zone=mugello)
    Agreement.objects.create(promoter=body, host=place.host, body_in_charge=body, signed_on=today, signed_by=[],
                             valid_from=today, places=2)  # fmt: skip
    assert search().placed == 2


def test_a_share_of_women_is_asked_and_told(ready, offered, search):
    ready("Ada", 1), ready("Ugo", 0, sex="M")
    offered("Orto")
    assert proposals(search())["Ugo"].state == State.PROPOSED
    round = search(women_percent=50)
    assert (proposals(round)["Ada"].state, round.women_missing) == (State.PROPOSED, 0)
    ready("Ida", 2, sex="M")
    offered("Stalla", openings=3)
    assert search(women_percent=100).women_missing == 200


# what the team says


def test_declines_feed_the_next_round(ready, offered, search, anna):
    ready("Ada")
    first, second = offered("Orto"), offered("Magazzino", 1)
    row = proposals(search())["Ada"]
    assert row.place == first
    acts.refuse(proposal=row, reason=Reason.TASKS, by=anna, now=timezone.now())
    row = proposals(search())["Ada"]
    assert row.place == second
    learned = {one["why"] for one in row.pair_at(second.pk)["reasons"]}
    assert "learned" in learned  # the same setting as the one declined
    acts.refuse(proposal=row, reason=Reason.NOT_NOW, by=anna, now=timezone.now())
    with pytest.raises(acts.NothingToMatch):
        search_again(search)
    place_search.describe(case=row.case, by=anna, now=timezone.now())
    assert proposals(search())["Ada"].place == second  # nothing was said against it


def search_again(search):
    round = search()
    if not round.people:
        raise acts.NothingToMatch
    return round


def test_one_opening_is_accepted_once(ready, offered, search, anna):
    ready("Ada"), ready("Bea")
    place = offered("Orto")
    row = next(one for one in proposals(search()).values() if one.state == State.PROPOSED)
    acts.accept(proposal=row, by=anna, now=timezone.now())
    with pytest.raises(acts.AlreadyDecided):
        acts.accept(proposal=row, by=anna, now=timezone.now())
    other = next(one for one in proposals(row.round).values() if one.pk != row.pk)
    with pytest.raises(acts.NoRoom):
        acts.choose(proposal=other, place_id=place.pk, by=anna, now=timezone.now())
    with pytest.raises(acts.NothingToMatch):
        search()  # the only opening is promised
    acts.reconsider(proposal=row, by=anna, now=timezone.now())
    assert search().placed == 1


def test_the_team_chooses_another_place(ready, offered, search, anna):
    ready("Ada")
    first, second = offered("Orto"), offered("Magazzino", 1)
    row = acts.choose(proposal=proposals(search())["Ada"], place_id=second.pk, by=anna, now=timezone.now())
    assert (row.place, row.first_place, row.state) == (second, first, State.PROPOSED)
    for nowhere in (second.pk, 10**9):
        with pytest.raises(acts.NoRoom):
            acts.choose(proposal=row, place_id=nowhere, by=anna, now=timezone.now())


def test_from_an_accepted_pair_to_the_draft(ready, offered, search, enter, anna, scene):
    case = ready("Ada")
    place = offered("Orto")
    row = proposals(search())["Ada"]
    browser = enter(anna)
    page = reverse("matching_proposal", args=[row.pk])
    assert browser.post(page, {"decide": "accept"}).status_code == 302
    address = f"{reverse('plan_traineeship', args=[case.pk])}?proposal={row.pk}"
    text = browser.get(address).content.decode()
    assert "Dal posto accolto: Orto" in text
    assert re.search(rf'value="{place.host_id}"\s+selected', text)
    sent = scene.form | {"host": place.host_id, "weekly_hours": "16"}
    answer = browser.post(address, sent)
    assert answer.status_code == 302, answer.content.decode()
    draft = Traineeship.objects.get(case=case)
    row.refresh_from_db()
    assert (draft.place, draft.state, row.traineeship) == (place, "draft", draft)
    with pytest.raises(acts.AlreadyDecided):
        acts.refuse(proposal=row, reason=Reason.TASKS, by=anna, now=timezone.now())


# many at once


def names(rows):
    return sorted(row.subject.person.given_name for row in rows)


def test_many_are_accepted_in_one_act_after_a_list_of_them(ready, offered, search, enter, anna):
    for name in ("Ada", "Bea", "Cleo"):
        ready(name)
    offered("Orto", openings=2), offered("Magazzino", 1)
    round = search()
    found = proposals(round)
    browser, page = enter(anna), reverse("matching_round", args=[round.pk])
    accept = reverse("accept_proposals", args=[round.pk])
    assert browser.get(page).content.decode().count('name="proposal"') == 3
    assert "Segna almeno un abbinamento" in browser.post(accept, {}, follow=True).content.decode()
    two = [found["Ada"].pk, found["Bea"].pk]
    listed = browser.post(accept, {"proposal": two})
    text = listed.content.decode()
    assert "Si accolgono 2 abbinamenti" in text
    assert "Ada" in text
    assert "Cleo" not in text
    assert not MatchingProposal.objects.accepted().exists()  # nothing is written by being listed
    text = browser.post(accept, {"proposals": listed.context["ids"], "sure": "1"}, follow=True).content.decode()
    assert "2 abbinamenti accolti" in text
    assert names(MatchingProposal.objects.accepted().with_people()) == ["Ada", "Bea"]
    acts_ = Act.objects.filter(verb="accept", noun="matchingproposal")
    assert sorted(acts_.values_list("object_id", flat=True)) == sorted(two)
    assert {row.decided_by for row in MatchingProposal.objects.accepted()} == {anna.user}
    # the same press again accepts nothing twice, and says so
    text = browser.post(accept, {"proposals": listed.context["ids"], "sure": "1"}, follow=True).content.decode()
    assert "2 nel frattempo sono stati decisi da altri" in text
    assert acts_.count() == 2


def test_all_of_the_filter_are_accepted_and_what_cannot_be_is_told_by_name(
    ready, offered, search, enter, anna, mugello
):
    other = factories.user("alba", Kind.CASE_MANAGER, zone=mugello)
    for n in range(3):
        ready(f"Ada {n}"), offered(f"Orto {n}")
    Case.objects.filter(person__given_name="Ada 2").update(manager=other.user)
    round = search()
    found = proposals(round)
    gone = found["Ada 1"].place
    Place.objects.filter(pk=gone.pk).update(state="paused")
    browser, page = enter(anna), reverse("matching_round", args=[round.pk])
    text = browser.get(page).content.decode()
    assert "Non si possono accogliere adesso" in text
    assert "Il posto non è più libero" in text
    assert text.count('name="proposal"') == 2
    accept = reverse("accept_proposals", args=[round.pk])
    listed = browser.post(accept, {"all": "1", "show": "proposed", "manager": anna.user.pk})
    assert names(one.row for one in listed.context["ready"]) == ["Ada 0"]
    assert [(one.subject.person.given_name, why) for one, why in listed.context["left"]] == [
        ("Ada 1", "Il posto non è più libero: apri la proposta e scegline un altro.")
    ]
    # somebody ticks it all the same, from a page of before: the others are accepted
    everything = " ".join(str(row.pk) for row in found.values())
    text = browser.post(accept, {"proposals": everything, "sure": "1"}, follow=True).content.decode()
    assert "2 abbinamenti accolti" in text
    assert "1 non si può accogliere e resta da decidere" in text
    assert names(MatchingProposal.objects.accepted().with_people()) == ["Ada 0", "Ada 2"]
    assert MatchingProposal.objects.get(pk=found["Ada 1"].pk).state == State.PROPOSED


def test_two_for_one_opening_are_not_accepted_together(ready, offered, search, anna, today):
    ready("Ada"), ready("Bea")
    place = offered("Orto", openings=2)
    rows = list(proposals(search()).values())
    Place.objects.filter(pk=place.pk).update(openings=1)
    accepted, lacks = acceptance.accept_all(proposals=rows, by=anna, now=timezone.now())
    assert (accepted, set(lacks.values())) == ([], {acceptance.Lack.CONTENDED})
    acts.refuse(proposal=rows[0], reason=Reason.NOT_NOW, by=anna, now=timezone.now())
    accepted, lacks = acceptance.accept_all(proposals=rows, by=anna, now=timezone.now())
    assert (accepted, lacks) == ([rows[1].pk], {rows[0].pk: acceptance.Lack.DECIDED})


def test_what_was_listed_is_not_accepted_once_another_round_has_begun(ready, offered, search, anna):
    ready("Ada"), offered("Orto")
    rows = list(proposals(search()).values())
    search()
    accepted, lacks = acceptance.accept_all(proposals=rows, by=anna, now=timezone.now())
    assert (accepted, lacks) == ([], {rows[0].pk: acceptance.Lack.OVER})


def test_accepting_many_asks_the_same_as_accepting_three(ready, offered, search, anna, same_queries):
    made = []

    def fill(count):
        for n in range(len(made), count):
            made.append(ready(f"Ada {n}"))
            offered(f"Orto {n}")
        search()

    fill(3)

    def accept():
        rows = MatchingProposal.objects.filter(round__ended_at=None, state=State.PROPOSED)
        accepted, _lacks = acceptance.accept_all(proposals=list(rows), by=anna, now=timezone.now())
        assert len(accepted) == len(made)
        MatchingProposal.objects.filter(pk__in=accepted).update(state=State.PROPOSED, decided_at=None, decided_by=None)

    same_queries(accept, more=lambda: fill(15))


def test_only_who_decides_in_the_zone_accepts_many(ready, offered, search, enter, anna, bruno, mugello):
    ready("Ada"), offered("Orto")
    round = search()
    row = proposals(round)["Ada"]
    accept = reverse("accept_proposals", args=[round.pk])
    operator = factories.user("ottavia", Kind.EMPLOYMENT_OPERATOR, zone=mugello)
    assert 'name="proposal"' not in enter(operator).get(reverse("matching_round", args=[round.pk])).content.decode()
    for who in (operator, bruno):
        assert enter(who).post(accept, {"proposals": row.pk, "sure": "1"}).status_code == 404
    for odd in ("x", "9" * 30, "nul\x00la", "-1", "1,2"):
        assert enter(anna).post(accept, {"proposal": odd, "proposals": odd, "sure": "1"}).status_code == 302
        assert enter(anna).post(accept, {"all": "1", "manager": odd, "show": odd}).status_code == 404
    assert not MatchingProposal.objects.accepted().exists()


# the day of the team


def test_what_waits_is_in_the_day_of_who_can_do_it(ready, offered, search, enter, anna, mugello, same_queries):
    case, day = ready("Ada"), reverse("my_day")
    ready("Bea")
    now = timezone.now()
    place_search.describe(case=case, by=anna, now=now)
    browser = enter(anna)
    assert "1 persona cerca un posto e non c’è ancora una proposta" in browser.get(day).content.decode()
    offered("Orto", openings=2)
    row = proposals(search())["Ada"]
    text = browser.get(day).content.decode()
    assert "2 abbinamenti aspettano la parola dell’équipe" in text
    assert "cerca un posto" not in text
    operator = factories.user("ottavia", Kind.EMPLOYMENT_OPERATOR, zone=mugello)
    assert "abbinamenti" not in enter(operator).get(day).content.decode()
    acts.accept(proposal=row, by=anna, now=timezone.now())
    text = browser.get(day).content.decode()
    assert f"{reverse('plan_traineeship', args=[case.pk])}?proposal={row.pk}" in text
    assert "1 abbinamento aspetta" in text

    def more():
        for n in range(3):
            place_search.describe(case=ready(f"Cleo {n}"), by=anna, now=timezone.now())
        for one in proposals(search()).values():
            if one.state == State.PROPOSED:
                acts.accept(proposal=one, by=anna, now=timezone.now())

    same_queries(lambda: browser.get(day), more=more)


# the pages


def test_search_read_decline_by_the_pages(ready, offered, enter, anna, mugello):
    case = ready("Ada")
    offered("Orto"), offered("Magazzino", 2)
    browser = enter(anna)
    assert "1 persona pronta" in browser.get(reverse("matching")).content.decode()
    answer = browser.post(reverse("matching"), {"women_percent": ""}, follow=True)
    text = answer.content.decode()
    assert "dimostrato" in text
    assert "1 abbinamento aspetta la vostra parola." in text
    row = MatchingProposal.objects.get(case=case)
    text = browser.get(reverse("matching_proposal", args=[row.pk])).content.decode()
    assert "Perché questo" in text
    assert "Magazzino" in text
    page = reverse("matching_proposal", args=[row.pk])
    assert browser.post(page, {"decide": "decline"}).status_code == 422
    assert browser.post(page, {"decide": "decline", "reason": "accommodation"}).status_code == 422
    sent = {"decide": "decline", "reason": "accommodation", "missing": ["quiet"]}
    assert browser.post(page, sent).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.missing, row.decided_by) == (State.DECLINED, ["quiet"], anna.user)
    assert browser.post(page, {"decide": "nothing"}).status_code == 404


def test_nobody_ready_and_bad_shares_are_told(enter, anna, ready, offered):
    browser = enter(anna)
    assert "Nessuno è pronto" in browser.get(reverse("matching")).content.decode()
    answer = browser.post(reverse("matching"), {"women_percent": "50"})
    assert answer.status_code == 422
    ready("Ada"), offered("Orto")
    for odd in ("0", "101", "x" * 5000, "nul\x00la"):
        assert browser.post(reverse("matching"), {"women_percent": odd}).status_code == 422
    assert not MatchingRound.objects.exists()


def test_what_one_asks_is_written_in_hours_and_names(enter, anna, ready, valley):
    case = ready("Ada")
    browser, page = enter(anna), reverse("place_search", args=[case.pk])
    sent = {"max_minutes": "40", "only_in": "borgo di prova, Vicchio di prova", "needs": ["quiet", "tools"],
            "first_wish": "cultural",
            "refuses": ["company"], "priority": "1", "from_0": "8:30", "to_0": "14"}  # fmt: skip
    assert browser.post(page, sent).status_code == 302
    row = place_search.PlaceSearch.objects.standing().get(case=case)
    assert (row.max_minutes, row.only_in) == (40, [valley[0].pk, valley[1].pk])
    assert (row.out_from[0], row.out_to[0], row.out_from[1]) == (dt.time(8, 30), dt.time(14), None)
    text = browser.get(page).content.decode()
    assert "Borgo di prova, Vicchio di prova" in text
    wrong = sent | {"only_in": "Borgo di prova, Atlantide", "to_0": "8:00", "from_1": "9:00", "refuses": ["cultural"]}
    answer = browser.post(page, wrong)
    assert answer.status_code == 422
    text = answer.content.decode()
    for said in (
        "«Atlantide»",
        "Deve essere dopo l’ora d’inizio",
        "Scrivi da che ora a che ora, o niente",
        "È anche fra",
    ):
        assert said in text
    for odd in ("nul\x00la", "x" * 5000, "-1", "9999999999999999999999"):
        assert (
            browser.post(page, {"max_minutes": odd, "only_in": odd, "first_wish": odd, "from_0": odd}).status_code
            == 422
        )


# who sees what


def test_the_employment_centre_reads_and_does_not_decide(ready, offered, search, enter, anna, mugello):
    case = ready("Ada")
    CaseArea.objects.create(case=case, subject=case.subject, zone=mugello, area="prison")
    offered("Orto")
    round = search()
    row = proposals(round)["Ada"]
    operator = factories.user("ottavia", Kind.EMPLOYMENT_OPERATOR, zone=mugello)
    browser = enter(operator)
    text = browser.get(reverse("matching_round", args=[round.pk])).content.decode()
    assert "Donne e uomini" in text
    assert "Per area" not in text
    assert "carcere" not in text
    page = reverse("matching_proposal", args=[row.pk])
    assert browser.get(page).status_code == 200
    assert browser.post(page, {"decide": "accept"}).status_code == 404
    assert browser.post(reverse("matching"), {}).status_code == 404
    assert "Per area" in enter(anna).get(reverse("matching_round", args=[round.pk])).content.decode()


def test_another_zone_and_the_host_see_nothing_of_it(ready, offered, search, enter, anna, bruno, sara, as_application):
    ready("Ada")
    offered("Orto")
    round = search()
    row = proposals(round)["Ada"]
    for who in (bruno, sara):
        assert enter(who).get(reverse("matching_proposal", args=[row.pk])).status_code == 404
        assert enter(who).get(reverse("matching_round", args=[round.pk])).status_code == 404
        with as_application(who) as cursor:
            for table in ("matchingproposal", "placesearch", "matchinground"):
                cursor.execute(f"select count(*) from traineeships_{table}")
                assert cursor.fetchone()[0] == 0


def test_the_same_queries_for_three_and_for_thirty(ready, offered, search, enter, anna, same_queries):
    made = []

    def fill(count):
        for n in range(len(made), count):
            made.append(ready(f"Ada {n}", n % 3))
            offered(f"Orto {n}", n % 3)
        search()

    fill(3)
    browser = enter(anna)

    def look():
        browser.get(reverse("matching"))
        browser.get(reverse("matching_round", args=[MatchingRound.objects.going_on().get().pk]))

    same_queries(look, more=lambda: fill(30))
