"""One traineeship: where it is, what is missing and who must do it, its register, its money, the steps of its life."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.cases.limits import Accommodation, FunctionalLimit
from accanto.norms.days import month_of
from accanto.norms.findings import Severity
from accanto.people.registry import Registry
from accanto.traineeships import cover, facts, life, register, signing
from accanto.traineeships.allowance import MonthAllowance
from accanto.traineeships.anomaly import Anomaly
from accanto.traineeships.anomaly import State as Found
from accanto.traineeships.attestation import TO_ATTEST
from accanto.traineeships.extension import Extension
from accanto.traineeships.passage import PassageReason
from accanto.traineeships.traineeship import ENDED, OPEN, STARTED, TO_START, State, Traineeship
from accanto.web import outcome
from accanto.web.course import course_of, time_of
from accanto.web.frame import STARTERS, TUTORS, WORKERS
from accanto.web.law_beside import told_to_who_follows
from accanto.web.parts.numbers import day as day_words
from accanto.web.traineeship_step import STEPS, step_page

READERS = (*WORKERS, *TUTORS, Kind.PERSON)
# who may say that it stands in for staff: who is beside the trainee, and the trainee; not the host
REPORTERS = (*STARTERS, Kind.THIRD_SECTOR_TUTOR, Kind.PERSON)
# they read the plan and not the area: they are told that a leave is missing, never of what
OUTSIDERS = (Kind.THIRD_SECTOR_TUTOR, Kind.EMPLOYMENT_OPERATOR)
TONES = {
    State.DRAFT: "neutral",
    State.PLAN_SIGNED: "info",
    State.AGREEMENT_ACTIVE: "info",
    State.NOTICE_SENT: "info",
    State.RUNNING: "progress",
    State.EXTENDED: "progress",
    State.SUSPENDED: "attention",
    State.CONCLUDED: "ok",
    State.ATTESTED: "ok",
    State.INTERRUPTED: "stopped",
    State.WITHDRAWN: "stopped",
    State.ARCHIVED: "neutral",
}
# of what a trainee reported, as they are told
REPORT_STATES = {
    Found.OPEN: (gettext_lazy("ricevuta"), "info"),
    Found.EXPLAINED: (gettext_lazy("esaminata"), "progress"),
    Found.CONFIRMED: (gettext_lazy("esaminata"), "progress"),
    Found.CLOSED: (gettext_lazy("chiusa"), "ok"),
}
# whose move a missing fact is
WHO = {
    "inail": gettext_lazy("soggetto promotore"),
    "inail_to": gettext_lazy("soggetto promotore"),
    "liability_cover": gettext_lazy("soggetto promotore"),
    "liability_to": gettext_lazy("soggetto promotore"),
    "safety_training": gettext_lazy("soggetto ospitante"),
    "notice_sent_on": gettext_lazy("soggetto ospitante"),
    "notice_category": gettext_lazy("soggetto ospitante"),
    "host_tutor": gettext_lazy("soggetto ospitante"),
    "plan_signed_on": gettext_lazy("chi firma il progetto"),
    "agreement_signed_on": gettext_lazy("promotore, ospitante, ente in carico"),
}
# the step, first that is open, in which it is written
WHERE = {
    "inail": ("agreement", "covers"),
    "inail_to": ("agreement", "covers"),
    "liability_cover": ("agreement", "covers"),
    "liability_to": ("agreement", "covers"),
    "safety_training": ("start",),
    "notice_sent_on": ("notice",),
    "notice_category": ("notice",),
    "plan_signed_on": ("sign",),
    "agreement_signed_on": ("agreement",),
}
WEEKDAYS = list(WEEKDAYS_ABBR.values())


def visible(request, pk):
    rows = Traineeship.objects.for_register(request.acting).with_people().select_related("place")
    return get_object_or_404(rows, pk=pk)


def begun(request, pk):
    """The traineeship, where it has begun: before there is nothing to say of how it goes."""
    row = visible(request, pk)
    if row.state not in STARTED:
        raise Http404
    return row


def crumbs_to(row):
    """What is above a page of a traineeship, itself the last: (label, address)."""
    return [(_("Tirocini"), reverse("traineeships")), (str(row.host), reverse("traineeship", args=[row.pk]))]


@for_kinds(*READERS)
def traineeship_page(request, traineeship):
    acting, today = request.acting, timezone.localdate()
    row = visible(request, traineeship)
    sheets = facts.sheets_of(row, acting=acting)
    signings = signings_of(row, acting) if acting.kind in STARTERS else []
    live = next((one for one in signings if one.standing in ("open", "complete")), None)
    found = []
    if row.state in TO_START and acting.kind in STARTERS:
        found = told_to_who_follows(facts.to_start(sheets, on=today), case_id=row.case_id)
    context = {
        "traineeship": row,
        "plan": sheets.plan,
        "condition": sheets.condition,
        "terms": sheets.terms,
        "tone": TONES[row.state],
        "timetable": [(WEEKDAYS[n], hours) for n, hours in enumerate(row.hours_by_weekday) if hours],
        "missing": [missing(one, row, live) for one in found if one.severity is not Severity.PASS and is_missing(one)],
        "cautions": [one for one in found if one.severity is not Severity.PASS and not is_missing(one)],
        "passed": [finding for finding in found if finding.severity is Severity.PASS],
        "waits": facts.leave_missing(row) if acting.kind in OUTSIDERS else [],
        "steps": steps_of(row, live) if acting.kind in STARTERS else [],
        "months": months_of(row, acting, today),
        "events": events_of(row, sheets, acting),
        "due_notices": [notice for notice in sheets.notices if notice.due_on and not notice.sent_on],
        "is_own": acting.kind == Kind.PERSON,
        "limits": in_force(FunctionalLimit, row, acting, today) if acting.may(Degree.LIMITS) else [],
        "needed": in_force(Accommodation, row, acting, today) if acting.may(Degree.ACCOMMODATIONS) else [],
        "sees_plan": acting.may(Degree.TRAINEESHIP_PLAN),
        # a health authority by its name would say why; and the name of the others, which of them it is not
        "names_body": acting.kind not in OUTSIDERS,
        "sees_money": sees_money(acting, sheets.terms),
        "sees_condition": acting.may(Degree.AREA),
        "sees_file": acting.kind in WORKERS,
        "registry": registry_of(row, acting) if acting.kind == Kind.THIRD_SECTOR_TUTOR else None,
        "covers": covers_of(row),
        "is_draft": row.state == State.DRAFT and acting.kind in STARTERS,
        "is_open": row.state in OPEN,
        "goes_on": row.state in (*TO_START, *OPEN),
        "keeps_register": acting.may(Degree.REGISTER, write=True) and row.state not in TO_START,
        "may_collect": may_collect(row, acting, live),
        "reports": reports_of(row, acting) if acting.kind == Kind.PERSON else [],
        "may_report": acting.kind in REPORTERS and row.starts <= today,
        "signings": signings,
        "attests": row.state not in TO_START and row.state != State.WITHDRAWN and acting.may(Degree.TRAINEESHIP_PLAN),
        "to_attest": row.state in TO_ATTEST and acting.kind in STARTERS,
        "after": outcome.lines_of(row, acting, today) if acting.may(Degree.PARTICIPATION) else [],
        "course": course_of(row, acting, today),
        "time": time_of(row, sheets, acting, today),
        "may_repeat": acting.kind in STARTERS and row.state in ENDED,
    }
    return render(request, "traineeships/traineeship.html", context)


def reports_of(row, acting):
    """What the trainee reported and whether somebody has looked at it: their words, and never who answered nor what."""
    rows = Anomaly.objects.within(acting).of(row.subject_id).filter(traineeship=row).reported_by(acting)
    rows = rows.values_list("found_at", "words", "state").order_by("-found_at", "-id")
    return [(found_at, words, *REPORT_STATES[state]) for found_at, words, state in rows]


def may_collect(row, acting, live):
    """What may be made ready to be signed: the plan of a draft, unless it is being signed; the agreement where there is
    none."""
    if acting.kind not in STARTERS or row.state not in (State.DRAFT, State.PLAN_SIGNED):
        return []
    return [
        *(["plan"] if row.state == State.DRAFT and not live else []),
        *(["agreement"] if row.agreement_id is None else []),
    ]


def signings_of(row, acting):
    """The rounds of the plan, newest first: each with what it says of itself and who is missing."""
    found = []
    for one in signing.of(traineeship=row).within(acting).select_related("round").order_by("-id"):
        lacking = []
        if one.round.state == "open":
            signatories = one.round.signatories.select_related("signature").order_by("id")
            lacking = [party.label for party in signing.parties_missing(signatories)]
        standing = standing_of(one)
        found.append(SimpleNamespace(signing=one, standing=standing, state=SIGNING_WORDS[standing], lacking=lacking))
    return found


SIGNING_WORDS = {
    "registered": ("ok", gettext_lazy("registrata")),
    "open": ("progress", gettext_lazy("alla firma")),
    "complete": ("ok", gettext_lazy("firmato da tutti")),
    "void": ("stopped", gettext_lazy("annullata")),
}


def standing_of(one):
    """A word of `SIGNING_WORDS`; void where the data changed, whether or not somebody wrote it down."""
    if one.registered_at:
        return "registered"
    return one.round.state if one.round.voided_at or signing.holds(one) else "void"


def in_force(model, row, acting, today):
    """The limits or the accommodations of the person that hold today, or are still to come."""
    rows = model.objects.within(acting).of(row.subject_id).standing().exclude(valid_to__lt=today)
    return list(rows.order_by("kind", "id"))


def covers_of(row):
    """[(which, what names it, its last day, whether it ends before the traineeship)]"""
    short = dict(cover.too_short(row))
    return [
        (one.label, getattr(row, f"{one.value}_reference"), getattr(row, f"{one.value}_to"), one in short)
        for one in cover.Cover
    ]


def registry_of(row, acting):
    """For the promoter's covers and papers."""
    rows = Registry.objects.within(acting).of(row.subject_id).select_related("municipality")
    return rows.first()


