"""The register of a month, a row a day: on the screen, printed as it stands there, closed and opened again."""

from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.cases.plan_evidence import svg_of
from accanto.norms.days import ONE_DAY, month_of
from accanto.norms.findings import Refused
from accanto.traineeships import closing, monthly_close, register
from accanto.traineeships.monthly_close import AlreadyReopened, MonthlyClose
from accanto.traineeships.register_signature import Signer, Way
from accanto.web import pdf
from accanto.web.close_registers import CLOSERS
from accanto.web.frame import STARTERS
from accanto.web.parts import numbers
from accanto.web.parts.confirm import Confirm
from accanto.web.traineeship import READERS, month_from, visible

LOOKERS = (*READERS, Kind.INSPECTOR)
# who signs there: the tutors, with the person on their own device too, and the person
SIGNERS = (Kind.THIRD_SECTOR_TUTOR, Kind.HOST_TUTOR, Kind.PERSON)


def month_of_register(request, traineeship, month):
    """The traineeship and the first day of a month that it touches."""
    row, first = visible(request, traineeship), month_from(month)
    if not row.starts.replace(day=1) <= first <= row.ends:
        raise Http404
    return row, first


@for_kinds(*LOOKERS)
def month_register(request, traineeship, month):
    acting, today = request.acting, timezone.localdate()
    row, first = month_of_register(request, traineeship, month)
    here = register.read_month(row, first, acting=acting, today=today)
    last = month_of(first).last
    closed = here.close is not None
    unsigned = min((one.day for signer in Signer for one in here.to_sign(signer)), default=None)
    context = {
        "traineeship": row,
        "month": first,
        "slug": f"{first:%Y-%m}",
        "days": days_of(here, today=today, writes=acting.may(Degree.REGISTER, write=True) and not closed),
        "done": here.hours,
        "planned": here.planned,
        "close": here.close,
        "evidence": evidence_of(here),
        "sees_traineeship": acting.kind in READERS,
        "sign_url": reverse("sign_register", args=[row.pk, unsigned.isoformat()])
        if unsigned and acting.kind in SIGNERS
        else "",
        "may_close": acting.kind in CLOSERS and not closed and min(last, row.ends) < today,
        "may_reopen": acting.kind in STARTERS and closed,
        "earlier": _neighbour(row, first - ONE_DAY),
        "later": _neighbour(row, last + ONE_DAY) if last < today else "",
    }
    return render(request, "traineeships/month.html", context)


def _neighbour(row, day):
    month = day.replace(day=1)
    if not row.starts.replace(day=1) <= month <= row.ends:
        return ""
    return reverse("month_register", args=[row.pk, f"{month:%Y-%m}"])


# --- in words, for the screen and for the paper ----------------------------------------------------------------------


def days_of(here, *, today, writes=False):
    """Each day of the traineeship in the month, in the words that stand on the screen and on the printed register."""
    return [
        SimpleNamespace(
            day=one.day,
            weekend=one.is_weekend,
            name=date_format(one.day, "l j"),
            planned=numbers.number(one.planned) if one.planned else "–",
            times=(one.row.times_shown if one.row else "") or "–",
            done=numbers.number(one.row.hours) if one.row else "–",
            signed=signed_words(one),
            says=said_of(one),
            row=one.row,
            can_write=writes and one.day <= today,
        )
        for one in here.days
        if one.state != "outside"
    ]


def signed_words(one):
    """Who has signed the day as it is now."""
    if not one.row:
        return "–"
    names = [name for name, there in ((_("persona"), one.trainee), (_("tutor"), one.host_tutor)) if there]
    return ", ".join(names) if names else _("da firmare")


def said_of(one):
    if one.row:
        words = [_("Registrato da %(name)s, %(at)s") % {"name": one.row.recorded_by, "at": moment(one.row.recorded_at)}]
        if one.row.absence:
            words.insert(0, f"{capfirst(one.row.get_absence_display())}.")
        if one.row.correction:
            words.append(_("(corretto: %(reason)s)") % {"reason": one.row.get_correction_display()})
        return " ".join(words)
    if one.state == "suspended":
        return _("Sospeso")
    if one.state == "host_closed":
        return _("Ospitante chiuso")
    if one.state == "future":
        return _("Non ancora avvenuto")
    if one.state == "open":
        return _("Da confermare")
    return _("Festivo") if one.is_holiday and not one.is_weekend else "–"


moment = numbers.moment


def evidence_of(here):
    """The signatures of the month and its closes, in the order in which they came, with their hashes."""
    found = []
    for one in here.signatures:
        who = one.get_signer_display() + (f" ({one.name})" if one.name else "")
        sentence = _("%(who)s, dal %(first)s al %(last)s: firma %(way)s il %(at)s, sessione di %(session)s.") % {
            "who": capfirst(who),
            "first": numbers.day(one.first),
            "last": numbers.day(one.last),
            "way": one.get_way_display(),
            "at": moment(one.signed_at),
            "session": one.signed_by,
        }
        found.append(SimpleNamespace(at=one.signed_at, sentence=sentence, sha256=one.sha256))
    for one in here.closes:
        sentence = _("Mese chiuso il %(at)s da %(name)s: %(hours)s ore, %(days)s giorni di presenza.") % {
            "at": moment(one.closed_at),
            "name": one.closed_by,
            "hours": numbers.number(one.hours),
            "days": one.days,
        }
        if one.leave_reason:
            sentence += " " + _("Chiuso senza tutte le firme: %(reason)s") % {"reason": one.leave_reason}
        found.append(SimpleNamespace(at=one.closed_at, sentence=sentence, sha256=one.sha256))
        if one.reopened_at:
            sentence = _("Riaperto il %(at)s da %(name)s: %(reason)s") % {
                "at": moment(one.reopened_at),
                "name": one.reopened_by,
                "reason": one.reopening_reason,
            }
            found.append(SimpleNamespace(at=one.reopened_at, sentence=sentence, sha256=""))
    return sorted(found, key=lambda one: one.at)


