"""Persons of trust and associations: invited by the person, who says what they may see; and what they see."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.organisation import Organisation
from accanto.access.role import Degree, Kind, Role
from accanto.access.user import User
from accanto.cases.personal_plan import PersonalPlan, PlanAction, PlanGoal, PlanSupport
from accanto.people import advocacy
from accanto.people.advocacy import Invitation
from accanto.people.person import Person
from accanto.traineeships.traineeship import Traineeship
from accanto.web.file_index import LINES, Line
from accanto.web.parts.forms import DayField
from accanto.web.people import MANAGERS, coming_day, past_day


class InviteForm(forms.Form):
    """Persons of trust are named by their user name, which they tell: nobody leafs through a list of them."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Associazione"),
        required=False,
        empty_label=gettext_lazy("nessuna: una persona di fiducia"),
    )
    username = forms.CharField(
        label=gettext_lazy("Nome utente della persona di fiducia"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("Lo dice lei stessa; se non ce l’ha, glielo dà l’amministratore."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    shown = forms.ChoiceField(
        label=gettext_lazy("Che cosa può vedere"), choices=Invitation.Shown.choices, widget=forms.RadioSelect
    )
    own_words = forms.CharField(
        label=gettext_lazy("Con le parole della persona"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Chi vuole accanto, perché, e che cosa può vedere: come l’ha detto."),
    )
    starts = DayField(label=gettext_lazy("Dal"))
    ends = DayField(
        label=gettext_lazy("Al"), required=False, help_text=gettext_lazy("Vuoto finché la persona non cambia idea.")
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.user = today, None
        self.advocates = Role.objects.on(today).filter(kind=Kind.ADVOCATE, user__is_active=True)
        bodies = self.advocates.filter(organisation__isnull=False).values("organisation_id")
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=bodies)

    def clean_username(self):
        typed = self.cleaned_data["username"].strip()
        if typed:
            roles = self.advocates.filter(user__username__iexact=typed)
            self.user = User.objects.filter(pk__in=roles.values("user_id")).first()
            if self.user is None:
                raise ValidationError(
                    _("Nessuna persona di fiducia ha questo nome utente: controlla come si scrive, o chiedi l’accesso.")
                )
        return typed

    def clean_starts(self):
        return past_day(self.cleaned_data["starts"], today=self.today)

    def clean_ends(self):
        return coming_day(self.cleaned_data["ends"], first=self.today)

    def clean(self):
        data = self.cleaned_data
        if bool(data.get("organisation")) == bool(data.get("username")) and not {"username", "organisation"} & set(
            self.errors
        ):
            self.add_error("username", _("Scegli un’associazione, oppure scrivi chi è la persona di fiducia."))
        return data


@for_kinds(*MANAGERS, Kind.PERSON)
@writes
def advocates(request, subject):
    """Whom the person invited, with what words and to see what; somebody more."""
    acting, today = request.acting, timezone.localdate()
    person = get_object_or_404(Person.objects.within(acting).select_related("subject"), subject_id=subject)
    may_write = acting.kind in MANAGERS
    form = None
    if may_write:
        initial = {"starts": today, "shown": Invitation.Shown.PLAN}
        form = InviteForm(request.POST or None, today=today, initial=initial)
    if request.method == "POST":
        if form is None:
            return render(request, "404.html", status=404)
        if form.is_valid():
            invite(request, person, form)
            return redirect("advocates", subject)
    rows = list(Invitation.objects.within(acting).of(subject).with_names().order_by("-starts", "-id"))
    context = {
        "person": person,
        "live": [row for row in rows if row.ends is None or row.ends >= today],
        "ended": [row for row in rows if row.ends and row.ends < today],
        "form": form,
        "own": acting.kind == Kind.PERSON,
    }
    return render(request, "people/advocates.html", context)


def invite(request, person, form):
    data = form.cleaned_data
    with transaction.atomic():
        invitation = advocacy.invite(
            person=person,
            user=form.user,
            organisation=data["organisation"],
            own_words=data["own_words"],
            shown=data["shown"],
            starts=data["starts"],
            ends=data["ends"],
            by=request.acting,
            now=timezone.now(),
        )
    messages.success(
        request,
        _("Invito registrato: %(name)s vede %(shown)s.")
        % {"name": invitation, "shown": invitation.get_shown_display()},
    )


@for_kinds(*MANAGERS)
@writes
@require_POST
def withdraw_invitation(request, invitation):
    """The person changed their mind: from tomorrow the file does not open."""
    today = timezone.localdate()
    rows = Invitation.objects.within(request.acting).live(today).with_names()
    row = get_object_or_404(rows, pk=invitation)
    with transaction.atomic():
        advocacy.withdraw(invitation=row, on=today, by=request.acting, now=timezone.now())
    messages.success(request, _("Invito chiuso: da domani %(name)s non vede più niente.") % {"name": row})
    return redirect("advocates", row.subject_id)


@for_kinds(Kind.ADVOCATE)
def invited(request):
    """Where an advocate begins: the people who invited them."""
    people = Person.objects.select_related("zone").order_by("name_key", "id")
    return render(request, "people/invited.html", {"people": people})


@for_kinds(Kind.ADVOCATE)
def invited_file(request, subject):
    """What the person let their advocate see, and nothing else. What is not theirs is said to be closed."""
    person = get_object_or_404(Person.objects.select_related("zone"), subject_id=subject)
    plans = PersonalPlan.objects.standing().of(subject).select_related("recorded_by")
    plan = plans.order_by("agreed_on", "-version").first()
    parts = {}
    if plan:
        for name, model in (("goals", PlanGoal), ("supports", PlanSupport), ("actions", PlanAction)):
            parts[name] = list(model.objects.of(subject).filter(plan=plan).order_by("id"))
    context = {
        "person": person,
        "plan": plan,
        "traineeships": list(
            Traineeship.objects.of(subject).select_related("host__organisation").order_by("-starts", "-id")
        ),
        "sees": degrees_open(request.acting, subject),
        **({"goals": [], "supports": [], "actions": []} | parts),
    }
    return render(request, "people/invited_file.html", context)


def degrees_open(acting, subject):
    """The degrees that PostgreSQL opens to the acting role for this subject."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select d from unnest(%s::text[]) d where %s = any(app_subjects(d))",
            [[Degree.CONTACT.value, Degree.PLAN.value, Degree.PLACEMENT.value], subject],
        )
        return {degree for (degree,) in cursor}


def line(*, acting, person, case, today, rows):
    if not acting.may(Degree.REPRESENTATION) or acting.kind not in (*MANAGERS, Kind.PERSON):
        return None
    live = [row for row in rows["invitations"] if row.ends is None or row.ends >= today]
    prefetch_related_objects(live, "relation__user", "relation__organisation")
    names = [str(row) for row in live]
    return Line(
        title=_("Persone di fiducia e associazioni"),
        text=", ".join(names) or _("nessuno"),
        url=reverse("advocates", args=[person.subject_id]),
    )


LINES.append(line)
