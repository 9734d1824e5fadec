"""What few may read of the first lives of the cast's zone: written by the acts themselves, once the rows are there."""

from accanto.access.role import Acting, Kind, Role
from accanto.access.user import User
from accanto.cases import case_team, diary, health, justice, limits
from accanto.cases.area import CaseArea
from accanto.cases.case import Case, set_area
from accanto.demonstration.life import at, days

FOLLOWED = 6  # cases with a diary
CONTACTS = (
    (28, "talk", "la persona", "Primo colloquio dopo l’estate: chiede di poter lavorare al mattino."),
    (19, "phone", "la sorella", "La sorella conferma che la aiuta con i figli il giovedì."),
    (11, "home_visit", "la persona", "La casa è in ordine; la bolletta della luce è stata pagata."),
    (4, "meeting", "centro per l’impiego", "Si decide insieme di aggiornare il profilo per il lavoro."),
)


def tell(company, zone_id, *, today):
    """Diaries and limits for the first open cases; health for two of them, a note under secrecy, a judicial measure."""
    worker, doctor = (acting(company.workers[part]) for part in ("social_worker", "health_worker"))
    cases = Case.objects.open().filter(zone_id=zone_id, manager=worker.user).select_related("person", "subject")
    for n, case in enumerate(cases.order_by("pk")[:FOLLOWED]):
        contacts(case, worker, today=today)
        if n < 2:
            followed_by_a_doctor(case, worker, doctor, today=today)
        if n == 0:
            under_secrecy(case, worker, acting(company.workers["case_manager"]), today=today)
            under_a_measure(case, worker)


def under_a_measure(case, worker):
    day = case.opened_on
    now = at(day, 17)
    set_area(case=case, area=CaseArea.Area.PRISON, by=worker, now=now)
    justice.record(
        case=case, kind="47-ter", authorised_on=day, valid_from=day, valid_to=day + days(900), day=day,
        timetable_limits="Non oltre le 18", place_limits="Nei comuni della zona", note="Copia agli atti.",
        by=worker, now=now,
    )  # fmt: skip


def acting(worker):
    return Acting(
        user=User.objects.get(pk=worker.user_id), role=Role.objects.select_related("zone").get(pk=worker.role_id)
    )


def contacts(case, by, *, today):
    for ago, kind, who, text in CONTACTS:
        day = max(today - days(ago), case.opened_on)
        diary.write_down(case=case, day=day, kind=kind, who=who, text=text, by=by, now=at(day, 15))


def followed_by_a_doctor(case, worker, doctor, *, today):
    joined = max(today - days(15), case.opened_on)
    case_team.add(case=case, kind=Kind.HEALTH_WORKER, user=doctor.user, starts=joined, by=worker, now=at(joined, 9))
    now = at(max(today - days(12), joined), 11)
    day = now.date()
    health.record(
        case=case,
        day=day,
        kind="care",
        text="Controllo ogni due mesi; la terapia non va interrotta.",
        by=doctor,
        now=now,
    )
    limits.set_limit(
        case=case, kind="pace", text="Si stanca dopo tre ore di seguito.", valid_from=day, by=doctor, now=now
    )
    limits.set_accommodation(
        case=case, kind="timetable", text="Pausa di dieci minuti ogni ora.", valid_from=day, by=doctor, now=now
    )


def under_secrecy(case, worker, colleague, *, today):
    day = max(today - days(7), case.opened_on)
    now = at(day, 16)
    diary.write_note(
        case=case, day=day, text="Ha chiesto che questo resti tra noi: ne riparliamo al prossimo colloquio.",
        readers=[colleague.user], by=worker, now=now,
    )  # fmt: skip
    diary.disclose(
        case=case, day=day, told_to="Medico di famiglia", what="Una preoccupazione sulla salute", reason="person_will",
        person_told_on=day, by=worker, now=now,
    )  # fmt: skip
    diary.disclose(
        case=case, day=day, told_to="Forze dell’ordine", what="Un timore per i figli", reason="serious_risk",
        not_told_because="Saperlo adesso la metterebbe in pericolo.", by=worker, now=now,
    )  # fmt: skip
