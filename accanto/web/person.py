"""A person's file, top to bottom; their registry data; who may see them and why."""

from functools import partial

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access import log
from accanto.access.door import for_kinds, writes
from accanto.access.relation import Relation, tail
from accanto.access.role import REACH, RIGHTS, Degree, Kind, Role
from accanto.cases.case import Case
from accanto.cases.case_team import CaseMember
from accanto.cases.participation import Participation
from accanto.people import person as people
from accanto.people import registry
from accanto.people.person import Person
from accanto.people.registry import Registry
from accanto.territory.municipality import Municipality
from accanto.traineeships.attendance import AttendanceDay
from accanto.traineeships.traineeship import Traineeship
from accanto.web import agenda, file_index, relation_reason, story
from accanto.web.file_parts import FILE
from accanto.web.parts.forms import DayField
from accanto.web.people import FILE_READERS, MANAGERS, day_within
from accanto.web.referral import IdentityFields, warn
from accanto.web.writing import Writing

# the acts read, of which those of the register are told together; the readings shown
TOLD, LOOKED = 400, 60


def file_of(request, person, *, today):
    """All that the acting role may read of a person: most of it in one statement (`FILE`), however long the file is."""
    acting, subject = request.acting, person.subject_id
    rows = FILE.of([subject], acting=acting, **agenda.days(today))
    cases = list(Case.objects.within(acting).of(subject).select_related("manager").order_by("-opened_on", "-id"))
    case = next((case for case in cases if case.closed_on is None), cases[0] if cases else None)
    registry_rows = Registry.objects.within(acting).of(subject).select_related("municipality")
    registered = registry_rows.first() or Registry()
    found = {
        "person": person,
        "today": today,
        "registry": registered,
        "age": registered.age_on(today),
        "case": case,
        "is_open": bool(case and case.closed_on is None),
        "former_cases": [other for other in cases if other is not case],
        "traineeships": list(Traineeship.objects.within(acting).of(subject).with_person().order_by("-starts", "-id")),
        "days": AttendanceDay.objects.within(acting).of(subject).standing().order_by("-day")[:31],
        "may_write": acting.may(Degree.CASE, write=True),
        "may_assess": acting.may(Degree.ASSESSMENT, write=True),
        "sees_area": acting.may(Degree.AREA),
        "sees_assessment": acting.may(Degree.ASSESSMENT),
        "sees_work": acting.may(Degree.EMPLOYABILITY),
        "sees_plan": acting.may(Degree.PLAN),
        "sees_readings": acting.may(Degree.READINGS),
        "sees_protected": acting.may(Degree.PROTECTED),
        "area": next((row for row in rows["areas"] if case and row.case_id == case.pk), None),
        "plan": None,
        "draft": None,
        "referral": next(iter(rows["referrals"]), None),
        "domains": list({row.domain: row for row in rows["domains"]}.values()),
    }
    members = CaseMember.objects.within(acting).of(subject).live().with_names()
    found["members"] = list(members.filter(case=case)) if case else []
    former = max((other.closed_on for other in found["former_cases"] if other.closed_on), default=None)
    of_this = {row.pk for row in rows["assessments"] if case and row.case_id == case.pk}
    for domain in found["domains"]:
        # by the day, too: who reads no assessment (the employment centre) does not know whose a domain is
        before = former and timezone.localdate(domain.recorded_at) <= former
        domain.of_former = former if before and domain.assessment_id not in of_this else None
    if acting.may(Degree.ASSESSMENT) and case:
        found["assessments"] = [row for row in rows["assessments"] if row.case_id == case.pk]
    if acting.may(Degree.PLAN) and case:
        for plan in rows["plans"]:
            if plan.case_id == case.pk:
                found["plan" if plan.agreed_on else "draft"] = plan
        shown = found["plan"] or found["draft"]
        found["shown_plan"] = shown
        found["parts"] = shown and {
            name: [row for row in rows[name] if row.plan_id == shown.pk] for name in ("goals", "supports", "actions")
        }
    if acting.may(Degree.PARTICIPATION):
        participations = Participation.objects.within(acting).of(subject).standing()
        found["participations"] = list(participations.select_related("operation"))
    if found["is_open"]:
        case.person = person
        found["dues"] = agenda.of_cases(acting=acting, cases=[case], today=today, rows=rows)
    found["index"] = file_index.lines(acting=acting, person=person, case=case, today=today, rows=rows)
    if acting.may(Degree.READINGS):
        found["events"] = story.told(log.acts_on(subject, limit=TOLD))
        found["looks"] = story.looks(log.readings_of(subject, limit=LOOKED))
    return found


@for_kinds(*FILE_READERS, Kind.PERSON)
def person_file(request, subject):
    """The file of a person; the person in charge reads the same one in plainer words."""
    person = get_object_or_404(Person.objects.within(request.acting), subject_id=subject)
    context = file_of(request, person, today=timezone.localdate())
    template = "people/own_file.html" if request.acting.kind == Kind.PERSON else "people/person_file.html"
    return render(request, template, context)


