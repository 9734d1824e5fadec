"""The list of the people one follows, and what the pages about people share."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, Min, OuterRef
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds
from accanto.access.role import Degree, Kind
from accanto.access.user import User
from accanto.cases.assessment import Assessment
from accanto.cases.case import Case
from accanto.cases.case_team import CaseMember
from accanto.cases.personal_plan import PersonalPlan, PlanAction
from accanto.people.person import Person
from accanto.people.registry import Registry
from accanto.territory.municipality import Municipality, search_key
from accanto.web.parts.keyset import whole_number
from accanto.web.parts.table import Cell, Column, Table

MANAGERS = (Kind.SOCIAL_WORKER, Kind.CASE_MANAGER)
WORKERS = (*MANAGERS, Kind.EMPLOYMENT_OPERATOR)
# who opens a person's file: the offices of the zone, and the health workers of that person's team
FILE_READERS = (*WORKERS, Kind.HEALTH_WORKER)
CHOOSE = ("", gettext_lazy("scegli"))
PAGE = 50
COUNTED = 1000  # a count stops here and says «more than»
FIRST_DAY = dt.date(1900, 1, 1)


def people_url_of(choice, **key):
    query = "&".join(f"{name}={value}" for name, value in {"show": choice, **key}.items())
    return f"{reverse('people')}?{query}"


def case_or_404(request, case, *, still_open=True):
    """A case the acting role sees, with its person and manager; where it must be acted on, only an open one."""
    cases = Case.objects.within(request.acting).select_related("person", "manager")
    return get_object_or_404(cases.open() if still_open else cases, pk=case)


def workers_of_zone(zone_id, *, kinds, today):
    """The users who have one of these roles in the zone today, by name."""
    roles = User._meta.get_field("roles").related_model.objects.on(today).filter(kind__in=kinds, zone_id=zone_id)
    return User.objects.filter(is_active=True, pk__in=roles.values("user_id")).order_by("name", "pk")


class MunicipalityField(forms.CharField):
    """A municipality of the region by its name, accents and capitals forgiven; the browser suggests the names."""

    def __init__(self, **kwargs):
        super().__init__(
            max_length=120, widget=forms.TextInput(attrs={"list": "municipalities", "autocomplete": "off"}), **kwargs
        )

    def prepare_value(self, value):
        return value.name if isinstance(value, Municipality) else value

    def clean(self, value):
        name = super().clean(value)
        if not name:
            return None
        near = list(Municipality.objects.named_like(name)[:6])
        exact = [place for place in near if place.search_key == search_key(name)]
        if len(exact or near) == 1:
            return (exact or near)[0]
        if near:
            names = ", ".join(place.name for place in near)
            raise ValidationError(_("Ce n’è più d’uno: %(names)s. Scrivi il nome per intero."), params={"names": names})
        raise ValidationError(_("Non c’è un comune toscano con questo nome. Se la residenza è altrove, lascia vuoto."))


def day_within(day, *, first=FIRST_DAY, last=None, before, after=""):
    """Refuse a day outside its bounds, with a sentence that names the bound."""
    if day and day < first:
        raise ValidationError(before, params={"day": first.strftime("%d/%m/%Y")})
    if day and last and day > last:
        raise ValidationError(after, params={"day": last.strftime("%d/%m/%Y")})
    return day


def past_day(day, *, today, first=FIRST_DAY):
    return day_within(
        day,
        first=first,
        last=today,
        before=gettext_lazy("Non può essere prima del %(day)s."),
        after=gettext_lazy("Non può essere dopo oggi, %(day)s."),
    )


def coming_day(day, *, first):
    return day_within(
        day,
        first=first,
        last=first + dt.timedelta(days=3660),
        before=gettext_lazy("Non può essere prima del %(day)s."),
        after=gettext_lazy("È troppo lontano: al più tardi il %(day)s."),
    )


class ListPage:
    """The choices of the list, the chosen one and its people, in the order of their names."""

    def __init__(self, request):
        acting, self.today = request.acting, timezone.localdate()
        here = Case.objects.within(acting).of_subject(OuterRef("subject_id"))
        is_open = here.filter(closed_on=None)
        if acting.kind == Kind.EMPLOYMENT_OPERATOR:
            member = CaseMember.objects.within(acting).live().filter(user=acting.user)
            mine = Exists(member.filter(subject_id=OuterRef("subject_id")))
        else:
            mine = Exists(is_open.filter(manager=acting.user))
        if acting.reads_by_zone:
            self.choices = {"mine": (_("Le mie"), mine), "zone": (_("Tutta la zona"), Exists(is_open))}
        else:
            self.choices = {"mine": (_("Le mie"), Exists(is_open))}
        if acting.may(Degree.PLAN):
            # what was written in a case closed since is not of this one
            this = {"subject_id": OuterRef("subject_id"), "case__closed_on": None}
            plans = PersonalPlan.objects.within(acting).standing().agreed().filter(**this)
            assessed = Assessment.objects.within(acting).standing().filter(**this)
            self.choices |= {
                "unassessed": (_("Mie senza valutazione"), mine & ~Exists(assessed)),
                "unplanned": (_("Mie senza progetto firmato"), mine & ~Exists(plans)),
            }
        if acting.reads_by_zone:
            self.choices["closed"] = (_("Chiuse"), Exists(here) & ~Exists(is_open))
        self.chosen = request.GET.get("show") if request.GET.get("show") in self.choices else "mine"
        self.acting = acting
        self.people = Person.objects.within(acting).filter(self.choices[self.chosen][1])
        self.rows, self.earlier, self.later = self.slice(request)

    def slice(self, request):
        """A page of people after or before one of them. The address holds an id, never a name."""
        ids = {side: request.GET.get(side, "") for side in ("after", "before")}
        people, back = self.people.order_by("name_key", "id"), False
        for side, lookup in (("after", TupleGreaterThan), ("before", TupleLessThan)):
            if last_seen := whole_number(ids[side]):
                mark = Person.objects.within(self.acting).filter(subject_id=last_seen).values("name_key", "id").first()
                if mark:
                    people = people.filter(lookup(("name_key", "id"), (mark["name_key"], mark["id"])))
                    back = side == "before"
                    break
        else:
            mark = None
        rows = list((people.reverse() if back else people)[: PAGE + 1])
        more = len(rows) > PAGE
        rows = rows[:PAGE][::-1] if back else rows[:PAGE]
        earlier, later = (more, bool(mark)) if back else (bool(mark), more)
        return rows, earlier and rows, later and rows

    def filters(self):
        return [
            (label, people_url_of(name), self.count if name == self.chosen else None, name == self.chosen)
            for name, (label, condition) in self.choices.items()
        ]

    @property
    def count(self):
        return min(self.counted, COUNTED)

    def load(self):
        subjects = [person.subject_id for person in self.rows]
        self.counted = self.people.order_by()[: COUNTED + 1].count()
        of_rows = {"subject_id__in": subjects}
        registry = Registry.objects.within(self.acting).filter(**of_rows).select_related("municipality")
        self.registry = {row.subject_id: row for row in registry}
        cases = Case.objects.within(self.acting).filter(**of_rows).select_related("manager").order_by("opened_on", "id")
        self.cases = {case.subject_id: case for case in cases}
        self.next = {}
        if self.acting.may(Degree.PLAN):
            actions = PlanAction.objects.within(self.acting).to_do().filter(**of_rows, due__isnull=False)
            actions = actions.filter(plan__agreed_on__isnull=False, plan__case__closed_on=None).order_by()
            self.next = dict(actions.values_list("subject_id").annotate(Min("due")))

    def table(self):
        label = self.choices[self.chosen][0]
        columns = [
            Column(_("Persona")), Column(_("Nata o nato nel")), Column(_("Comune")), Column(_("Responsabile")),
            Column(_("In carico dal"), "day"),
        ]  # fmt: skip
        if self.acting.may(Degree.PLAN):
            columns.append(Column(_("Prossimo impegno"), "day"))
        return Table(caption=label, columns=columns, rows=[self.row(person) for person in self.rows])

    def row(self, person):
        registry, case = self.registry.get(person.subject_id), self.cases.get(person.subject_id)
        due = self.next.get(person.subject_id)
        cells = [
            Cell(f"{person.family_name} {person.given_name}", url=reverse("person", args=[person.subject_id])),
            str(registry.birth_date.year) if registry and registry.birth_date else "",
            _("riservato") if person.contacts_sealed else str((registry and registry.municipality) or ""),
            str(case.manager) if case else "",
            case.opened_on if case else None,
        ]
        if self.acting.may(Degree.PLAN):
            cells.append(Cell(due, note=_("scaduto") if due and due < self.today else ""))
        return cells


@for_kinds(*FILE_READERS)
def people(request):
    page = ListPage(request)
    page.load()
    context = {
        "page": page,
        "table": page.table(),
        "at_least": page.counted > COUNTED,
        "previous_url": people_url_of(page.chosen, before=page.rows[0].subject_id) if page.earlier else "",
        "next_url": people_url_of(page.chosen, after=page.rows[-1].subject_id) if page.later else "",
        "may_refer": request.acting.may(Degree.CASE, write=True),
    }
    return render(request, "people/people.html", context)
