"""The diary, the reserved notes, the register of disclosures; health, limits and justice: who writes and who reads,
in PostgreSQL as the application role and on the pages."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access import log
from accanto.access.door import opened
from accanto.access.relation import open_relation, tail
from accanto.access.role import Kind
from accanto.cases import case_team, diary, health, justice, limits, meeting
from accanto.cases.case import open_case
from accanto.cases.case_team import CaseMember
from accanto.cases.diary import DiaryEntry, NoteReader, ReservedNote, SecretDisclosure
from accanto.cases.health import HealthFact
from accanto.cases.justice import JusticeMeasure
from accanto.cases.limits import Accommodation, FunctionalLimit
from accanto.cases.meeting import Meeting
from accanto.norms.functional_words import revealing
from accanto.norms.reader import parameter
from accanto.people import person as people
from tests import factories

NOW, TODAY = timezone.now, timezone.localdate


@pytest.fixture
def dora(mugello):
    """Dora works in Anna's zone, and not on Anna's case."""
    return factories.user("dora", Kind.SOCIAL_WORKER, zone=mugello)


@pytest.fixture
def doctor(case, anna):
    body = factories.organisation("health_authority", "Azienda USL di prova")
    acting = factories.user("doctor", Kind.HEALTH_WORKER, organisation=body)
    case_team.add(case=case, kind=Kind.HEALTH_WORKER, user=acting.user, starts=TODAY(), by=anna, now=NOW())
    return acting


def tied(case, kind, name, anna, organisation=None):
    acting = factories.user(name, kind, organisation=organisation)
    open_relation(subject=case.subject, kind=kind, user=acting.user, reason="prova", by=anna, now=NOW())
    return acting


@pytest.fixture
def host(case, anna):
    return tied(case, Kind.HOST_TUTOR, "host", anna, factories.organisation("host", "Vivaio di prova"))


@pytest.fixture
def seen(as_application):
    """How many rows of a table PostgreSQL shows to somebody."""

    def count(acting, table):
        with as_application(acting, writing=False) as cursor:
            cursor.execute(f"select count(*) from {table}")
            return cursor.fetchone()[0]

    return count


def refused(as_application, acting, statement, *values):
    with as_application(acting) as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement, values)
                return cursor.rowcount == 0
        except DatabaseError:
            return True


# --- the diary -------------------------------------------------------------------------------------------------------


def test_a_contact_is_written_with_three_inputs_and_read_from_the_newest(enter, case, anna):
    client, url = enter(anna), reverse("diary", args=[case.pk])
    page = client.get(url).content.decode()
    assert f'value="{TODAY().isoformat()}"' in page
    client.post(url, {"kind": "phone", "day": TODAY() - dt.timedelta(days=9), "who": "la sorella", "text": "PRIMA"})
    client.post(url, {"kind": "home_visit", "day": TODAY(), "who": "", "text": "DOPO"})
    page = client.get(url).content.decode()
    assert page.index("DOPO") < page.index("PRIMA")
    assert "la sorella" in page
    assert "2 contatti" in client.get(reverse("person", args=[case.subject_id])).content.decode()


def test_a_correction_keeps_what_was_there_and_says_why(enter, case, anna):
    first = diary.write_down(case=case, day=TODAY(), kind="talk", text="SBAGLIATO", by=anna, now=NOW())
    client, url = enter(anna), reverse("correct_entry", args=[first.pk])
    said = {"kind": "talk", "day": TODAY(), "who": "", "text": "GIUSTO"}
    assert "Perché la correggi" in client.post(url, said).content.decode()
    client.post(url, said | {"reason": "avevo scambiato persona"})
    page = client.get(reverse("diary", args=[case.pk])).content.decode()
    assert "GIUSTO" in page
    assert "avevo scambiato persona" in page
    assert "SBAGLIATO" not in page
    assert "SBAGLIATO" in client.get(reverse("diary", args=[case.pk]) + "?show=corrected").content.decode()
    assert client.get(url).status_code == 404


def test_a_contact_cannot_be_in_the_future_nor_empty(enter, case, anna):
    url = reverse("diary", args=[case.pk])
    for wrong in ({"day": TODAY() + dt.timedelta(days=1)}, {"text": " "}, {"kind": "x"}, {"text": "a\x00b"}):
        answer = enter(anna).post(url, {"kind": "talk", "day": TODAY(), "who": "", "text": "x"} | wrong)
        assert answer.status_code == 200
        assert "error" in answer.content.decode()
    assert not DiaryEntry.objects.exists()


def test_words_are_looked_for_inside_one_diary_and_never_in_an_address(enter, case, make_case, anna):
    other = make_case(1)
    for n, row in enumerate((case, other)):
        diary.write_down(case=row, day=TODAY(), kind="talk", text=f"il camion numero {n}", by=anna, now=NOW())
    page = enter(anna).post(reverse("search_diary", args=[case.pk]), {"q": "CAMION"}).content.decode()
    assert "numero 0" in page
    assert "numero 1" not in page
    assert "Una voce con «CAMION»" in page
    assert enter(anna).get(reverse("search_diary", args=[case.pk])).status_code == 405
    assert enter(anna).post(reverse("search_diary", args=[case.pk]), {"q": "\x00 "}).status_code == 302


def test_a_long_diary_comes_a_page_at_a_time(enter, case, anna, same_queries):
    client, url = enter(anna), reverse("diary", args=[case.pk])

    def write():
        for n in range(45):
            diary.write_down(case=case, day=TODAY(), kind="talk", text=f"voce-{n:02}", by=anna, now=NOW())

    diary.write_down(
        case=case, day=TODAY() - dt.timedelta(days=400), kind="talk", text="la più vecchia", by=anna, now=NOW()
    )
    same_queries(lambda: client.get(url), more=write)
    page = client.get(url).content.decode()
    assert "la più vecchia" not in page
    last = page[page.index("?before=") :].split('"')[0]
    assert "la più vecchia" in client.get(url + last).content.decode()
    for odd in ("?before=x", "?before=0", "?before=" + "9" * 30):
        assert client.get(url + odd).status_code == 200


# --- reserved notes (R-SEG-01) ---------------------------------------------------------------------------------------


@pytest.fixture
def note(case, anna):
    return diary.write_note(case=case, day=TODAY(), text="SOTTO SEGRETO", readers=[], by=anna, now=NOW())


def test_a_note_exists_only_for_its_author(enter, case, note, anna, dora, own, administrator, doctor, seen):
    manager = factories.user("manager", Kind.CASE_MANAGER, zone=anna.role.zone)
    case_team.add(case=case, kind=Kind.CASE_MANAGER, user=manager.user, starts=TODAY(), by=anna, now=NOW())
    assert seen(anna, "cases_reservednote") == 1
    for acting in (dora, own, administrator, doctor, manager):
        assert seen(acting, "cases_reservednote") == 0, acting.kind
        assert seen(acting, "cases_notereader") == 0, acting.kind
    for acting in (dora, own, manager):
        client = enter(acting)
        for name, args in (("person", [case.subject_id]), ("diary", [case.pk]), ("reserved_notes", [case.pk])):
            page = client.get(reverse(name, args=args)).content.decode()
            assert "SOTTO SEGRETO" not in page
            assert "nota che puoi leggere" not in page
            # nor does the story say that somebody wrote one
            assert "nota riservata" not in page.replace("Scrivi una nota riservata", "").lower(), name
    page = enter(anna).get(reverse("person", args=[case.subject_id])).content.decode()
    assert "1 nota che puoi leggere" in page
    assert "SOTTO SEGRETO" in enter(anna).get(reverse("reserved_notes", args=[case.pk])).content.decode()


def test_the_log_tells_of_a_note_only_to_its_author(case, note, anna, dora, token_of):
    for acting, told in ((anna, True), (dora, False)):
        with opened(token=token_of(acting), writing=False):
            nouns = {act["noun"] for act in log.acts_on(case.subject_id)}
        assert ("reservednote" in nouns) is told
        assert "case" in nouns


def test_named_colleagues_read_it_until_they_are_no_longer_named(enter, case, note, anna, dora, seen):
    url = reverse("note_readers", args=[note.pk])
    client = enter(anna)
    client.post(url, {"readers": [dora.user.pk]})
    assert seen(dora, "cases_reservednote") == 1
    assert seen(dora, "cases_notereader") == 1
    page = enter(dora).get(reverse("reserved_notes", args=[case.pk])).content.decode()
    assert "SOTTO SEGRETO" in page
    assert "ti ha indicato" in page
    assert enter(dora).get(url).status_code == 404
    assert enter(dora).post(reverse("withdraw_note", args=[note.pk])).status_code == 404
    client.post(url, {})
    assert seen(dora, "cases_reservednote") == 0
    assert NoteReader.objects.get().superseded_at


def test_a_withdrawn_note_stays_for_its_author(enter, case, anna, dora, seen):
    row = diary.write_note(case=case, day=TODAY(), text="x", readers=[dora.user], by=anna, now=NOW())
    enter(anna).post(reverse("withdraw_note", args=[row.pk]))
    assert seen(dora, "cases_reservednote") == 0
    assert seen(anna, "cases_reservednote") == 1
    with pytest.raises(diary.NotTheAuthor):
        diary.name_readers(note=row, readers=[], by=dora, now=NOW())
    with pytest.raises(diary.NotTheAuthor):
        diary.withdraw_note(note=row, by=dora, now=NOW())


def test_nobody_makes_themselves_a_reader_nor_writes_in_the_name_of_another(case, note, anna, dora, as_application):
    reader = (
        "insert into cases_notereader (subject_id, zone_id, note_id, reader_id, named_by_id, named_at) "
        "values (%s, %s, %s, %s, %s, now())"
    )
    own = [case.subject_id, case.zone_id, note.pk]
    assert refused(as_application, dora, reader, *own, dora.user.pk, anna.user.pk)
    assert refused(as_application, dora, reader, *own, anna.user.pk, dora.user.pk)
    assert not refused(as_application, anna, reader, *own, dora.user.pk, anna.user.pk)
    forged = (
        "insert into cases_reservednote (subject_id, zone_id, case_id, day, text, author_id, recorded_at) "
        "values (%s, %s, %s, current_date, 'x', %s, now())"
    )
    assert refused(as_application, dora, forged, case.subject_id, case.zone_id, case.pk, anna.user.pk)
    assert refused(as_application, dora, "update cases_reservednote set superseded_at = now()")
    assert refused(as_application, anna, "update cases_reservednote set text = 'altro'")


def test_a_named_colleague_of_another_zone_still_reads_nothing(case, anna, bruno, seen):
    diary.write_note(case=case, day=TODAY(), text="x", readers=[bruno.user], by=anna, now=NOW())
    assert seen(bruno, "cases_reservednote") == 0


def test_the_functions_behind_the_policies_answer_for_the_session_alone(case, note, anna, dora, doctor, as_application):
    for acting, named, written, followed in (
        (anna, 0, 1, [case.pk]),
        (dora, 0, 0, []),
        (doctor, 0, 0, []),
        (None, 0, 0, []),
    ):
        with as_application(acting) as cursor:
            cursor.execute(
                "select cardinality(app_notes_named()), cardinality(app_notes_written()), app_cases_followed()"
            )
            assert cursor.fetchone() == (named, written, followed)


# --- the register of disclosures (R-SEG-02) ---------------------------------------------------------------------------


def test_the_five_reasons_are_those_of_the_code():
    assert set(SecretDisclosure.Reason.values) == set(parameter("secrecy.exceptions", TODAY()).value)


def test_a_disclosure_says_that_the_person_knows_or_why_not(enter, case, anna, own):
    client, url = enter(anna), reverse("disclosures", args=[case.pk])
    said = {"day": TODAY(), "told_to": "Procura", "what": "un timore", "reason": "serious_risk"}
    page = client.post(url, said).content.decode()
    assert "R-SEG-02" in page
    assert not SecretDisclosure.objects.exists()
    client.post(url, said | {"not_told_because": "la metterebbe in pericolo"})
    row = SecretDisclosure.objects.get()
    assert "non lo sa ancora" in client.get(url).content.decode()
    client.post(reverse("disclosure_told", args=[row.pk]), {"on": TODAY()})
    assert SecretDisclosure.objects.standing().get().person_told_on == TODAY()
    assert client.get(reverse("disclosure_told", args=[row.pk])).status_code == 404
    page = enter(own).get(url).content.decode()
    assert "Procura" in page
    assert "Scrivi nel registro" not in page


def test_a_disclosure_has_one_of_the_five_reasons(enter, case, anna):
    said = {"day": TODAY(), "told_to": "x", "what": "x", "reason": "curiosity", "person_told_on": TODAY()}
    enter(anna).post(reverse("disclosures", args=[case.pk]), said)
    assert not SecretDisclosure.objects.exists()


# --- health -----------------------------------------------------------------------------------------------------------


def test_the_health_worker_of_the_team_finds_the_person_and_writes(enter, case, doctor):
    client = enter(doctor)
    start = client.get(reverse("home"), follow=True)
    assert start.request["PATH_INFO"] == reverse("my_day")
    assert "Ida0" in client.get(reverse("people")).content.decode()
    page = client.get(reverse("person", args=[case.subject_id])).content.decode()
    assert reverse("health", args=[case.pk]) in page
    for secret in ("MAGAZZINIERA", "INTIMO", "Vorrei una casa mia", "salute mentale", "SEGRETO"):
        assert secret not in page, secret
    url = reverse("health", args=[case.pk])
    client.post(url, {"kind": "diagnosis", "day": TODAY(), "text": "REFERTO"})
    assert "REFERTO" in client.get(url).content.decode()
    row = HealthFact.objects.get()
    client.post(reverse("withdraw_health", args=[row.pk]))
    assert "REFERTO" not in client.get(url).content.decode()


def test_health_is_read_by_who_follows_the_case(enter, case, anna, dora, own, doctor, operator, tutor, host, seen):
    health.record(case=case, day=TODAY(), kind="diagnosis", text="REFERTO", by=doctor, now=NOW())
    url = reverse("health", args=[case.pk])
    for acting, may in ((anna, True), (dora, False), (own, True), (doctor, True), (operator, False), (host, False)):
        assert seen(acting, "cases_healthfact") == (1 if may else 0), acting.kind
    page = enter(dora).get(url).content.decode()
    assert "Sezione chiusa" in page
    assert "REFERTO" not in page
    assert "REFERTO" in enter(own).get(url).content.decode()
    # neither the story says that something was written
    assert "dato sanitario" not in enter(dora).get(reverse("person", args=[case.subject_id])).content.decode()
    case_team.add(case=case, kind=Kind.SOCIAL_WORKER, user=dora.user, starts=TODAY(), by=anna, now=NOW())
    assert "REFERTO" in enter(dora).get(url).content.decode()
    case_team.end(member=CaseMember.objects.get(user=dora.user), on=TODAY(), by=anna, now=NOW())
    assert seen(dora, "cases_healthfact") == 0


def test_offices_do_not_write_health(case, anna, as_application):
    statement = (
        "insert into cases_healthfact (subject_id, zone_id, case_id, day, kind, text, recorded_at, recorded_by_id) "
        "values (%s, %s, %s, current_date, 'care', 'x', now(), %s)"
    )
    assert refused(as_application, anna, statement, case.subject_id, case.zone_id, case.pk, anna.user.pk)


def test_the_health_worker_leaves_the_team_and_after_the_tail_sees_nothing(enter, case, anna, doctor):
    member = CaseMember.objects.get(user=doctor.user)
    member.starts = member.relation.starts = TODAY() - dt.timedelta(days=90)
    member.save()
    member.relation.save()
    case_team.end(member=member, on=TODAY() - tail(TODAY()) - dt.timedelta(days=1), by=anna, now=NOW())
    assert enter(doctor).get(reverse("person", args=[case.subject_id])).status_code == 404
    assert enter(doctor).get(reverse("health", args=[case.pk])).status_code == 404


def test_a_health_worker_joins_from_the_team_page(enter, case, anna):
    body = factories.organisation("health_authority", "Azienda USL di prova")
    acting = factories.user("nurse", Kind.HEALTH_WORKER, organisation=body)
    url = reverse("team", args=[case.pk])
    assert "Nurse" in enter(anna).get(url).content.decode()
    enter(anna).post(url, {"member": f"health_worker-u{acting.user.pk}"})
    assert enter(acting).get(reverse("person", args=[case.subject_id])).status_code == 200


# --- limits and accommodations ----------------------------------------------------------------------------------------


def test_limits_are_read_by_the_centre_and_the_tutor_accommodations_by_the_host(
    enter, case, anna, operator, tutor, host, doctor
):
    traineeship = factories.traineeship(case, tutor=tutor, by=anna)
    traineeship.host_tutor = host.user
    traineeship.save()
    client, url = enter(doctor), reverse("limits", args=[case.pk])
    said = {"valid_from": TODAY(), "valid_to": ""}
    client.post(url, {"what": "limit"} | named("limit", said | {"kind": "pace", "text": "MEGLIO AL MATTINO"}))
    client.post(
        url, {"what": "accommodation"} | named("accommodation", said | {"kind": "tasks", "text": "UNA COSA ALLA VOLTA"})
    )
    page = enter(operator).get(url).content.decode()
    assert "MEGLIO AL MATTINO" in page
    assert "UNA COSA ALLA VOLTA" not in page
    there = reverse("traineeship", args=[traineeship.pk])
    page = enter(tutor).get(there).content.decode()
    assert "MEGLIO AL MATTINO" in page
    assert "UNA COSA ALLA VOLTA" not in page
    page = enter(host).get(there).content.decode()
    assert "UNA COSA ALLA VOLTA" in page
    assert "MEGLIO AL MATTINO" not in page
    for row, name in (
        (FunctionalLimit.objects.get(), "withdraw_limit"),
        (Accommodation.objects.get(), "withdraw_accommodation"),
    ):
        assert enter(operator).post(reverse(name, args=[row.pk])).status_code == 404
        client.post(reverse(name, args=[row.pk]))
    assert "MEGLIO AL MATTINO" not in enter(tutor).get(there).content.decode()


def named(prefix, values):
    return {f"{prefix}-{name}": value for name, value in values.items()}


def test_words_that_tell_why_are_refused(enter, case, anna):
    url = reverse("limits", args=[case.pk])
    said = {"kind": "timetable", "text": "Ha la semilibertà, rientra alle 20", "valid_from": TODAY(), "valid_to": ""}
    page = enter(anna).post(url, {"what": "limit"} | named("limit", said)).content.decode()
    assert "non deve poter capire il perché" in page
    assert not FunctionalLimit.objects.exists()
    with pytest.raises(limits.Revealing):
        limits.set_limit(case=case, kind="pace", text="Diagnosi di ansia", valid_from=TODAY(), by=anna, now=NOW())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Non oltre le 19", []),
        ("Non può fare l'autista, si tratta di stare seduta", []),
        ("seguito dal CSM", ["CSM"]),
        ("È in terapia: pause", ["terapia"]),
        ("Detenuto ammesso al lavoro", ["Detenuto"]),
        ("invalidità 70 %, invalidità certa", ["invalidità"]),
        ("seguito dal Ser.D. e dal C.S.M.", ["Ser.D", "C.S.M"]),
        ("va al ser-t, poi all'U.E.P.E.", ["ser-t", "U.E.P.E"]),
        ("Centro di salute  mentale, Antiviolenza", ["salute  mentale", "Antiviolenza"]),
        ("psi\u200bchiatria, de\u00adtenuto, \uff23\uff33\uff2d", ["psichiatria", "detenuto", "CSM"]),
        ("stare da solo no, si fa in due; la Sig.ra P. va a piedi", []),
        ("fatica mentale e fisica, al più 4 h al dì", []),
    ],
)
def test_the_words_that_tell_why(text, found):
    assert revealing(text) == found


# --- justice (R-GDPR-03) ----------------------------------------------------------------------------------------------


@pytest.fixture
def measure(case, anna):
    return justice.record(
        case=case, kind="48", authorised_on=TODAY(), day=TODAY(), valid_from=None, valid_to=None,
        timetable_limits="Rientra alle 20", place_limits="Solo nel comune", note="FASCICOLO 12", by=anna, now=NOW(),
    )  # fmt: skip


def test_the_measures_are_those_of_the_rule():
    listed = set(parameter("tis.alternative_measures", TODAY()).value)
    assert set(JusticeMeasure.Kind.values) == listed | {"21", "other"}


def test_justice_is_opened_by_who_follows_the_case_for_a_public_body(
    enter, case, measure, anna, dora, own, operator, tutor, doctor, host, administrator, mugello, seen
):
    url = reverse("justice", args=[case.pk])
    who = {anna: 1, dora: 0, own: 1, operator: 0, tutor: 0, doctor: 0, host: 0, administrator: 0}
    for acting, count in who.items():
        assert seen(acting, "cases_justicemeasure") == count, acting.kind
    page = enter(dora).get(url).content.decode()
    assert "Sezione chiusa" in page
    assert "FASCICOLO 12" not in page
    assert "FASCICOLO 12" in enter(anna).get(url).content.decode()
    assert "FASCICOLO 12" in enter(own).get(url).content.decode()
    for acting in (dora, anna):
        assert enter(acting).get(reverse("renew_measure", args=[measure.pk])).status_code == (
            200 if acting == anna else 404
        )
    assert (
        "provvedimento giudiziario" not in enter(dora).get(reverse("person", args=[case.subject_id])).content.decode()
    )
    # on the team, yes; on the team for a third-sector body, no
    body = factories.organisation("third_sector_body", "Cooperativa di prova")
    lent = factories.user("lent", Kind.SOCIAL_WORKER, zone=mugello, organisation=body)
    for acting in (dora, lent):
        case_team.add(case=case, kind=Kind.SOCIAL_WORKER, user=acting.user, starts=TODAY(), by=anna, now=NOW())
    assert seen(dora, "cases_justicemeasure") == 1
    assert seen(lent, "cases_justicemeasure") == 0


def test_the_case_manager_reads_and_does_not_write(enter, case, measure, anna, mugello, as_application):
    manager = factories.user("manager", Kind.CASE_MANAGER, zone=mugello)
    case_team.add(case=case, kind=Kind.CASE_MANAGER, user=manager.user, starts=TODAY(), by=anna, now=NOW())
    page = enter(manager).get(reverse("justice", args=[case.pk])).content.decode()
    assert "FASCICOLO 12" in page
    assert "Registra una misura" not in page
    assert refused(as_application, manager, "update cases_justicemeasure set superseded_at = now()")
    assert not refused(as_application, anna, "update cases_justicemeasure set superseded_at = now()")


def test_a_health_worker_withdraws_their_own_hours_and_never_those_of_a_measure(enter, case, measure, anna, doctor):
    """What the judge set stays where the employment centre and the tutors read it."""
    given = {"case": case, "valid_from": TODAY(), "now": NOW()}
    own = limits.set_limit(kind="timetable", text="Solo al mattino", by=doctor, **given)
    pace = limits.set_limit(kind="pace", text="Si stanca presto", by=anna, **given)
    client = enter(doctor)
    page = client.get(reverse("limits", args=[case.pk])).content.decode()
    assert "Non vale più: Rientra alle 20" not in page
    assert "Non vale più: Solo nel comune" not in page
    assert "Non vale più: Solo al mattino" in page
    for row, name in [
        *((row, "withdraw_limit") for row in FunctionalLimit.objects.order_by("id")),
        *((row, "withdraw_accommodation") for row in Accommodation.objects.order_by("id")),
    ]:
        mine = row.pk in (own.pk, pace.pk) and name == "withdraw_limit"
        assert client.post(reverse(name, args=[row.pk])).status_code == (302 if mine else 404), row.text
    assert "Non vale più: Rientra alle 20" in enter(anna).get(reverse("limits", args=[case.pk])).content.decode()


def test_postgresql_keeps_the_hours_of_a_measure_from_the_health_worker(case, measure, anna, doctor, as_application):
    given = {"case": case, "valid_from": TODAY(), "now": NOW()}
    own = limits.set_limit(kind="timetable", text="Solo al mattino", by=doctor, **given)
    pace = limits.set_limit(kind="pace", text="Si stanca presto", by=anna, **given)
    withdrawn = "update {} set superseded_at = now() where id = %s"
    for row in [*FunctionalLimit.objects.order_by("id"), *Accommodation.objects.order_by("id")]:
        statement = withdrawn.format(row._meta.db_table)
        assert refused(as_application, doctor, statement, row.pk) == (row not in (own, pace)), row.text
        assert not refused(as_application, anna, statement, row.pk)


def test_who_keeps_the_case_is_asked_again_before_a_limit_of_a_measure_goes(enter, case, measure, anna, dora):
    """Who reads the measure is told of it; who does not, that another wrote it. A limit of one's own goes at once."""
    row = FunctionalLimit.objects.get(kind="timetable")
    url = reverse("withdraw_limit", args=[row.pk])
    page = enter(dora).post(url).content.decode()
    assert "Orario e luogo possono dipendere da un atto" in page
    assert "provvedimento" not in page
    assert "provvedimento ancora in vigore" in enter(anna).post(url).content.decode()
    assert FunctionalLimit.objects.standing().filter(pk=row.pk).exists()
    enter(anna).post(url, {"sure": "1"})
    assert not FunctionalLimit.objects.standing().filter(pk=row.pk).exists()
    own = limits.set_limit(case=case, kind="place", text="Vicino a casa", valid_from=TODAY(), by=anna, now=NOW())
    enter(anna).post(reverse("withdraw_limit", args=[own.pk]))
    assert not FunctionalLimit.objects.standing().filter(pk=own.pk).exists()