def sees_money(acting, terms):
    """The tutor of the promoter only where the promoter pays, and then PostgreSQL shows the terms."""
    return acting.may(Degree.PAYMENT) and (terms is not None or acting.kind != Kind.THIRD_SECTOR_TUTOR)


def missing(finding, row, live):
    """What is missing, whose move it is, and the page where it is written, once it can be: of signatures that are being
    gathered, theirs."""
    slug = next((slug for slug in WHERE.get(finding.field, ()) if is_open_to(row, STEPS[slug])), None)
    url = reverse("traineeship_step", args=[row.pk, slug]) if slug else ""
    if live and slug == "sign":
        url = reverse("signature_round", args=[live.signing.round_id])
    return SimpleNamespace(finding=finding, who=WHO.get(finding.field, _("case manager")), url=url)


def is_missing(finding):
    """A paper that is not there; a limit nobody has found in an act is only to be known."""
    return finding.severity in (Severity.BLOCK, Severity.AUTHORISE) or finding.field in WHO


def is_open_to(row, step):
    led = not step.to or any(life.may_become(row, state) for state in step.to)
    return led and (step.when is None or step.when(row))


def steps_of(row, live):
    """The steps the state allows, what one does next first: after the end it is the attestation, which has its page;
    while the plan is being signed, who is missing, and then to record that all have signed."""
    over = row.state in ENDED
    taken = [(slug, step) for slug, step in STEPS.items() if is_open_to(row, step)]
    found = []
    if live and row.state == State.DRAFT:
        url = reverse("signature_round", args=[live.signing.round_id])
        if live.standing == "open":
            found.append((_("Firme: chi manca"), url))
            found.append((_("Registra le firme su carta"), f"{url}#paper"))
        else:
            found.append((_("Registra il progetto firmato"), url))
        taken = [(slug, step) for slug, step in taken if slug != "sign"]
    found += [(step.label, reverse("traineeship_step", args=[row.pk, slug])) for slug, step in taken]
    return [{"label": label, "url": url, "first": n == 0 and not over} for n, (label, url) in enumerate(found)]


