"""Places offered: the list that says what needs the office, one place, the answer to who offered it."""

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.cases.limits import Accommodation, FunctionalLimit
from accanto.traineeships import place as places_of
from accanto.traineeships.host import Host
from accanto.traineeships.place import TURNS, Access, Place, State, Transport, taken_by_place
from accanto.web import offer_mail
from accanto.web.frame import PLANNERS, WORKERS
from accanto.web.parts import numbers
from accanto.web.place_form import DAYS, PlaceForm

# who accompanies people, or plans for where they live: nothing here is about anybody
READERS = WORKERS | PLANNERS | {Kind.THIRD_SECTOR_TUTOR, Kind.HEALTH_WORKER}
PAGE = 30
TONES = {
    State.OFFERED: "attention",
    State.OPEN: "ok",
    State.PAUSED: "neutral",
    State.WITHDRAWN: "stopped",
    State.DECLINED: "stopped",
}
FILTERS = {
    "offered": (gettext_lazy("Da esaminare"), Q(state=State.OFFERED)),
    "open": (gettext_lazy("Aperti"), Q(state=State.OPEN)),
    "paused": (gettext_lazy("In pausa"), Q(state=State.PAUSED)),
    "over": (gettext_lazy("Ritirati o non accolti"), Q(state__in=[State.WITHDRAWN, State.DECLINED])),
}
TURN_WORDS = {
    State.OPEN: gettext_lazy("Riapri"),
    State.PAUSED: gettext_lazy("Metti in pausa"),
    State.WITHDRAWN: gettext_lazy("Ritira"),
    State.OFFERED: gettext_lazy("Esamina di nuovo"),
}


class ReviewForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Che cosa scriviamo a chi lo offre"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Serve se chiedi qualcosa o non lo accogli. Mai di una persona."),
    )

    def __init__(self, *args, answer="", **kwargs):
        super().__init__(*args, **kwargs)
        self.answer = answer

    def clean(self):
        if self.answer not in places_of.ANSWERS:
            raise forms.ValidationError(_("Scegli una delle tre risposte."))
        if self.answer != "accept" and not self.cleaned_data.get("words", "").strip() and "words" not in self.errors:
            self.add_error("words", _("Scrivi che cosa chiedi, o perché no."))
        return self.cleaned_data


@for_kinds(*WORKERS)
def places(request):
    """The places that the office follows: first what waits for it."""
    acting, today = request.acting, timezone.localdate()
    rows = Place.objects.filter(zone_id=acting.zone_id)
    counts = rows.aggregate(**{name: Count("pk", filter=one) for name, (_label, one) in FILTERS.items()})
    show = request.GET.get("show", "offered" if counts["offered"] else "open")
    if show not in FILTERS:
        raise Http404
    after = request.GET.get("from", "")
    start = min(int(after), 100_000) if after.isascii() and after.isdecimal() and len(after) < 7 else 0
    found = list(rows.filter(FILTERS[show][1]).with_host().order_by("-offered_at", "-pk")[start : start + PAGE + 1])
    taken = taken_by_place()
    here = reverse("places")
    context = {
        "rows": [Shown(row, taken.get(row.pk, 0), today) for row in found[:PAGE]],
        "filters": [
            (label, f"{here}?show={name}", counts[name], name == show) for name, (label, _one) in FILTERS.items()
        ],
        "show": show,
        "shown": min(len(found), PAGE),
        "total": counts[show],
        "next_url": f"{here}?show={show}&from={start + PAGE}" if len(found) > PAGE else "",
        "previous_url": f"{here}?show={show}&from={max(0, start - PAGE)}" if start else "",
    }
    return render(request, "traineeships/places.html", context)


class Shown:
    """A place as a list shows it."""

    def __init__(self, row, taken, today):
        self.row, self.taken, self.left = row, taken, max(0, row.openings - taken)
        self.is_filled = row.state == State.OPEN and not self.left
        self.is_over = bool(row.valid_to and row.valid_to < today)
        self.tone = TONES[row.state]
        self.week = week_of(row)

    @property
    def word(self):
        if self.row.state == State.OPEN and self.is_over:
            return _("finito")
        if self.row.state == State.OFFERED and self.row.office_words:
            return _("in attesa di chi lo offre")
        return _("al completo") if self.is_filled else self.row.get_state_display()


def week_of(place):
    """«Lunedì–venerdì 9:00–13:00»: the days of the same hours together; empty where they are to be agreed on."""
    days_of = {}
    for number, first, last in place.timetable:
        days_of.setdefault(f"{first:%-H:%M}–{last:%-H:%M}", []).append(number)
    words = ", ".join(f"{days_in_words(days)} {hours}" for hours, days in days_of.items())
    return words[:1].upper() + words[1:]


def days_in_words(days):
    names = [str(name).lower() if get_language() == "it" else str(name) for name in DAYS]
    runs = []
    for number in days:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = []
    for run in runs:
        parts += [f"{names[run[0]]}–{names[run[-1]]}"] if len(run) > 2 else [names[number] for number in run]
    return ", ".join(parts)


def in_words(values, of):
    """The words of a closed list, in its order."""
    chosen = set(values)
    return [str(label) for value, label in of.choices if value in chosen]