def test_the_limits_of_a_measure_are_told_without_the_measure(enter, case, measure, operator, anna):
    page = enter(operator).get(reverse("limits", args=[case.pk])).content.decode()
    assert "Rientra alle 20" in page
    assert "Solo nel comune" in page
    assert set(Accommodation.objects.values_list("text", flat=True)) == {"Rientra alle 20"}
    justice.end(measure=measure, by=anna, now=NOW())
    assert not FunctionalLimit.objects.standing().exists()
    assert not Accommodation.objects.standing().exists()


def test_a_new_act_takes_the_place_of_the_one_before(enter, case, measure, anna):
    url = reverse("renew_measure", args=[measure.pk])
    page = enter(anna).get(url).content.decode()
    assert "Rientra alle 20" in page
    said = {
        "kind": "48",
        "authorised_on": TODAY(),
        "timetable_limits": "Rientra alle 21",
        "place_limits": "",
        "note": "",
    }
    enter(anna).post(url, said)
    assert list(FunctionalLimit.objects.standing().values_list("text", flat=True)) == ["Rientra alle 21"]
    page = enter(anna).get(reverse("justice", args=[case.pk])).content.decode()
    assert "Rientra alle 21" in page
    assert "Non più in vigore" in page
    enter(anna).post(reverse("end_measure", args=[JusticeMeasure.objects.standing().get().pk]))
    assert not JusticeMeasure.objects.standing().exists()


