"""How the traineeships of the tutor of the cast are going: visits made and to make, what was agreed, what each said,
the goals judged, what the trainees have learnt. By the acts themselves, for a number that does not grow."""

import datetime as dt

from accanto.access.role import Acting, Role
from accanto.demonstration.life import at, days, working
from accanto.traineeships import evaluation, skill, visit
from accanto.traineeships.evaluation import GoalJudgement, Moment, Party
from accanto.traineeships.skill import Skill
from accanto.traineeships.traineeship import OPEN, Traineeship
from accanto.traineeships.visit import Visit, VisitNote, VisitTask

MOST = 12
NOTES = (
    "Arriva puntuale e ha preso confidenza con i compiti. Chiede se non capisce.",
    "Lavora bene al mattino; dopo due ore ha bisogno di una pausa. Si è accordata con il tutor aziendale.",
    "Ha imparato il giro delle consegne. Vorrebbe provare anche il magazzino.",
    "Qualche ritardo nelle ultime due settimane, per l’autobus: si è cambiato l’orario di mezz’ora.",
)
AGREED = (
    ("Provare una mattina in magazzino", VisitTask.Party.HOST),
    ("Chiedere l’abbonamento dell’autobus", VisitTask.Party.TRAINEE),
    ("Portare la scheda dei compiti illustrata", VisitTask.Party.TUTOR),
    ("Sentire la persona prima della proroga", VisitTask.Party.CASE_MANAGER),
)
WELL = {
    Party.TRAINEE: "Mi piace stare con gli altri e vedere il lavoro finito.",
    Party.TUTOR: "È più sicura di sé; ha cominciato a venire da sola.",
    Party.HOST_TUTOR: "Si può contare su di lei per i compiti di ogni giorno.",
    Party.CASE_MANAGER: "Le assenze sono avvertite in tempo.",
}
CHANGE = {
    Party.TRAINEE: "Vorrei fare anche altri lavori.",
    Party.TUTOR: "Provare un compito nuovo ogni mese.",
    Party.HOST_TUTOR: "Serve ancora qualcuno vicino quando cambia il lavoro.",
    Party.CASE_MANAGER: "",
}
LEARNT = (
    ("Rinvasa e annaffia le piante", "Ha preparato da sé il banco delle piante per tre sabati di seguito."),
    ("Sistema gli scaffali e controlla le scadenze", "Ha riordinato la corsia e tolto i prodotti scaduti."),
    ("Apparecchia e serve ai tavoli", "Ha servito una sala di venti coperti con un collega."),
)


def tell(company, *, today):
    """The running traineeships of the tutor, the oldest first: of three the half way is closed, of others it is half
    answered, of one a visit is late."""
    worker = company.workers["tutor"]
    tutor = acting_as(worker.user_id, worker.role_id)
    rows = Traineeship.objects.filter(tutor_id=worker.user_id, state__in=OPEN, starts__lt=today - days(40))
    rows = rows.select_related("plan", "case", "host__organisation", "host_tutor")
    rows = list(rows.order_by("starts", "id")[:MOST])
    for n, row in enumerate(rows):
        visits(row, n, by=tutor, today=today)
        skills(row, n, by=tutor, today=today)
        answers(row, n, by=tutor, today=today)


def acting_as(user, role=None):
    roles = Role.objects.select_related("user", "zone").filter(user_id=user)
    row = roles.get(pk=role) if role else roles.earliest("pk")
    return Acting(user=row.user, role=row)


def visits(row, n, *, by, today):
    made = working(row.starts + days(21 + n % 5))
    text, party = AGREED[n % len(AGREED)]
    if made < today:
        first = visit.record(
            traineeship=row, day=made, mode=Visit.Mode.AT_HOST, visitor=by.user,
            met=[VisitNote.Met.TRAINEE, VisitNote.Met.HOST_TUTOR], text=NOTES[n % len(NOTES)],
            agreed=[(text, party, made + days(30))], by=by, now=at(made, 16),
        )  # fmt: skip
        if n % 3:
            visit.fulfil(task=first.tasks.get(), by=by, now=at(min(made + days(14), today - days(1)), 9))
    coming = working(today + days(-1 if n == 4 else 4 + 3 * n))
    visit.plan(
        traineeship=row, day=coming, begins=dt.time(10), mode=Visit.Mode.AT_HOST, visitor=by.user, by=by,
        now=at(today - days(6), 12),
    )  # fmt: skip


def skills(row, n, *, by, today):
    title, evidence = LEARNT[n % len(LEARNT)]
    seen_on = working(today - days(1 + n))
    skill.record(
        traineeship=row, title=title, vocabulary=Skill.Vocabulary.OWN, code="", level=Skill.Level.values[n % 3],
        evidence=evidence, seen_where=str(row.host), seen_on=seen_on, seen_in=Moment.MID,
        seen_by=f"{row.host_tutor_shown}, tutor aziendale", by=by, now=at(seen_on, 17),
    )  # fmt: skip


def answers(row, n, *, by, today):
    """Half way, where its day is near or gone by; the person and the host told theirs to the tutor."""
    if evaluation.opens_on(row, Moment.MID) >= today - days(3):
        return
    manager, now = acting_as(row.case.manager_id), at(today - days(2), 11)
    parties = [Party.TRAINEE, Party.TUTOR, *([Party.HOST_TUTOR, Party.CASE_MANAGER] if n < 3 else [])]
    for m, party in enumerate(parties):
        evaluation.answer(
            traineeship=row, moment=Moment.MID, party=party, by=manager if party == Party.CASE_MANAGER else by,
            now=now + dt.timedelta(minutes=m), presence=3 + (n + m) % 2, tasks=2 + (n + m) % 3, people=4 - m % 2,
            autonomy=2 + m % 2, support=4 if m else 3, went_well=WELL[party], to_change=CHANGE[party],
        )  # fmt: skip
    if n < 3:
        goals = evaluation.goals_of(row.plan)
        outcomes = (GoalJudgement.Outcome.REACHED, GoalJudgement.Outcome.PARTLY)
        evaluation.judge(
            traineeship=row, moment=Moment.MID, by=manager, now=now + dt.timedelta(hours=1),
            judgements=[(kind, goal, outcomes[m % 2], "") for m, (kind, goal) in enumerate(goals)],
        )  # fmt: skip
        evaluation.close(
            traineeship=row, moment=Moment.MID, by=manager, now=now + dt.timedelta(hours=2),
            summary="Va bene: si prosegue, con un compito nuovo al mese.",
        )  # fmt: skip
