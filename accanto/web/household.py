"""Who a person lives with: read and changed on one page, with few fields."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.people import household as households
from accanto.people.household import AlreadyThere, CareDuty, HouseholdMember
from accanto.people.person import Person
from accanto.people.search import code_in, find
from accanto.people.search_key import folded
from accanto.web.file_index import LINES, Line
from accanto.web.parts import numbers
from accanto.web.parts.forms import DayField
from accanto.web.people import MANAGERS, WORKERS, past_day

KINSHIPS = [choice for choice in HouseholdMember.Kinship.choices if choice[0] != HouseholdMember.Kinship.REFERENCE]
NOBODY_HERE = "no"
HOMONYMS = 5


def homonyms(text, *, acting, but):
    """People of the zone with exactly that name, in any order, or with that fiscal code: (subject, who they are)."""
    text = str(text or "").replace("\x00", " ").strip()
    code = code_in(text)
    if not code and len(folded(text).split()) < 2:
        return {}
    subjects = [subject for subject in find(text, most=HOMONYMS) if subject != but]
    if not subjects:
        return {}
    people = Person.objects.within(acting).filter(subject_id__in=subjects).select_related("registry")
    words = sorted(folded(text).split())
    found = {}
    for person in people.order_by("name_key", "id"):
        if code or sorted(person.name_key.split()) == words:
            born = getattr(getattr(person, "registry", None), "birth_date", None)
            found[person.subject_id] = (
                _("%(name)s, nata o nato il %(day)s") % {"name": person, "day": numbers.day(born)}
                if born
                else str(person)
            )
    return found


class MemberForm(forms.Form):
    """Somebody more in the household. Who has a file in the zone is proposed, so that they are not written twice."""

    name = forms.CharField(
        label=gettext_lazy("Nome e cognome"),
        max_length=households.LONGEST_NAME,
        help_text=gettext_lazy("Se ha un fascicolo nella zona basta il codice fiscale."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kinship = forms.ChoiceField(
        label=gettext_lazy("Che cosa è per la persona"), choices=[("", gettext_lazy("scegli")), *KINSHIPS]
    )
    birth_date = DayField(label=gettext_lazy("Data di nascita"), required=False)
    starts = DayField(label=gettext_lazy("Vive con lei dal"))
    dependant = forms.BooleanField(label=gettext_lazy("È a carico"), required=False)
    needs_care = forms.BooleanField(label=gettext_lazy("Ha bisogno di chi se ne occupi"), required=False)

    def __init__(self, *args, today, acting, subject, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.found = today, {}
        if self.is_bound:
            self.found = homonyms(self.data.get("name"), acting=acting, but=subject)
        if self.found:
            choices = [(str(pk), words) for pk, words in self.found.items()]
            self.fields["who"] = forms.ChoiceField(
                label=gettext_lazy("È già nella zona?"),
                choices=[*choices, (NOBODY_HERE, gettext_lazy("è un’altra persona: scrivi solo il nome"))],
                widget=forms.RadioSelect,
                error_messages={
                    "required": gettext_lazy("C’è già un fascicolo con questo nome: scegli se è la stessa persona.")
                },
            )

    def clean_name(self):
        name = self.cleaned_data["name"]
        if code_in(name) and not self.found:
            raise ValidationError(_("Nessuno della zona ha questo codice fiscale: scrivi nome e cognome."))
        return name

    def clean_birth_date(self):
        return past_day(self.cleaned_data["birth_date"], today=self.today)

    def clean_starts(self):
        return past_day(self.cleaned_data["starts"], today=self.today)

    def clean(self):
        data = self.cleaned_data
        if data.get("birth_date") and data.get("starts") and data["birth_date"] > data["starts"]:
            self.add_error("starts", _("Non può vivere nel nucleo prima di nascere: correggi uno dei due giorni."))
        if data.get("who") == NOBODY_HERE and code_in(data.get("name", "")):
            self.add_error("name", _("Scrivi nome e cognome: il codice fiscale serve solo a trovare il fascicolo."))
        return data

    def chosen(self):
        """The subject of the person they are, None if only a name."""
        who = self.cleaned_data.get("who", NOBODY_HERE)
        return None if who == NOBODY_HERE else int(who)


class ChangeMemberForm(forms.Form):
    name = MemberForm.base_fields["name"]
    kinship = MemberForm.base_fields["kinship"]
    birth_date = DayField(label=gettext_lazy("Data di nascita"), required=False)
    dependant = MemberForm.base_fields["dependant"]
    starts = DayField(label=gettext_lazy("Nel nucleo dal"))
    ends = DayField(
        label=gettext_lazy("Fino al"), required=False, help_text=gettext_lazy("Se non vive più qui, l’ultimo giorno.")
    )
    needs_care = MemberForm.base_fields["needs_care"]
    carers = forms.CharField(
        label=gettext_lazy("Chi se ne occupa, e quando"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Per esempio: la nonna al pomeriggio. Non scrivere malattie o diagnosi."),
    )
    school = forms.ChoiceField(
        label=gettext_lazy("Scuola"),
        choices=[("", gettext_lazy("non ne abbiamo parlato")), *CareDuty.School.choices],
        required=False,
    )

    def __init__(self, *args, member, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        if member.person_id:
            # they have a file of their own, where name and birth are written
            del self.fields["name"], self.fields["birth_date"]
        else:
            self.fields["name"].help_text = ""
        if member.kinship == HouseholdMember.Kinship.REFERENCE:
            del self.fields["kinship"], self.fields["dependant"]

    def clean_birth_date(self):
        return past_day(self.cleaned_data["birth_date"], today=self.today)

    def clean_starts(self):
        return past_day(self.cleaned_data["starts"], today=self.today)

    def clean_ends(self):
        return past_day(self.cleaned_data["ends"], today=self.today)

    def clean(self):
        data = self.cleaned_data
        if data.get("ends") and data.get("starts") and data["ends"] < data["starts"]:
            self.add_error("ends", _("Non può finire prima di cominciare: correggi uno dei due giorni."))
        if data.get("birth_date") and data.get("starts") and data["birth_date"] > data["starts"]:
            self.add_error("starts", _("Non può vivere nel nucleo prima di nascere: correggi uno dei due giorni."))
        return data

    def of_the_member(self):
        return {name: self.cleaned_data[name] for name in households.CORRECTED if name in self.cleaned_data}


def already_there(mistake):
    """Where they already are, and the way out."""
    there = mistake.member
    if there is None:
        return _("In quei giorni è già in un nucleo: chiudi prima quell’appartenenza, o scrivi un giorno dopo.")
    told = {"name": there, "of": there.household.person, "day": numbers.day(there.starts)}
    if there.person_id is None:
        return _("%(name)s è già in questo nucleo dal %(day)s: per cambiare qualcosa apri la sua riga.") % told
    return (
        _(
            "%(name)s è già nel nucleo di %(of)s dal %(day)s: una persona sta in un nucleo alla volta. "
            "Chiudi prima quell’appartenenza, o scrivi un giorno dopo la sua fine."
        )
        % told
    )


@for_kinds(*WORKERS, Kind.PERSON)
@writes
def household(request, subject):
    """The household today, who was in it before, and somebody more."""
    acting, today = request.acting, timezone.localdate()
    person = get_object_or_404(Person.objects.within(acting), subject_id=subject)
    may_write, own = acting.kind in MANAGERS, acting.kind == Kind.PERSON
    rows = HouseholdMember.objects.within(acting).standing().with_people()
    if not own:
        rows = rows.with_household()
    members = sorted(
        rows.living_with(subject, today).with_care(),
        key=lambda member: (member.kinship != HouseholdMember.Kinship.REFERENCE, member.starts, member.pk),
    )
    found = members[0].household if members and not own else None
    form = None
    if may_write:
        initial = {"starts": today}
        form = MemberForm(request.POST or None, today=today, acting=acting, subject=subject, initial=initial)
    if request.method == "POST":
        if not may_write:
            return render(request, "404.html", status=404)
        if form.is_valid():
            try:
                member = add(person=person, household=found, form=form, acting=acting)
            except AlreadyThere as mistake:
                form.add_error("name", already_there(mistake))
            else:
                messages.success(request, _("%(name)s è nel nucleo.") % {"name": member})
                return redirect("household", subject)
    if own:
        former = rows.of(subject)
    else:
        former = rows.filter(household=found) if found else rows.none()
    context = {
        "person": person,
        "household": found,
        "members": [(member, member.age_on(today), member.is_minor(today)) for member in members],
        "summary": summary(members, today) if members else "",
        "former": list(former.filter(ends__lt=today).order_by("-ends", "-id")),
        "care": care_of(acting, members),
        "sees_care": acting.may(Degree.ASSESSMENT),
        "form": form,
        "alone": AloneForm(today=today) if may_write and not members else None,
        "own": own,
    }
    return render(request, "people/household.html", context)


def add(*, person, household, form, acting):
    """Whoever is first in writes the household too, with the person of the file as its reference."""
    data, now = form.cleaned_data, timezone.now()
    other = None
    if chosen := form.chosen():
        other = get_object_or_404(Person.objects.within(acting), subject_id=chosen)
    with transaction.atomic():
        if household is None:
            household = households.begin(person=person, starts=data["starts"], by=acting, now=now)
        member = households.join(
            household=household,
            person=other,
            name="" if other else data["name"],
            kinship=data["kinship"],
            birth_date=None if other else data["birth_date"],
            starts=data["starts"],
            dependant=data["dependant"],
            by=acting,
            now=now,
        )
        if data["needs_care"]:
            households.note_care(member=member, needs_care=True, carers="", school="", by=acting, now=now)
    return member


def care_of(acting, members):
    """What each member asks of the others, by member; empty for who may not read it."""
    if not acting.may(Degree.ASSESSMENT) or not members:
        return {}
    rows = CareDuty.objects.within(acting).standing().filter(member__in=members).order_by("id")
    return {row.member_id: row for row in rows}


class AloneForm(forms.Form):
    starts = DayField(label=gettext_lazy("Vive da sola o da solo dal"))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, prefix="alone", **kwargs)
        self.today = today

    def clean_starts(self):
        return past_day(self.cleaned_data["starts"], today=self.today)


@for_kinds(*MANAGERS)
@writes
@require_POST
def household_alone(request, subject):
    """They live alone: a household of one, from a day."""
    person = get_object_or_404(Person.objects.within(request.acting), subject_id=subject)
    form = AloneForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        messages.error(request, _("Scrivi da quando vive da sola o da solo: un giorno che c’è già stato."))
        return redirect("household", subject)
    try:
        with transaction.atomic():
            households.begin(person=person, starts=form.cleaned_data["starts"], by=request.acting, now=timezone.now())
    except AlreadyThere as mistake:
        messages.info(request, already_there(mistake))
    else:
        messages.success(request, _("Vive da sola o da solo."))
    return redirect("household", subject)


@for_kinds(*MANAGERS)
@writes
def household_member(request, subject, relative):
    """One member: corrected, or no longer there from a day."""
    acting, today = request.acting, timezone.localdate()
    person = get_object_or_404(Person.objects.within(acting), subject_id=subject)
    of_the_file = HouseholdMember.objects.within(acting).standing().of(subject)
    members = HouseholdMember.objects.within(acting).standing().with_people().with_household()
    member = get_object_or_404(members.filter(household_id__in=of_the_file.values("household_id")), pk=relative)
    care = CareDuty.objects.within(acting).standing().filter(member=member).first()
    initial = {name: getattr(member, name) for name in households.CORRECTED}
    if care:
        initial |= {"needs_care": care.needs_care, "carers": care.carers, "school": care.school}
    form = ChangeMemberForm(request.POST or None, member=member, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change(member=member, form=form, acting=acting)
        except AlreadyThere as mistake:
            form.add_error("starts", already_there(mistake))
        else:
            messages.success(request, _("Registrato: %(name)s.") % {"name": member})
            return redirect("household", subject)
    return render(request, "people/household_member.html", {"person": person, "member": member, "form": form})


def change(*, member, form, acting):
    data, now = form.cleaned_data, timezone.now()
    values = form.of_the_member()
    changed = {name for name, value in values.items() if getattr(member, name) != value}
    with transaction.atomic():
        if changed == {"ends"} and member.ends is None:
            row = households.leave(member=member, on=values["ends"], by=acting, now=now)
        else:
            row = households.correct(member=member, by=acting, now=now, **values)
        households.note_care(
            member=row,
            needs_care=data["needs_care"],
            carers=data["carers"],
            school=data["school"],
            by=acting,
            now=now,
        )


def summary(members, today):
    """«3 persone, 1 minore, 1 da accudire»."""
    minors = sum(member.is_minor(today) for member in members)
    cared_for = sum(member.cared_for for member in members)
    parts = [ngettext("%(n)s persona", "%(n)s persone", len(members)) % {"n": len(members)}]
    if minors:
        parts.append(ngettext("%(n)s minore", "%(n)s minori", minors) % {"n": minors})
    if cared_for:
        parts.append(ngettext("%(n)s da accudire", "%(n)s da accudire", cared_for) % {"n": cared_for})
    return ", ".join(parts)


def line(*, acting, person, case, today, rows):
    if not acting.may(Degree.REGISTRY) or acting.kind not in (*WORKERS, Kind.PERSON):
        return None
    members = HouseholdMember.objects.within(acting).living_with(person.subject_id, today).with_people().with_care()
    members = list(members.order_by("starts", "id"))
    return Line(
        title=_("Nucleo familiare"),
        text=summary(members, today) if members else _("non è scritto con chi vive"),
        url=reverse("household", args=[person.subject_id]),
        warn=not members and acting.kind in MANAGERS and bool(case and case.closed_on is None),
    )


LINES.append(line)
