"""The attestations a zone has to make and to hand over: one by one, or all together, a few at a time."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accanto.access import log
from accanto.access.door import for_kinds, writes
from accanto.documents.join import join
from accanto.norms.functional_words import revealing
from accanto.people.registry import Registry
from accanto.traineeships import attestation as attestations
from accanto.traineeships import ending as endings
from accanto.traineeships.attestation import Attestation, AttestationPaper
from accanto.traineeships.traineeship import Traineeship
from accanto.traineeships.traineeship_plan import TraineeshipPlan
from accanto.web import ending_papers, pdf
from accanto.web.attestation import live_signings
from accanto.web.frame import STARTERS
from accanto.web.law_beside import NearDay
from accanto.web.parts import numbers
from accanto.web.parts.keyset import whole_number
from accanto.web.people import past_day

CHUNK, SHOWN = 25, 100
PRINTED, MOST_PORTIONS = 100, 20  # attestations in one file, files offered


class ChooseForm(forms.Form):
    operation = forms.ChoiceField(label=gettext_lazy("Operazione"), required=False)

    def __init__(self, *args, operations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["operation"].choices = [("", _("tutte")), *operations]


class HandForm(forms.Form):
    on = NearDay(label=gettext_lazy("Consegnate il"))
    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Quali"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Segna quali hai consegnato.")},
    )

    def __init__(self, *args, rows, today, **kwargs):
        super().__init__(*args, initial={"on": today}, **kwargs)
        self.today = today
        self.fields["chosen"].choices = [
            (str(row.pk), _("n. %(number)s, %(person)s") % {"number": row.protocol, "person": row.traineeship.person})
            for row in rows
        ]

    def clean_on(self):
        return past_day(self.cleaned_data["on"], today=self.today)


def ended_of(acting, operation):
    rows = attestations.waiting(Traineeship.objects.within(acting))
    return rows.filter(operation=operation) if operation else rows


def to_hand_of(acting, operation):
    """Issued, and in nobody's hands yet: in the order of their numbers."""
    rows = Attestation.objects.within(acting).standing().filter(handed_on=None)
    rows = rows.filter(traineeship__operation=operation) if operation else rows
    return rows.select_related("traineeship__subject__person").order_by("year", "number")


def chosen_operation(request):
    """(form, the operation chosen or 0, what its addresses end with)"""
    mine = Traineeship.objects.within(request.acting).ended().exclude(operation=None)
    operations = mine.values_list("operation_id", "operation__cup", "operation__title").order_by("operation_id")
    choose = ChooseForm(
        request.GET or {}, operations=[(str(pk), f"{title} ({cup})") for pk, cup, title in operations.distinct()]
    )
    operation = int(choose.cleaned_data["operation"] or 0) if choose.is_valid() else 0
    return choose, operation, f"?operation={operation}" if operation else ""


@for_kinds(*STARTERS)
@writes
def attestations_page(request):
    acting, now = request.acting, timezone.now()
    today = timezone.localdate(now)
    choose, operation, ending = chosen_operation(request)
    here = f"{reverse('attestations')}{ending}"
    rows = ended_of(acting, operation)
    if request.method == "POST" and request.POST.get("do") == "prepare":
        return prepare(request, rows, here=here, now=now)
    all_to_hand = to_hand_of(acting, operation)
    many = all_to_hand.count()
    to_hand = list(all_to_hand[:SHOWN])
    signings = live_signings(to_hand, acting) if to_hand else {}
    form = HandForm(
        request.POST if request.method == "POST" and request.POST.get("do") == "hand" else None,
        rows=to_hand,
        today=today,
    )
    if form.is_bound and form.is_valid():
        return hand(request, to_hand, form.cleaned_data, here=here, now=now)
    if request.method == "POST" and not form.is_bound:
        raise Http404
    to_make = rows.filter(issued=False).with_person().order_by("ends", "id")
    count = rows.filter(issued=False).count()
    context = {
        "choose": choose,
        "form": form,
        "to_make": list(to_make[:SHOWN]),
        "count": count,
        "hidden": max(0, count - SHOWN),
        "to_hand": [
            (row, signings.get(row.pk), box) for row, box in zip(to_hand, form["chosen"].subwidgets, strict=True)
        ],
        "many": many,
        "not_shown": max(0, many - SHOWN),
        "portions": portions_of(many),
        "print_url": f"{reverse('print_attestations')}{ending}",
        "at_once": PRINTED,
        "here": here,
        "work": None,
    }
    return render(request, "traineeships/attestations.html", context, status=422 if form.is_bound else 200)