def definitions_of(place, taken):
    at_seat = [place.seat.name, place.seat.address] if place.seat else [place.host.address]
    where = ", ".join(
        part for part in [*([place.address] if place.address else at_seat), place.municipality.name] if part
    )
    until = _("dal %(first)s") % {"first": numbers.day(place.valid_from)}
    if place.valid_to:
        until += " " + _("al %(last)s") % {"last": numbers.day(place.valid_to)}
    pairs = [
        (_("Che cosa si fa"), place.tasks),
        (_("Dove"), where),
        (_("Ambito"), place.get_setting_display().capitalize()),
        (_("Orario"), week_of(place) or _("da concordare")),
        (_("Ore la settimana"), numbers.number(place.weekly_hours)),
        (_("Pause, turni, stagioni"), place.timetable_note),
        (_("Disponibile"), until),
        (
            _("Posti"),
            _("%(taken)s occupati su %(openings)s") % {"taken": taken, "openings": place.openings},
        ),
        (_("Il luogo"), ", ".join(in_words(place.access, Access))),
        (_("Tiene conto di limiti che riguardano"), ", ".join(in_words(place.suits, FunctionalLimit.Kind))),
        (_("Che cosa si può adattare"), ", ".join(in_words(place.accommodations, Accommodation.Kind))),
        (_("Come si arriva"), ", ".join(in_words(place.transport, Transport))),
        (_("Fermate e orari utili"), place.transport_note),
        (_("Che cosa serve saper fare"), ", ".join(place.skills)),
        (_("A chi chiedere"), " ".join([place.contact_name, place.contact_phone]).strip()),
    ]
    always = {_("Dove"), _("Orario"), _("Come si arriva"), _("A chi chiedere")}
    return [(term, str(value)) for term, value in pairs if value or term in always]


@for_kinds(*READERS)
@writes
def place_page(request, place):
    """One place; the office that follows it answers, pauses, opens again, withdraws."""
    row = get_object_or_404(Place.objects.with_host().select_related("offered_by", "offered_through"), pk=place)
    by, now = request.acting, timezone.now()
    is_ours = by.kind in WORKERS and by.zone_id == row.zone_id
    if row.state in (State.OFFERED, State.DECLINED) and not is_ours:
        raise Http404  # between the company and the office that reads it
    form = ReviewForm()
    if request.method == "POST":
        if not is_ours:
            raise Http404
        turned = request.POST.get("turn", "")
        if turned:
            if turned in State and places_of.turn(place=row, state=State(turned), by=by, now=now):
                messages.success(request, _("Fatto: %(state)s.") % {"state": row.get_state_display()})
            else:
                messages.info(request, _("Qualcuno lo ha già cambiato: guarda com’è adesso."))
            return redirect("place", row.pk)
        form = ReviewForm(request.POST, answer=request.POST.get("answer", ""))
        if form.is_valid():
            words = form.cleaned_data["words"]
            if places_of.review(place=row, answer=form.answer, words=words, by=by, now=now):
                tell_outcome(request, offer_mail.answer(request, row, form.answer))
            else:
                messages.info(request, _("Qualcuno ha già risposto: guarda com’è adesso."))
            return redirect("place", row.pk)
    taken = taken_by_place().get(row.pk, 0)
    context = {
        "place": row,
        "shown": Shown(row, taken, timezone.localdate()),
        "pairs": definitions_of(row, taken),
        "is_ours": is_ours,
        "sees_host": by.kind in WORKERS,
        "form": form,
        "turns": [
            (state.value, TURN_WORDS[state])
            for state in TURNS[State(row.state)]
            if not (row.state == State.WITHDRAWN and row.host.closed_on)
        ],
        "traineeships": row.traineeships.within(by).with_person().order_by("-starts", "-pk")[:20] if is_ours else [],
    }
    return render(request, "traineeships/place.html", context, status=422 if form.errors else 200)


def tell_outcome(request, outcome):
    """What became of the message to the company."""
    words = {
        "sent": _("Risposta registrata e mandata per posta elettronica."),
        "failed": _("Risposta registrata, ma il messaggio non è partito: telefona a chi lo ha offerto."),
        "nobody": _("Risposta registrata. Non c’è un indirizzo di posta: dillo a voce a chi lo ha offerto."),
        "ours": _("Registrato."),
    }
    (messages.warning if outcome == "failed" else messages.success)(request, words[outcome])


@for_kinds(*WORKERS)
@writes
def new_place(request, host):
    """What the office knows already of a company that takes people: open at once."""
    row = get_object_or_404(Host.objects.with_place().receiving(), pk=host)
    form = PlaceForm(
        request.POST if request.method == "POST" else None,
        host=row,
        today=timezone.localdate(),
        zone_id=request.acting.zone_id,
    )
    if request.method == "POST" and form.is_valid():
        made = places_of.offer(host=row, by=request.acting, now=timezone.now(), **form.facts())
        messages.success(request, _("Posto aperto: si vede nella mappa del territorio."))
        return redirect("place", made.pk)
    return shown_form(request, form, row, _("Nuovo posto"), reverse("host", args=[row.pk]))


@for_kinds(*WORKERS)
@writes
def change_place(request, place):
    row = get_object_or_404(Place.objects.with_host(), pk=place, zone_id=request.acting.zone_id)
    form = PlaceForm(
        request.POST if request.method == "POST" else None,
        host=row.host,
        today=timezone.localdate(),
        zone_id=request.acting.zone_id,
        place=row,
    )
    if request.method == "POST" and form.is_valid():
        places_of.correct(place=row, by=request.acting, now=timezone.now(), **form.facts())
        messages.success(request, _("Dati salvati."))
        return redirect("place", row.pk)
    return shown_form(request, form, row.host, row.title, reverse("place", args=[row.pk]))


def shown_form(request, form, host, heading, back_url):
    context = {"form": form, "host": host, "heading": heading, "back_url": back_url}
    return render(request, "traineeships/place_form.html", context, status=422 if form.errors else 200)