def months_of(row, acting, today):
    """The months begun, newest first: hours done and planned, days without a word, what was determined."""
    last = min(today, row.ends)
    if row.state in TO_START or row.starts > last:
        return []
    determined = {}
    if acting.may(Degree.PAYMENT):
        own = MonthAllowance.objects.within(acting).of(row.subject_id).standing()
        determined = {one.month: one for one in own.filter(traineeship=row)}
    (whole,) = register.read(
        [row], row.starts, min(month_of(last).last, row.ends), acting=acting, today=today, names=False
    )
    closed = {one.month for one in whole.closes if one.reopened_at is None}
    by_month = {}
    for day in whole.days:
        by_month.setdefault(day.day.replace(day=1), []).append(day)
    return [
        SimpleNamespace(
            month=month,
            slug=f"{month:%Y-%m}",
            done=sum((day.row.hours for day in days if day.row), Decimal(0)),
            planned=sum((day.planned for day in days), Decimal(0)),
            open=sum(1 for day in days if day.state == "open"),
            over=days[-1].day < today,
            closed=month in closed,
            allowance=determined.get(month),
        )
        for month, days in reversed(by_month.items())
    ]


def events_of(row, sheets, acting):
    reasons = {}
    if acting.may(Degree.AREA):
        reasons = {
            one.passage_id: one
            for one in PassageReason.objects.within(acting).of(row.subject_id).filter(passage__traineeship=row)
        }
    events = []
    for passage in sheets.passages:
        reason = reasons.get(passage.pk)
        text = f"{reason.get_reason_display()} {reason.note}".strip() if reason else ""
        sentence = _("%(state)s dal %(day)s") if passage.after in OPEN else _("%(state)s il %(day)s")
        if passage.before == State.SUSPENDED and passage.after in OPEN:
            sentence = _("Ripreso dal %(day)s")
        events.append(
            SimpleNamespace(
                when=passage.recorded_at,
                title=sentence % {"state": capfirst(State(passage.after).label), "day": day_words(passage.on)},
                text=text,
                who=str(passage.recorded_by),
                icon="it-calendar",
            )
        )
    if acting.may(Degree.TRAINEESHIP_PLAN):
        extensions = Extension.objects.within(acting).of(row.subject_id).filter(traineeship=row)
        for extension in extensions.select_related("attested_by", "recorded_by"):
            sentence = _("Fine spostata al %(end)s, attestata da %(body)s il %(day)s") % {
                "end": day_words(extension.ends_after),
                "body": _("servizio pubblico che ha in carico la persona")
                if acting.kind in OUTSIDERS
                else extension.attested_by,
                "day": day_words(extension.attested_on),
            }
            events.append(
                SimpleNamespace(
                    when=extension.recorded_at,
                    title=sentence,
                    text=extension.need,
                    who=str(extension.recorded_by),
                    icon="it-file-signed",
                )
            )
    return sorted(events, key=lambda event: event.when, reverse=True)


def month_from(text):
    """The first day of a month written as 2026-11; anything else is not a page."""
    try:
        first = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None
    if not 2000 <= first.year <= 2100:
        raise Http404
    return first


@for_kinds(*STARTERS)
@writes
def traineeship_step(request, traineeship, step):
    """One step of its life: sign, start, suspend, extend, close…"""
    if step not in STEPS:
        raise Http404
    row = visible(request, traineeship)
    if not is_open_to(row, STEPS[step]):
        return redirect("traineeship", row.pk)
    return step_page(request, row, step)