def test_the_manager_of_another_case_of_the_zone_is_nobody_here(case, measure, dora, mugello, seen):
    other = people.register(zone_id=mugello.pk, given_name="Ada", family_name="Altra", by=dora, now=NOW())
    open_case(person=other, manager=dora.user, on=TODAY(), by=dora, now=NOW())
    assert seen(dora, "cases_justicemeasure") == 0


def test_without_a_session_nobody_sees_a_secret(case, measure, note, as_application):
    with as_application(None), connection.cursor() as cursor:
        for table in ("cases_justicemeasure", "cases_reservednote", "cases_healthfact", "cases_notereader"):
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,)
    assert ReservedNote.objects.count() == 1


def test_a_document_of_health_or_justice_is_of_who_follows_the_case(enter, case, anna, dora, own, doctor, tutor, seen):
    open_relation(subject=case.subject, kind=tutor.kind, user=tutor.user, reason="prova", by=anna, now=NOW())
    for degree in ("contact", "registry", "allowance", "health", "justice"):
        factories.keep_document(case, by=anna, degree=degree, data=f"%PDF-1.4 {degree}".encode())
    for acting, count in ((anna, 5), (dora, 3), (own, 5), (doctor, 3), (tutor, 1)):
        assert seen(acting, "documents_document") == count, acting.kind
        assert seen(acting, "documents_content") == count, acting.kind
    url = reverse("new_document", args=[case.subject_id])
    assert 'value="justice"' in enter(anna).get(url).content.decode()
    assert 'value="justice"' not in enter(dora).get(url).content.decode()


