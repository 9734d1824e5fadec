"""What the person was told, and what there is still to tell."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.norms.reader import in_force
from accanto.people import privacy_notice as notices
from accanto.people.person import Person
from accanto.people.privacy_notice import PrivacyNotice, Topic
from accanto.people.registry import Registry
from accanto.web.file_index import LINES, Line
from accanto.web.parts.forms import DayField
from accanto.web.people import MANAGERS, WORKERS, past_day


class TellForm(forms.Form):
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Oggi le hai detto"),
        choices=Topic.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Segna almeno una cosa che le hai detto.")},
    )
    how = forms.ChoiceField(label=gettext_lazy("Come"), choices=PrivacyNotice.How.choices, widget=forms.RadioSelect)
    told_on = DayField(label=gettext_lazy("Il"))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_told_on(self):
        return past_day(self.cleaned_data["told_on"], today=self.today)


def told_to(acting, subject):
    """What stands of what the person was told, by topic."""
    rows = PrivacyNotice.objects.within(acting).standing().of(subject).select_related("told_by").order_by("id")
    return {row.topic: row for row in rows}


@for_kinds(*WORKERS, Kind.PERSON)
@writes
def privacy_notice(request, subject):
    """The checklist: what was told, when, how and by whom; the rest is told now with one press."""
    acting, today = request.acting, timezone.localdate()
    person = get_object_or_404(Person.objects.within(acting), subject_id=subject)
    told = told_to(acting, subject)
    may_write = acting.kind in MANAGERS
    form, registry = None, None
    if may_write:
        registry = Registry.objects.within(acting).of(subject).first()
        mediated = registry is not None and registry.needs_mediation
        initial = {
            "topics": [topic for topic in Topic.values if topic not in told],
            "how": PrivacyNotice.How.MEDIATED if mediated else PrivacyNotice.How.WRITTEN,
            "told_on": today,
        }
        form = TellForm(request.POST or None, today=today, initial=initial)
    if request.method == "POST":
        if form is None:
            return render(request, "404.html", status=404)
        if form.is_valid():
            data = form.cleaned_data
            notices.tell(
                person=person, topics=data["topics"], how=data["how"], on=data["told_on"], by=acting, now=timezone.now()
            )
            messages.success(request, _("Registrato che cosa le hai detto."))
            return redirect("privacy_notice", subject)
    context = {
        "person": person,
        "topics": [(topic.label, told.get(topic.value)) for topic in Topic],
        "missing": sum(topic not in told for topic in Topic.values),
        "basis": in_force(today)["privacy.public_interest_basis"],
        "duty": in_force(today)["life_plan.duty_to_inform"],
        "registry": registry,
        "form": form,
        "own": acting.kind == Kind.PERSON,
    }
    return render(request, "people/privacy_notice.html", context)


def line(*, acting, person, case, today, rows):
    if not acting.may(Degree.CASE) or acting.kind not in (*WORKERS, Kind.PERSON):
        return None
    told = {row.topic for row in rows["notices"]}
    text = _("%(told)s cose dette su %(all)s") % {"told": len(told), "all": len(Topic)}
    if Topic.PRIVACY not in told:
        text += _(", manca l’informativa privacy")
    return Line(
        title=_("Che cosa le è stato detto") if acting.kind != Kind.PERSON else _("Che cosa ti è stato detto"),
        text=text,
        url=reverse("privacy_notice", args=[person.subject_id]),
        warn=Topic.PRIVACY not in told and acting.kind in MANAGERS and bool(case and case.closed_on is None),
    )


LINES.append(line)