def prepare(request, rows, *, here, now):
    """One portion: those after the last looked at. The page asks for the next by itself, or by a press."""
    after, done, left = (number_of(request, name) for name in ("after", "done", "left"))
    rows = rows.filter(issued=False)
    total = number_of(request, "total") or rows.count()
    here_now = list(rows.filter(pk__gt=after).with_people().select_related("zone").order_by("pk")[:CHUNK])
    made, skipped = issue_all(here_now, acting=request.acting, now=now)
    done, left = done + len(made), left + len(skipped)
    if len(here_now) == CHUNK and done + left < total:
        work = {"after": here_now[-1].pk, "done": done, "left": left, "total": total, "here": here}
        context = {"work": work, "label": _("Attestazioni preparate")}
        if request.headers.get("HX-Request"):
            return render(request, "traineeships/attestations_work.html", context)
        return render(request, "traineeships/attestations_working.html", context)
    if done:
        words = ngettext("%(count)s attestazione preparata.", "%(count)s attestazioni preparate.", done)
        messages.success(request, words % {"count": numbers.number(done)})
    if left:
        words = ngettext(
            "%(count)s resta da guardare da sola: ha parole che fanno capire il perché.",
            "%(count)s restano da guardare una per una: hanno parole che fanno capire il perché.",
            left,
        )
        messages.warning(request, words % {"count": numbers.number(left)})
    if not (done or left):
        messages.info(request, _("Non c’era niente da preparare."))
    answer = redirect(here)
    if request.headers.get("HX-Request"):
        answer = render(request, "traineeships/attestations_done.html", {"here": here})
        answer["HX-Redirect"] = here
    return answer


def number_of(request, name):
    return whole_number(request.POST.get(name, ""), at_most=2**62) or 0


def issue_all(rows, *, acting, now):
    """(made, skipped): in neutral words, with the activities of their plans. Skipped are those whose words an employer
    should not read."""
    today, made, skipped = timezone.localdate(now), [], []
    if not rows:
        return made, skipped
    known = endings.of(rows, acting=acting, today=today)
    of = {"subject__in": {row.subject_id for row in rows}}
    registries = {row.subject_id: row for row in Registry.objects.within(acting).filter(**of).order_by("id")}
    plans = TraineeshipPlan.objects.within(acting).filter(traineeship__in=[row.pk for row in rows], **of)
    activities = {plan.traineeship_id: plan.activities for plan in plans.order_by("id")}
    seats = ending_papers.seats_of(rows)
    ready = []
    for row in rows:
        did = activities.get(row.pk, "")
        tells = revealing(did) or ending_papers.telling_words(known[row.pk].skills)
        (skipped if tells else ready).append(row)
    with transaction.atomic():
        drawn = attestations.numbers(zone_id=acting.zone_id, year=today.year, many=len(ready)) if ready else ()
        # while this waited for its numbers somebody else may have prepared them
        taken = Attestation.objects.within(acting).standing().filter(traineeship__in=[row.pk for row in ready], **of)
        taken = set(taken.values_list("traineeship_id", flat=True).order_by())
        for number, row in zip(drawn, [row for row in ready if row.pk not in taken], strict=False):
            ending, did = known[row.pk], activities.get(row.pk, "").strip()
            said = {"wording": Attestation.Wording.NEUTRAL.value, "activities": did}
            document = ending_papers.made_attestation(
                ending, protocol=f"{number}/{today.year}", registry=registries.get(row.subject_id),
                seats=seats.get(row.host_id, ()), acting=acting, moment=now, **said,
            )  # fmt: skip
            facts = {"traineeship": row, "number": number, "hours": ending.hours, "skills": len(ending.skills)}
            made.append({**facts, **said, "document": document})
        made = attestations.issue_together(made, by=acting, now=now)
    return made, skipped


