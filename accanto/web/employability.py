"""The employability profile: what an employment centre needs to know, kept together with its operator."""

from functools import partial

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, not_for_you, writes
from accanto.access.role import Degree, Kind
from accanto.cases import employability as profiles
from accanto.cases.employability import FIELDS, EmployabilityProfile, Licence, Shift, Transport
from accanto.web.file_index import LINES, Line
from accanto.web.people import WORKERS, case_or_404
from accanto.web.writing import Writing

OLDEST_YEAR = 1950


def several(label, choices):
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip


class ProfileForm(forms.Form):
    readiness = forms.TypedChoiceField(
        label=gettext_lazy("Quanto è vicina al lavoro"),
        choices=[("", gettext_lazy("non ancora valutato")), *EmployabilityProfile.Readiness.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    wishes = forms.CharField(label=gettext_lazy("Che lavoro vorrebbe"), max_length=500, required=False)
    skills = forms.CharField(
        label=gettext_lazy("Che cosa sa fare"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    last_job = forms.CharField(label=gettext_lazy("Ultimo lavoro"), max_length=200, required=False)
    last_job_year = forms.IntegerField(label=gettext_lazy("Fino all’anno"), required=False)
    languages = forms.CharField(
        label=gettext_lazy("Lingue"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Per esempio: italiano B1, arabo madrelingua."),
    )
    shifts = several(gettext_lazy("Quando può lavorare"), Shift.choices)
    weekly_hours = forms.IntegerField(
        label=gettext_lazy("Ore alla settimana, al più"), min_value=1, max_value=48, required=False
    )
    transport = several(gettext_lazy("Come si muove"), Transport.choices)
    licences = several(gettext_lazy("Patenti"), Licence.choices)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_last_job_year(self):
        year = self.cleaned_data["last_job_year"]
        if year is not None and not OLDEST_YEAR <= year <= self.today.year:
            bounds = {"first": OLDEST_YEAR, "last": self.today.year}
            raise forms.ValidationError(_("Scrivi un anno fra %(first)s e %(last)s.") % bounds)
        return year

    def clean(self):
        if not self.errors and not any(self.cleaned_data.values()):
            raise forms.ValidationError(_("Scrivi almeno una cosa: il resto si può completare dopo."))
        return self.cleaned_data


def standing_profile(acting, case):
    rows = EmployabilityProfile.objects.within(acting).of(case.subject_id).standing().filter(case=case)
    return rows.select_related("recorded_by").first()


@for_kinds(*WORKERS, Kind.PERSON)
@writes
def employability_page(request, case):
    row, today = case_or_404(request, case, still_open=False), timezone.localdate()
    may_write = request.acting.may(Degree.EMPLOYABILITY, write=True) and row.closed_on is None
    if request.method == "POST" and not may_write:
        return not_for_you(request)
    profile = standing_profile(request.acting, row)
    context = {"case": row, "person": row.person, "profile": profile, "may_write": may_write}
    if may_write:
        standing = {name: getattr(profile, name) for name in FIELDS} if profile else {}
        writing = Writing(request, about=row.pk, standing=standing, form=partial(ProfileForm, today=today))
        if writing.ready():
            try:
                with transaction.atomic():
                    profiles.describe(case=row, by=request.acting, now=timezone.now(), **writing.form.cleaned_data)
            except IntegrityError:
                writing.form.add_error(None, _("Qualcuno l’ha scritto in questo momento: riapri la pagina."))
            else:
                writing.done()
                messages.success(request, _("Profilo registrato. La versione di prima resta nella storia."))
                return redirect("employability", row.pk)
        context |= {"form": writing.form, "writing": writing}
    return render(request, "people/employability.html", context)


def index_line(acting, person, case, today, rows):
    if not acting.may(Degree.EMPLOYABILITY) or case is None:
        return None
    profile = next((row for row in rows["profiles"] if row.case_id == case.pk), None)
    may_write = acting.may(Degree.EMPLOYABILITY, write=True) and case.closed_on is None
    if profile is None and not may_write:
        return None
    title, url = _("Profilo di occupabilità"), reverse("employability", args=[case.pk])
    if profile is None:
        return Line(title, _("Ancora da scrivere: serve al centro per l’impiego."), url)
    return Line(title, profile.get_readiness_display() or _("Scritto; manca quanto è vicina al lavoro."), url)


LINES.append(index_line)
