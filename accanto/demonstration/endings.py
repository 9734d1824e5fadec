"""What comes after the traineeships of the demonstration: the attestations of the zone of the cast, and in every zone
what people do at the end and six months after. Of some nobody has asked yet."""

import datetime as dt
import random
from decimal import Decimal

from django.db.models import Sum

from accanto.access.log import Act
from accanto.access.role import Role
from accanto.demonstration.life import at
from accanto.documents.render import render
from accanto.traineeships import attestation as attestations
from accanto.traineeships import outcome as outcomes
from accanto.traineeships import skill
from accanto.traineeships.attendance import AttendanceDay
from accanto.traineeships.outcome import Moment, TraineeshipOutcome
from accanto.traineeships.traineeship import ENDED, State, Traineeship

DOES = ("job",) * 7 + ("self_employed",) + ("training",) * 3 + ("traineeship",) * 2 + ("searching",) * 5
DOES += ("inactive", "health", "would_not_say", "not_reached")
CONTRACTS = ("fixed_term",) * 5 + ("permanent", "permanent", "apprenticeship", "agency", "on_call")
SOURCES = ("phone",) * 4 + ("in_person", "own_page", "notices", "employment_centre")
LEARNT_BY = 4
LEARNT = (
    (
        "Prepara il materiale e riordina la postazione",
        "alone",
        "Ha aperto il turno da sola per due settimane.",
    ),
    ("Segue le istruzioni e chiede quando non sono chiare", "with_help", "Ha tenuto la lista dei compiti del giorno."),
)
UNASKED = 8  # of one in so many nobody has asked


def tell(zone, by, *, today):
    attest(zone, by, today=today)
    ask(today=today)


def attest(zone, by, *, today):
    """Of those already attested, and of the last that ended one made and still to be handed over; some that wait have
    skills written."""
    rows = Traineeship.objects.filter(zone=zone).with_people().select_related("zone", "plan")
    done = list(rows.filter(state=State.ATTESTED).order_by("ends", "id"))
    last = list(rows.filter(state__in=attestations.TO_ATTEST).order_by("-ends", "-id")[: 1 + LEARNT_BY])
    waiting = last[:1]
    for row in last[1:]:
        for title, level, evidence in LEARNT:
            skill.record(
                traineeship=row, title=title, vocabulary="own", code="", level=level, evidence=evidence,
                seen_on=max(row.starts, row.ends - dt.timedelta(days=9)), seen_where=str(row.host)[:120],
                seen_by=row.host_tutor_shown or "tutor aziendale", by=by, now=at(row.ends, 12),
            )  # fmt: skip
    hours = dict(
        AttendanceDay.objects.standing()
        .filter(traineeship__in=done + waiting)
        .values_list("traineeship_id")
        .annotate(Sum("hours"))
        .order_by()
    )
    for row in done + waiting:
        day = min(row.ends + dt.timedelta(days=6), today - dt.timedelta(days=1))
        now = at(day, 11)
        number = attestations.numbers(zone_id=zone.pk, year=day.year)[0]
        sum_of = hours.get(row.pk, Decimal(0))
        made = attestations.issue(
            traineeship=row,
            number=number,
            document=paper(row, f"{number}/{day.year}", sum_of, now),
            wording="neutral",
            activities=row.plan.activities,
            hours=sum_of,
            skills=0,
            by=by,
            now=now,
        )
        if row.state == State.ATTESTED:
            attestations.hand_over(attestation=made, on=day, by=by, now=now)


def paper(row, protocol, hours, now):
    day, body = f"{now:%d/%m/%Y}", str(row.promoter or row.zone)
    period = f"dal {row.starts:%d/%m/%Y} al {row.ends:%d/%m/%Y}"
    data = {
        "title": "Attestazione delle attività svolte e delle competenze acquisite",
        "lead": f"N. {protocol}",
        "paragraphs": [f"{body} attesta che {row.person} ha svolto un tirocinio presso {row.host}, {period}."],
        "sections": [
            {"title": "Dove e quando", "facts": [["Presso", str(row.host)], ["Periodo", period], ["Ore", f"{hours}"]]},
            {"title": "Attività svolte", "paragraphs": [row.plan.activities or "Quelle del progetto."]},
        ],
        "skills": [],
        "closing": ["Le ore sono quelle del registro delle presenze."],
        "signatures": [{"who": f"Per {body}", "name": "", "how": f"su carta, {day}"}],
        "body": body,
        "made_on": day,
        "data_of": day,
        "synthetic": True,
        "note": f"Attestazione n. {protocol}",
    }
    return render("attestation", data, moment=now.astimezone(dt.UTC))


def ask(*, today):
    """All in two statements: the answers, and their lines of the log."""
    rows = Traineeship.objects.filter(state__in=ENDED).select_related("case").order_by("id")
    roles = {}
    for role in Role.objects.filter(kind__in=["social_worker", "case_manager"]).select_related("user").order_by("-id"):
        roles[role.user_id] = role
    made = []
    for row in rows:
        rng = random.Random(f"after/{row.pk}")
        for moment in Moment:
            day = outcomes.asked_from(row, moment) + dt.timedelta(days=rng.randrange(1, 24))
            asked, does = rng.randrange(UNASKED), rng.choice(DOES)
            if day >= today or not asked or row.case.closing_reason in outcomes.follow_ups.NOT_ASKED:
                continue
            works = does in ("job", "self_employed")
            made.append(
                TraineeshipOutcome(
                    traineeship=row, subject_id=row.subject_id, zone_id=row.zone_id, moment=moment, status=does,
                    contract=rng.choice(CONTRACTS) if does == "job" else "",
                    weekly_hours=rng.choice((16, 20, 24, 30, 36)) if works else None,
                    with_host=does == "job" and rng.random() < 0.4,
                    source=rng.choice(SOURCES), known_on=day, recorded_at=at(day, 10),
                    recorded_by_id=row.case.manager_id,
                )
            )  # fmt: skip
    TraineeshipOutcome.objects.bulk_create(made)
    Act.objects.bulk_create(
        Act(
            at=row.recorded_at, user_id=row.recorded_by_id, verb="record", noun="traineeshipoutcome", object_id=row.pk,
            role_id=roles[row.recorded_by_id].pk if row.recorded_by_id in roles else None,
            subject_id=row.subject_id, zone_id=row.zone_id, detail={"moment": row.moment},
        )
        for row in made
    )  # fmt: skip
