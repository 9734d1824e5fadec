"""What is due of ADI and SFL around people in charge."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from accanto.cases.benefit import OVER, Benefit, BenefitFact, courses, untold_appointment
from accanto.traineeships.traineeship import OPEN
from accanto.traineeships.traineeship import Kind as Regime
from accanto.web.due import AHEAD, ANYTHING, Due, Together, Weight
from accanto.web.parts import numbers
from accanto.web.templatetags.parts import local


def benefit_terms(by_subject, rows, today):
    """Every pending term of ADI and SFL; and the traineeships of people in ADI that GePI does not know yet
    (R-IND-06)."""
    facts = {}
    for fact in rows["benefit_facts"]:
        facts.setdefault(fact.subject_id, []).append(fact)
    situations = {row.subject_id: row for row in rows["benefit_situations"]}
    found, in_adi = [], {}
    for subject, told in facts.items():
        situation = situations.get(subject)
        exempt, only_adult = bool(situation and situation.exempt), bool(situation and situation.only_adult_with_minors)
        for benefit, course in courses(told, on=today, exempt=exempt, only_adult=only_adult).items():
            if benefit == Benefit.ADI and course.state not in OVER:
                in_adi[subject] = told
                found += appointments(by_subject[subject], course, [f for f in told if f.benefit == benefit], today)
            found += [
                Due(
                    title=f"{benefit.upper()}: {_lower_first(local(step.title))}",
                    what=ANYTHING,
                    person=by_subject[subject].person,
                    when=step.term.due,
                    url=reverse("benefits", args=[subject]),
                    label=_("Apri"),
                    note=_("consigliata") if step.advised and step.term.due <= today + AHEAD else "",
                    weight=Weight.TARGET if step.advised else Weight.STOPS,
                )
                for step in course.steps
                if step.pending
            ]
    return found + traineeships_for_gepi(by_subject, rows, in_adi)


def appointments(case, course, rows, today):
    """When the household is expected, and the time that passed of which nobody has written how it went."""
    page = reverse("benefits", args=[case.subject_id])
    shared = {"what": ANYTHING, "person": case.person, "url": page, "weight": Weight.STOPS}
    days = [row.day for row in rows if row.kind == BenefitFact.Kind.CONVENED and row.day >= today]
    told = {row.day for row in rows if row.kind in (BenefitFact.Kind.MET, BenefitFact.Kind.ABSENT)}
    found = [
        Due(title=_("ADI: incontro con il nucleo"), when=day, is_event=True, label=_("Apri"), **shared)
        for day in days
        if day not in told
    ]
    untold = untold_appointment(course, rows, on=today - dt.timedelta(days=1))
    if untold:
        said = {"day": numbers.day(untold.day)}
        title = _("ADI: com’è andato l’incontro del %(day)s") % said
        found.append(Due(title=title, since=untold.day, label=_("Scrivilo"), **shared))
    return found


def _lower_first(words):
    return words[:1].lower() + words[1:]


def together_in_gepi():
    return Together(_("Tirocini da inserire in GePI"), reverse("gepi_entries"), _("Segnali"))


def traineeships_for_gepi(by_subject, rows, in_adi):
    known = {row.traineeship_id for row in rows["conditions"] if row.gepi_entered_on}
    return [
        Due(
            title=_("Inserire il tirocinio in GePI, tra i sostegni del PaIS"),
            what=ANYTHING,
            person=by_subject[row.subject_id].person,
            since=row.starts,
            url=reverse("benefits", args=[row.subject_id]),
            label=_("Apri"),
            note=_("se manca, l’ADI può fermarsi"),
            weight=Weight.STOPS,
            together=together_in_gepi(),
        )
        for row in rows["traineeships_started"]
        if row.subject_id in in_adi and row.state in OPEN and row.kind == Regime.TIS and row.pk not in known
        if not any(fact.kind == BenefitFact.Kind.TRAINEESHIP_IN_GEPI for fact in in_adi[row.subject_id])
    ]
