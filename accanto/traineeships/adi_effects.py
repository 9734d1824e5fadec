"""What the payments of a list do to the ADI of who receives them (R-IND-05): nothing for a TIS; a TNC adds up, within
the household, to a yearly sum."""

from collections import defaultdict
from decimal import Decimal

from accanto.cases.benefit import OVER, Benefit, BenefitFact, courses
from accanto.norms import payments as law
from accanto.norms.traineeships import Kind
from accanto.people.household import HouseholdMember
from accanto.traineeships.payment import PaymentLine


def in_adi(subjects, *, by, on):
    """Those of these people whose household has ADI on that day, as far as it was written."""
    facts = defaultdict(list)
    for fact in BenefitFact.objects.within(by).standing().filter(subject__in=subjects).with_bearing().order_by("day"):
        facts[fact.subject_id].append(fact)
    found = set()
    for subject, rows in facts.items():
        course = courses(rows, on=on).get(Benefit.ADI)
        if course is not None and course.state not in OVER:
            found.add(subject)
    return found


def effects(lines, *, by, on):
    """[(line, findings)] for the first line of each person in ADI; five queries, however many they are."""
    kinds = {line.subject_id: Kind(line.traineeship.kind) for line in lines}
    there = in_adi(list(kinds), by=by, on=on)
    sums = of_households([subject for subject in there if kinds[subject] is Kind.TNC], by=by, year=on.year)
    found, seen = [], set()
    for line in lines:
        if line.subject_id in there and line.subject_id not in seen:
            seen.add(line.subject_id)
            said = law.adi_effects(
                kind=kinds[line.subject_id], adi=True, household_year=sums.get(line.subject_id), on=on
            )
            found.append((line, said))
    return found


def of_households(subjects, *, by, year):
    """{subject: what the ordinary traineeships of their household were paid, or are being paid, for the months of that
    year}: the rows of this zone."""
    if not subjects:
        return {}
    members = HouseholdMember.objects.within(by).standing().filter(ends=None)
    own = dict(members.filter(subject__in=subjects, person__isnull=False).values_list("subject_id", "household_id"))
    together = defaultdict(set)
    for household, subject in members.filter(household__in=own.values(), person__isnull=False).values_list(
        "household_id", "subject_id"
    ):
        together[household].add(subject)
    people = {subject: together.get(own.get(subject), {subject}) for subject in subjects}
    paid = defaultdict(Decimal)
    rows = PaymentLine.objects.within(by).live().filter(month__year=year, traineeship__kind=Kind.TNC)
    rows = rows.filter(subject__in=set().union(*people.values()))
    for subject, amount in rows.values_list("subject_id", "amount"):
        paid[subject] += amount
    return {subject: sum((paid[one] for one in those), Decimal(0)) for subject, those in people.items()}