# --- on paper --------------------------------------------------------------------------------------------------------


@pdf.in_italian
def register_data(row, month, here, *, today):
    host_tutor = row.host_tutor_shown
    return {
        "title": "Registro delle presenze",
        "lead": f"{row.person}, {date_format(month, 'F Y').lower()}",
        "facts": [
            ["Tirocinio", f"{row.get_kind_display()}, dal {numbers.day(row.starts)} al {numbers.day(row.ends)}"],
            ["Soggetto ospitante", str(row.host)],
            ["Tutor aziendale", host_tutor],
            ["Tutor del promotore", str(row.tutor) if row.tutor else ""],
            ["Ore fatte", f"{numbers.number(here.hours)} su {numbers.number(here.planned)} previste"],
            ["Giorni di presenza", str(here.presences)],
        ],
        "days": [
            [day.name, day.planned, day.times, day.done, day.signed, day.says] for day in days_of(here, today=today)
        ],
        "evidence": [one.sentence + (f" SHA-256: {one.sha256}" if one.sha256 else "") for one in evidence_of(here)],
        "signatures": [
            signature_block(here, Signer.TRAINEE, "La persona", str(row.person)),
            signature_block(here, Signer.HOST_TUTOR, "Il tutor aziendale", host_tutor),
        ],
    }


def signature_block(here, signer, who, name):
    """Lines to sign on, unless all that was written is signed already; with the last drawing, if there is one."""
    if not here.rows or here.to_sign(signer) or not any(one.signer == signer for one in here.signatures):
        return {"who": who, "name": name}
    mine = [one for one in here.signatures if one.signer == signer]
    drawn = next((one for one in reversed(mine) if one.way == Way.DRAWN), None)
    block = {"who": who, "name": name, "how": "Firmato: le prove seguono."}
    return block | ({"drawn": svg_of(drawn.strokes)} if drawn else {})


@for_kinds(*LOOKERS)
def register_document(request, traineeship, month):
    """The month as a PDF: the same words as on the screen, and the evidence of the signatures."""
    row, first = month_of_register(request, traineeship, month)
    today = timezone.localdate()
    here = register.read_month(row, first, acting=request.acting, today=today)
    data = register_data(row, first, here, today=today)
    made = pdf.made("register", data, acting=request.acting, zone=row.zone, moment=timezone.now())
    return pdf.shown(made, "registro-presenze")


# --- its close -------------------------------------------------------------------------------------------------------


class CloseForm(forms.Form):
    leave = forms.CharField(
        label=gettext_lazy("Perché chiudi senza tutte le firme"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Resta scritto nel registro, con il tuo nome."),
    )


@for_kinds(*CLOSERS)
@writes
def close_register(request, traineeship, month):
    """Close one month of one register, with all that it lacks before one's eyes."""
    now = timezone.now()
    row, first = month_of_register(request, traineeship, month)
    back = reverse("month_register", args=[row.pk, month])
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            closing.close(
                traineeship=row, month=first, by=request.acting, now=now, leave=form.cleaned_data["leave"].strip()
            )
        except Refused:
            form.add_error(None, _("Il mese non si può chiudere: qui accanto c’è che cosa manca."))
        else:
            messages.success(request, _("Mese chiuso: le sue giornate non cambiano più."))
            return redirect(back)
    (looked,) = closing.look([row], first, by=request.acting, today=timezone.localdate(now))
    if not looked.needs_a_reason:
        del form.fields["leave"]
    context = {
        "traineeship": row,
        "month": first,
        "here": looked.register,
        "found": looked.findings,
        "is_blocked": looked.is_blocked,
        "form": form,
        "back": back,
    }
    return render(request, "traineeships/close_month.html", context, status=422 if form.errors else 200)


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Perché si riapre"),
        max_length=300,
        help_text=gettext_lazy("Per esempio: un giorno scritto due volte, una chiusura saputa dopo."),
        error_messages={"required": gettext_lazy("Scrivi perché: la chiusura resta nel registro, con il motivo.")},
    )


@for_kinds(*STARTERS)
@writes
def reopen_register(request, traineeship, month):
    row, first = month_of_register(request, traineeship, month)
    rows = MonthlyClose.objects.within(request.acting).standing().of(row.subject_id)
    close = get_object_or_404(rows, traineeship=row, month=first)
    back = reverse("month_register", args=[row.pk, month])
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            monthly_close.reopen(close=close, reason=form.cleaned_data["reason"], by=request.acting, now=timezone.now())
        except AlreadyReopened:
            messages.info(request, _("Il mese era già stato riaperto."))
        else:
            messages.success(request, _("Mese riaperto: dopo la correzione va chiuso di nuovo."))
        return redirect(back)
    person = {"person": row.person, "month": numbers.spelled(first, "F Y")}
    confirm = Confirm(
        title=_("Riaprire il registro di %(person)s, %(month)s?") % person,
        sentence=_("Le giornate si potranno correggere, e chi le ha firmate firmerà di nuovo quelle cambiate."),
        url=reverse("reopen_register", args=[row.pk, month]),
        label=_("Riapri il mese"),
        cancel_url=back,
        form=form,
        crumbs=[
            (_("Tirocini"), reverse("traineeships")),
            (str(row.person), reverse("traineeship", args=[row.pk])),
            (person["month"], back),
        ],
    )
    return render(request, "confirm.html", {"confirm": confirm}, status=422 if form.errors else 200)