def test_app_subjects_followed_are_those_of_ones_own_cases(case, anna, dora, as_application):
    for acting, subjects in ((anna, [case.subject_id]), (dora, [])):
        with as_application(acting) as cursor:
            cursor.execute("select app_subjects_followed()")
            assert cursor.fetchone()[0] == subjects


def test_from_day_documents_and_meetings_a_health_worker_goes_back_to_the_file(enter, case, anna, doctor):
    meeting.call(case=case, day=TODAY() + dt.timedelta(days=1), begins=None, place="", by=anna, now=NOW())
    row = factories.document(case, by=anna, degree="health")
    client, file = enter(doctor), reverse("person", args=[case.subject_id])
    for url in (
        reverse("my_day"),
        reverse("documents", args=[case.subject_id]),
        reverse("new_document", args=[case.subject_id]),
        reverse("document", args=[row.pk]),
        reverse("person_meetings", args=[case.subject_id]),
        reverse("meeting", args=[Meeting.objects.get().pk]),
    ):
        assert f'href="{file}"' in client.get(url).content.decode(), url


def test_a_health_worker_who_follows_nobody_reads_who_lets_them_in(enter, db):
    page = enter(factories.user("doctor", Kind.HEALTH_WORKER)).get(reverse("my_day")).content.decode()
    assert "ti fa entrare nell’équipe" in page
    assert "barra in alto" not in page