class RegistryForm(IdentityFields):
    """Who the person is and how to speak with them. Contacts under protection have a page of their own."""

    citizenship = forms.CharField(
        label=gettext_lazy("Cittadinanza"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Più d’una, separate da una virgola."),
    )
    permit = forms.ChoiceField(
        label=gettext_lazy("Titolo di soggiorno"),
        choices=[("", gettext_lazy("non serve")), *Registry.Permit.choices],
        required=False,
    )
    permit_expires_on = DayField(
        label=gettext_lazy("Scade il"),
        required=False,
        help_text=gettext_lazy("La scadenza compare per tempo nella giornata di chi la segue."),
    )
    contact_how = forms.ChoiceField(
        label=gettext_lazy("Come preferisce essere contattata"),
        choices=[("", gettext_lazy("non l’ha detto")), *Registry.Contact.choices],
        required=False,
    )
    contact_note = forms.CharField(
        label=gettext_lazy("Quando e come non cercarla"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Per esempio: mai la sera, non lasciare messaggi in casa."),
    )
    language = forms.CharField(label=gettext_lazy("Lingua in cui capisce meglio"), max_length=60, required=False)
    needs_mediation = forms.BooleanField(label=gettext_lazy("Serve un mediatore o un interprete"), required=False)

    def __init__(self, *args, sealed, **kwargs):
        super().__init__(*args, **kwargs)
        self.sealed = sealed
        for name in ("municipality", "phone", "email") if sealed else ():
            del self.fields[name]

    def clean_permit_expires_on(self):
        return day_within(
            self.cleaned_data["permit_expires_on"],
            last=self.today.replace(year=self.today.year + 20, day=1),
            before=gettext_lazy("Non può essere prima del %(day)s."),
            after=gettext_lazy("È troppo lontano: al più tardi il %(day)s."),
        )

    def clean(self):
        data = super().clean()
        if data.get("permit_expires_on") and data.get("permit") in ("", Registry.Permit.NONE):
            self.add_error("permit", _("C’è una scadenza: scegli di quale titolo di soggiorno."))
        for name in ("municipality", "phone", "email") if self.sealed else ():
            data[name] = None if name == "municipality" else ""
        return data

    def registry_data(self):
        return super().registry_data() | {name: self.cleaned_data[name] for name in registry.STAY_AND_WORDS}


@for_kinds(*MANAGERS)
@writes
def registry_data(request, subject):
    """Name, contacts and registry data, corrected together on one screen."""
    person = get_object_or_404(Person.objects.within(request.acting), subject_id=subject)
    row = Registry.objects.within(request.acting).of(subject).select_related("municipality").first()
    initial = {name: getattr(person, name) for name in ("given_name", "family_name", "phone", "email")}
    if row:
        names = ("fiscal_code", "birth_date", "sex", "municipality", *registry.STAY_AND_WORDS)
        initial |= {name: getattr(row, name) for name in names}
        initial["needs_mediation"] = "on" if row.needs_mediation else ""  # as a browser sends it
    writing = Writing(
        request,
        about=person.subject_id,
        standing=initial,
        form=partial(
            RegistryForm,
            sealed=person.contacts_sealed,
            zone_id=request.acting.zone_id,
            today=timezone.localdate(),
            subject=person.subject_id,
        ),
    )
    form = writing.form
    if writing.ready():
        now = timezone.now()
        try:
            with transaction.atomic():
                people.rename(person=person, by=request.acting, now=now, **form.contact_data())
                registry.record(person=person, by=request.acting, now=now, **form.registry_data())
        except IntegrityError:
            form.add_error("fiscal_code", _("Qualcuno ha appena registrato questo codice fiscale: cerca la persona."))
        else:
            writing.done()
            warn(request, form)
            messages.success(request, _("Dati registrati."))
            return redirect("person", subject)
    context = {"person": person, "form": form, "municipalities": Municipality.objects.values_list("name", flat=True)}
    return render(request, "people/registry.html", context | {"writing": writing})


@for_kinds(*FILE_READERS, Kind.PERSON)
def who_can_see(request, subject):
    """Everybody who may open this file and why: the offices of the zone, the team, those whom a relation lets in."""
    person = get_object_or_404(Person.objects.within(request.acting), subject_id=subject)
    today = timezone.localdate()
    kinds = [kind for kind in Kind if REACH[kind] == "zone" and Degree.CONTACT in RIGHTS[kind]]
    roles = Role.objects.on(today).filter(zone_id=person.zone_id, kind__in=kinds, user__is_active=True)
    offices = {kind: [] for kind in kinds}
    for role in roles.select_related("user", "organisation", "zone").order_by("user__name", "id"):
        offices[Kind(role.kind)].append(role)
    relations = Relation.objects.within(request.acting).of(subject).select_related("user", "organisation")
    relations = list(relations.order_by("-starts", "-id"))
    context = {
        "person": person,
        "offices": [(kind, held, degrees_of(kind)) for kind, held in offices.items() if held],
        "relations": [
            (relation, relation_reason.in_words(relation.reason), in_words(Kind(relation.kind), relation.reads))
            for relation in relations
            if relation.ends is None or relation.ends >= today
        ],
        "ended": [relation for relation in relations if relation.ends and relation.ends < today],
        "today": today,
        "tail": tail(today).days,
    }
    return render(request, "people/who_can_see.html", context)


def degrees_of(kind):
    return in_words(kind, [degree for degree, right in RIGHTS[kind].items() if "r" in right])


def in_words(kind, degrees):
    """What a role reads, with what narrows it."""
    words = []
    for degree in degrees:
        only = ""
        if degree in (Degree.HEALTH, Degree.JUSTICE) and REACH[kind] == "zone":
            only = _("solo chi segue il caso")
        elif degree in (Degree.ALLOWANCE, Degree.PAYMENT) and kind == Kind.THIRD_SECTOR_TUTOR:
            only = _("solo se paga il suo ente")
        words.append(f"{Degree(degree).label} ({only})" if only else str(Degree(degree).label))
    return words