def portions_of(many):
    """(first, last) of the files that hold them all; none where one is enough."""
    if many <= PRINTED:
        return []
    return [(first + 1, min(first + PRINTED, many)) for first in range(0, min(many, MOST_PORTIONS * PRINTED), PRINTED)]


@for_kinds(*STARTERS)
@writes
@require_POST
def print_attestations(request):
    """Those chosen, or a portion of all that are to be handed over, in one file to print: the copy with the page of the
    signatures where all have signed, or else the document as it was issued."""
    acting, now = request.acting, timezone.now()
    _choose, operation, ending = chosen_operation(request)
    rows = to_hand_of(acting, operation)
    if "from" in request.POST:
        first = max(1, number_of(request, "from"))
        rows = list(rows[first - 1 : first - 1 + PRINTED])
    else:
        chosen = {number for text in request.POST.getlist("chosen") if (number := whole_number(text))}
        rows = list(rows.filter(pk__in=chosen)[: PRINTED + 1])
    if len(rows) > PRINTED or not rows:
        said = _("Segna quali stampare.")
        if rows:
            said = _("In un file ne stanno %(count)s: segnane di meno, o stampale a gruppi.") % {"count": PRINTED}
        messages.info(request, said)
        return redirect(f"{reverse('attestations')}{ending}")
    papers = papers_of(rows, acting)
    whole = join(
        [papers[row.pk] for row in rows],
        title="Attestazioni",
        marks=[f"N. {row.protocol}, {row.traineeship.person}" for row in rows],
    )
    log.acts("print", [(row, {"sha256": row.sha256}) for row in rows], by=acting, now=now)
    return pdf.shown(whole, "attestazioni")


def papers_of(rows, acting):
    """{attestation id: bytes}. Of one that is not handed over the first signed copy is the one made here, with the page
    of its signatures: what came back on paper is after it."""
    ours = {"attestation__in": [row.pk for row in rows], "subject__in": {row.subject_id for row in rows}}
    papers, chosen = AttestationPaper.objects.within(acting).filter(**ours).order_by("id"), {}
    for pk, of, part in papers.values_list("pk", "attestation_id", "part"):
        if chosen.get(of, (0, AttestationPaper.Part.DOCUMENT))[1] == AttestationPaper.Part.DOCUMENT:
            chosen[of] = (pk, part)
    data = papers.filter(pk__in=[pk for pk, _part in chosen.values()]).values_list("attestation_id", "data")
    return {of: bytes(one) for of, one in data}


def hand(request, rows, said, *, here, now):
    chosen = [row for row in rows if str(row.pk) in said["chosen"]]
    early = [row for row in chosen if timezone.localdate(row.issued_at) > said["on"]]
    count, signing = 0, 0
    with transaction.atomic():
        for row in chosen:
            if row not in early:
                try:
                    attestations.hand_over(attestation=row, on=said["on"], by=request.acting, now=now)
                    count += 1
                except attestations.NotToday as told:  # being signed, or somebody else has just written it
                    signing += str(told) == "signing"
    if count:
        words = ngettext("%(count)s consegna registrata.", "%(count)s consegne registrate.", count)
        messages.success(request, words % {"count": numbers.number(count)})
    if signing:
        words = ngettext(
            "%(count)s è ancora alla firma: prima si finisce la raccolta, si registra, o si annulla.",
            "%(count)s sono ancora alla firma: prima si finisce la raccolta, si registra, o si annulla.",
            signing,
        )
        messages.warning(request, words % {"count": numbers.number(signing)})
    if early:
        messages.warning(request, _("Alcune sono state emesse dopo quel giorno: correggi la data per quelle."))
    return redirect(here)
