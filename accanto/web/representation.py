"""Who represents the person, act by act; their dissent, and the judge who is told of it."""

from collections import namedtuple

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.people import representation as representations
from accanto.people.person import Person
from accanto.people.registry import Registry
from accanto.people.representation import (
    BY_DECREE,
    OF_MINORS,
    Dissent,
    Power,
    Representation,
    RepresentationPower,
)
from accanto.web.file_index import LINES, Line
from accanto.web.parts import numbers
from accanto.web.parts.forms import DayField, EuroField
from accanto.web.people import FIRST_DAY, MANAGERS, coming_day, past_day

ALONE = ""
MODES = [(ALONE, gettext_lazy("decide da sola")), *RepresentationPower.Mode.choices]
DECREE = ("contacts", "court", "decree_on", "decree_number", "ends", "spending_limit", "report_every_months")

# what the law says of one act: who signs and why
Signing = namedtuple("Signing", "power label who findings")


class RepresentationForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("In quale veste"),
        choices=[("", gettext_lazy("scegli")), *Representation.Kind.choices],
    )
    name = forms.CharField(label=gettext_lazy("Nome e cognome"), max_length=160)
    contacts = forms.CharField(label=gettext_lazy("Come raggiungerlo"), max_length=160, required=False)
    court = forms.CharField(label=gettext_lazy("Tribunale"), max_length=120, required=False)
    decree_on = DayField(label=gettext_lazy("Decreto del"), required=False)
    decree_number = forms.CharField(label=gettext_lazy("Numero del decreto"), max_length=40, required=False)
    starts = DayField(label=gettext_lazy("Dal"))
    ends = DayField(
        label=gettext_lazy("Al"), required=False, help_text=gettext_lazy("Vuoto se il decreto non ha un termine.")
    )
    spending_limit = EuroField(
        label=gettext_lazy("Limite di spesa al mese, in euro"), required=False, min_value=1, max_value=9_999_999
    )
    report_every_months = forms.IntegerField(
        label=gettext_lazy("Rendiconto al giudice ogni quanti mesi"), required=False, min_value=1, max_value=120
    )

    def __init__(self, *args, today, registry, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.registry = today, registry
        for power, label in Power.choices:
            self.fields[f"power_{power}"] = forms.ChoiceField(label=capfirst(label), choices=MODES, required=False)

    def power_fields(self):
        return [self[f"power_{power}"] for power in Power.values]

    def clean_decree_on(self):
        return past_day(self.cleaned_data["decree_on"], today=self.today)

    def clean_starts(self):
        return past_day(self.cleaned_data["starts"], today=self.today)

    def clean_ends(self):
        return coming_day_or_past(self.cleaned_data["ends"], today=self.today)

    def clean(self):
        data = self.cleaned_data
        kind = data.get("kind")
        if kind in BY_DECREE:
            for name in ("decree_on", "court"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(
                        name, _("Chi rappresenta per decreto si registra con il tribunale e il giorno (art. 405 c.c.).")
                    )
            if not self.powers():
                self.add_error(
                    None,
                    _(
                        "Segna almeno un atto: il decreto li elenca uno per uno, e per gli altri la persona decide "
                        "da sola (art. 405 c.c.)."
                    ),
                )
        elif kind in OF_MINORS and self.powers():
            self.add_error(None, _("Gli atti si segnano solo per chi rappresenta per decreto del giudice tutelare."))
        if kind in OF_MINORS and self.is_adult_on(data.get("starts")):
            self.add_error(
                "kind",
                _(
                    "La persona in quel giorno ha già diciotto anni: genitori e tutori volontari rappresentano chi è "
                    "minore. Per chi è adulto serve un decreto (art. 405 c.c.)."
                ),
            )
        if data.get("ends") and data.get("starts") and data["ends"] < data["starts"]:
            self.add_error("ends", _("Non può finire prima di cominciare: correggi uno dei due giorni."))
        if data.get("decree_on") and data.get("starts") and data["starts"] < data["decree_on"]:
            self.add_error("starts", _("Non può cominciare prima del decreto: correggi uno dei due giorni."))
        return data

    def is_adult_on(self, day):
        age = self.registry.age_on(day) if self.registry and day else None
        return age is not None and age >= 18

    def powers(self):
        return {
            power: self.cleaned_data[f"power_{power}"]
            for power in Power.values
            if self.cleaned_data.get(f"power_{power}")
        }

    def values(self):
        return {name: self.cleaned_data[name] for name in ("kind", "name", "starts", *DECREE)}


def coming_day_or_past(day, *, today):
    """An end may be past or to come, within a lifetime's reach."""
    if day and day < FIRST_DAY:
        return past_day(day, today=today)
    if day and day > today:
        return coming_day(day, first=today)
    return day


class DissentForm(forms.Form):
    own_words = forms.CharField(
        label=gettext_lazy("Con che cosa non è d’accordo"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Con le sue parole. Non blocca niente: se ne informa il giudice tutelare."),
    )
    power = forms.ChoiceField(
        label=gettext_lazy("Su quale atto"),
        choices=[("", gettext_lazy("un altro")), *Power.choices],
        required=False,
    )


def standing_of(acting, subject, today):
    """Who represents the person today, with the powers of each: two queries."""
    rows = Representation.objects.within(acting).standing().on(today).of(subject).order_by("starts", "id")
    return list(rows.prefetch_related("powers"))


def age_of(acting, subject, today):
    row = Registry.objects.within(acting).of(subject).first()
    return row.age_on(today) if row else None


@for_kinds(*MANAGERS, Kind.PERSON)
@writes
def representation(request, subject):
    """Who represents the person and for what; what the law says of each signature; dissents."""
    acting, today = request.acting, timezone.localdate()
    person = get_object_or_404(Person.objects.within(acting), subject_id=subject)
    may_write = acting.kind in MANAGERS
    form = DissentForm(request.POST or None) if may_write else None
    if request.method == "POST":
        if not may_write:
            return render(request, "404.html", status=404)
        if form.is_valid():
            data = form.cleaned_data
            representations.dissent(
                person=person, own_words=data["own_words"], power=data["power"], on=today, by=acting, now=timezone.now()
            )
            messages.success(
                request, _("Dissenso scritto. Ora informa il giudice tutelare: resta tra le cose da fare.")
            )
            return redirect("representation", subject)
    rows, age = standing_of(acting, subject, today), age_of(acting, subject, today)
    dissents = list(Dissent.objects.within(acting).of(subject).order_by("-said_on", "-id"))
    everything = Representation.objects.within(acting).standing().of(subject)
    lapsed = list(everything.lapsed(today).order_by("ends", "id"))
    context = {
        "person": person,
        "rows": [(row, row.powers.all()) for row in rows],
        "lapsed": [(row, EndingForm(representation=row) if may_write else None) for row in lapsed],
        "former": list(everything.filter(ends__lt=today).order_by("-ends", "-id")),
        "signing": signing(rows, age=age, today=today),
        "to_tell": [(row, ToldForm(dissent=row, today=today)) for row in dissents if row.done_on is None],
        "told": [row for row in dissents if row.done_on is not None],
        "form": form,
        "own": acting.kind == Kind.PERSON,
    }
    return render(request, "people/representation.html", context)


def signing(rows, *, age, today):
    """The plan and the traineeship, whose signatures are taken here."""
    if not rows and (age is None or age >= 18):
        return []
    found = []
    for power in (Power.PERSONAL_PLAN, Power.TRAINEESHIP):
        who, findings = representations.signers(representations=rows, power=power, on=today, age=age)
        found.append(Signing(power, power.label, [SIGNERS[name] for name in who], findings))
    return found


SIGNERS = {
    "person": gettext_lazy("la persona"),
    "support_administrator": gettext_lazy("chi la rappresenta"),
    "parents_or_guardian": gettext_lazy("i genitori o il tutore"),
}


@for_kinds(*MANAGERS)
@writes
def new_representation(request, subject):
    person = get_object_or_404(Person.objects.within(request.acting), subject_id=subject)
    return written(request, person, None)


@for_kinds(*MANAGERS)
@writes
def change_representation(request, representation):
    """Corrected, or ended by its last day. What was written before stays in the history."""
    rows = Representation.objects.within(request.acting).standing()
    row = get_object_or_404(rows, pk=representation)
    person = get_object_or_404(Person.objects.within(request.acting), subject_id=row.subject_id)
    return written(request, person, row)


def written(request, person, row):
    today = timezone.localdate()
    initial, powers = {"starts": today}, {}
    if row:
        powers = {power.power: power.mode for power in row.powers.order_by("id")}
        initial = {name: getattr(row, name) for name in ("kind", "name", "starts", *DECREE)}
        initial |= {f"power_{power}": mode for power, mode in powers.items()}
    registry = Registry.objects.within(request.acting).of(person.subject_id).first()
    form = RepresentationForm(request.POST or None, today=today, registry=registry, initial=initial)
    if request.method == "POST" and form.is_valid():
        values, now = form.values(), timezone.now()
        if row and form.powers() == powers and only_ends(row, values):
            representations.end(representation=row, on=values["ends"], by=request.acting, now=now)
        else:
            representations.record(
                person=person, powers=form.powers(), instead_of=row, by=request.acting, now=now, **values
            )
        messages.success(request, _("Registrato: %(name)s.") % {"name": values["name"]})
        return redirect("representation", person.subject_id)
    context = {"person": person, "row": row, "form": form}
    return render(request, "people/representation_form.html", context)


def only_ends(row, values):
    changed = {name for name, value in values.items() if getattr(row, name) != value}
    return changed == {"ends"} and values["ends"] is not None


class ToldForm(forms.Form):
    """The day on which the judge was told, for one dissent among those of a page."""

    day = DayField(label=gettext_lazy("Informato il"))

    def __init__(self, *args, dissent, today, **kwargs):
        super().__init__(*args, prefix=f"d{dissent.pk}", initial={"day": today}, **kwargs)
        self.dissent, self.today = dissent, today

    def clean_day(self):
        return past_day(self.cleaned_data["day"], today=self.today, first=self.dissent.said_on)


@for_kinds(*MANAGERS)
@writes
@require_POST
def judge_told(request, dissent):
    """The guardianship judge was told, on a day."""
    row = get_object_or_404(Dissent.objects.within(request.acting).to_tell(), pk=dissent)
    form = ToldForm(request.POST, dissent=row, today=timezone.localdate())
    if form.is_valid():
        representations.judge_told(dissent=row, on=form.cleaned_data["day"], by=request.acting, now=timezone.now())
        messages.success(request, _("Fatto: il giudice tutelare è informato."))
    else:
        messages.error(request, " ".join(form.errors["day"]))
    return redirect("representation", row.subject_id)


@for_kinds(*MANAGERS)
@writes
@require_POST
def judge_not_told(request, dissent):
    """It was marked by mistake."""
    row = get_object_or_404(Dissent.objects.within(request.acting).filter(done_on__isnull=False), pk=dissent)
    representations.judge_not_told(dissent=row, by=request.acting, now=timezone.now())
    messages.success(request, _("Di nuovo da fare: informare il giudice tutelare."))
    return redirect("representation", row.subject_id)


class EndingForm(forms.Form):
    ending = forms.ChoiceField(
        label=gettext_lazy("Che cosa è successo"),
        choices=[("", gettext_lazy("scegli")), *Representation.Ending.choices[1:]],
    )

    def __init__(self, *args, representation, **kwargs):
        super().__init__(*args, prefix=f"r{representation.pk}", **kwargs)
        self.representation = representation


@for_kinds(*MANAGERS)
@writes
@require_POST
def representation_ending(request, representation):
    """What happened at the end of a decree that has expired."""
    rows = Representation.objects.within(request.acting).standing().lapsed(timezone.localdate())
    row = get_object_or_404(rows, pk=representation)
    form = EndingForm(request.POST, representation=row)
    if form.is_valid():
        representations.say_ending(
            representation=row, ending=form.cleaned_data["ending"], by=request.acting, now=timezone.now()
        )
        messages.success(request, _("Registrato: %(name)s.") % {"name": row.name})
    else:
        messages.error(request, _("Scegli che cosa è successo."))
    return redirect("representation", row.subject_id)


def line(*, acting, person, case, today, rows):
    if not acting.may(Degree.REPRESENTATION) or acting.kind not in (*MANAGERS, Kind.PERSON):
        return None
    said = [
        _("%(who)s, fino al %(day)s") % {"who": row, "day": numbers.day(row.ends)} if row.ends else str(row)
        for row in rows["representations"]
        if row.holds_on(today)
    ]
    own = acting.kind == Kind.PERSON
    nobody = _("nessuno: decidi e firmi tu") if own else _("nessuno: decide e firma da sola")
    return Line(
        title=_("Chi mi rappresenta") if own else _("Chi rappresenta la persona"),
        text="; ".join(said) or nobody,
        url=reverse("representation", args=[person.subject_id]),
    )


LINES.append(line)
