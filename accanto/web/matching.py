"""Matching: who is ready, what was proposed, why this place and not those, and what the team says of each pair."""

from types import SimpleNamespace
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, not_for_you, writes
from accanto.access.role import Degree
from accanto.cases.area import CaseArea
from accanto.people.registry import Registry
from accanto.traineeships import matching_round as acts
from accanto.traineeships import readiness
from accanto.traineeships.matching import fairness
from accanto.traineeships.matching.reasons import Why
from accanto.traineeships.matching_acceptance import lacking
from accanto.traineeships.matching_round import MatchingProposal, MatchingRound, Reason
from accanto.traineeships.place import Place
from accanto.traineeships.place_search import NEEDS
from accanto.web import matching_words as words
from accanto.web.parts import numbers
from accanto.web.parts.table import Column, Table
from accanto.web.people import MANAGERS, WORKERS
from accanto.web.place import week_of
from accanto.web.place_form import choices

State = MatchingProposal.State
TONES = {State.PROPOSED: "attention", State.WITHOUT: "neutral", State.ACCEPTED: "ok", State.DECLINED: "stopped"}
PAST = 12
NAMED = 200  # people of a list on one page
SHOWN = [
    ("", gettext_lazy("Tutti")),
    (State.PROPOSED, gettext_lazy("Da decidere")),
    (State.ACCEPTED, gettext_lazy("Accolti")),
    (State.DECLINED, gettext_lazy("Non accolti")),
]


class RoundForm(forms.Form):
    women_percent = forms.IntegerField(
        label=gettext_lazy("Donne fra le proposte, almeno per cento"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=gettext_lazy(
            "Facoltativo. Nessuno resta senza un posto solo per la quota; se non si raggiunge lo dice."
        ),
    )


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Perché no"),
        choices=[("", "—"), *Reason.choices],
        help_text=gettext_lazy("Serve alle prossime ricerche: il motivo, mai la storia della persona."),
    )
    missing = choices(gettext_lazy("Che cosa manca, se manca qualcosa"), NEEDS)

    def clean(self):
        data = self.cleaned_data
        if data.get("reason") == Reason.ACCOMMODATION and not data.get("missing") and "missing" not in self.errors:
            self.add_error("missing", _("Scegli che cosa manca: chi ne ha bisogno non lo vedrà più proposto."))
        return data


@for_kinds(*WORKERS)
@writes
def matching(request):
    """Who is ready and who is not yet; the round going on; those of before. A POST makes a new round."""
    acting, now = request.acting, timezone.now()
    may_write = acting.kind in MANAGERS
    if request.method == "POST" and not may_write:
        return not_for_you(request)
    form = RoundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = acts.propose(zone_id=acting.zone_id, by=acting, now=now, **form.cleaned_data)
        except acts.NothingToMatch:
            form.add_error(None, _("Serve almeno una persona pronta e un posto aperto con un posto libero."))
        except IntegrityError:
            form.add_error(None, _("Qualcuno ha cominciato una ricerca in questo momento: riapri la pagina."))
        else:
            messages.success(request, _("Ecco la proposta: ogni abbinamento aspetta la vostra parola."))
            return redirect("matching_round", made.pk)
    rounds = MatchingRound.objects.of_zone(acting.zone_id).select_related("made_by")
    people = readiness.of_zone(by=acting, day=timezone.localdate(now)) if may_write else []
    waiting = MatchingProposal.objects.within(acting).still_to_write()
    waiting = list(waiting.with_people().order_by("decided_at", "pk")[:NAMED])
    asked = {row.case_id for row in waiting}
    ready = [one for one in people if not one.missing and one.case.pk not in asked]
    context = {
        "form": form,
        "may_write": may_write,
        "ready": ready[:NAMED],
        "how_many": len(ready),
        "not_yet": [(one, [words.MISSING[why] for why in one.missing]) for one in people if one.missing][:NAMED],
        "waiting": waiting,
        "rounds": rounds[:PAST],
        "openings": sum(left for _row, left in readiness.open_places(day=timezone.localdate(now))),
    }
    return render(request, "traineeships/matching.html", context, status=422 if form.errors else 200)


def round_or_404(request, pk):
    return get_object_or_404(MatchingRound.objects.of_zone(request.acting.zone_id).select_related("made_by"), pk=pk)


class NarrowForm(forms.Form):
    """Which pairs of a round. It comes in the address, or with who accepts all those shown."""

    show = forms.ChoiceField(choices=SHOWN, required=False, widget=forms.HiddenInput)
    manager = forms.ChoiceField(label=gettext_lazy("Responsabile del caso"), required=False)

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        managers = {(one.case.manager_id, str(one.case.manager)) for one in rows if one.case.manager_id}
        managers = sorted(managers, key=lambda one: (one[1], one[0]))
        self.fields["manager"].choices = [("", _("tutti")), *((str(pk), name) for pk, name in managers)]


def narrowed(rows, wanted):
    """The proposals of a round that the form asks for."""
    if wanted["manager"]:
        rows = rows.filter(case__manager=wanted["manager"])
    return rows.filter(state=wanted["show"]) if wanted["show"] else rows


@for_kinds(*WORKERS)
def matching_round(request, matching_round):
    """All the pairs of a round, how good they are together, and how they fall on women and men, near and far. Who
    decides ticks those to accept, or takes all those shown."""
    row, acting = round_or_404(request, matching_round), request.acting
    everything = row.proposals.within(acting).with_people().select_related("case__manager")
    rows = list(everything.order_by("subject__person__name_key", "pk"))
    narrow = NarrowForm(request.GET, rows=rows)
    if not narrow.is_valid():
        raise Http404
    show, manager = narrow.cleaned_data["show"], narrow.cleaned_data["manager"]
    of_manager = [one for one in rows if manager in ("", str(one.case.manager_id))]
    placed = [one for one in of_manager if one.state != State.WITHOUT and show in ("", one.state)]
    placed.sort(key=lambda one: one.state != State.PROPOSED)  # what waits for a word comes before what has had it
    open_ones = [one for one in rows if one.state == State.PROPOSED]
    may_accept = acting.kind in MANAGERS and row.ended_at is None
    lacks = lacking(open_ones, by=acting, day=timezone.localdate()) if may_accept else {}
    acceptable = [one for one in placed if may_accept and one.state == State.PROPOSED and one.pk not in lacks]
    here = reverse("matching_round", args=[row.pk])
    context = {
        "round": row,
        "placed": [Shown(one) for one in placed],
        "without": [(one, first_obstacle(one)) for one in of_manager if one.state == State.WITHOUT and not show],
        "figures": figures_of(row, rows),
        "quality": quality_of(row),
        "quota": quota_of(row),
        "fairness": fairness_of(acting, rows),
        "to_decide": len(open_ones),
        "narrow": narrow,
        "filters": [
            (
                label,
                f"{here}?" + urlencode({"show": state, "manager": manager}),
                sum(one.state != State.WITHOUT and state in ("", one.state) for one in of_manager),
                state == show,
            )
            for state, label in SHOWN
        ],
        "is_narrow": bool(show or manager),
        "acceptable": len(acceptable),
        "lacks": lacks,
        "left": [(one, words.LACKS[lacks[one.pk]]) for one in open_ones if one.pk in lacks],
    }
    return render(request, "traineeships/matching_round.html", context)


class Shown:
    def __init__(self, row):
        self.row, self.tone = row, TONES[row.state]
        pair = row.pair_at(row.place_id)
        self.said = [words.sentence(one) for one in pair["reasons"]] if pair else []
        self.minutes = minutes_of(row)


def minutes_of(row):
    pair = row.pair_at(row.place_id) if row.place_id else None
    found = (one["values"].get("minutes") for one in pair["reasons"] if one["why"] == Why.WAY) if pair else ()
    return next(iter(found), None)


def first_obstacle(row):
    if row.without.get("possible"):
        return _("I posti possibili sono andati ad altri.")
    found = words.obstacles(row.without)
    return found[0][0] if found else _("Nessun posto aperto.")


def figures_of(row, rows):
    accepted, declined = (sum(one.state == state for one in rows) for state in (State.ACCEPTED, State.DECLINED))
    return [
        (_("Persone pronte"), numbers.number(row.people)),
        (_("Posti liberi"), numbers.number(row.openings)),
        (_("Abbinamenti possibili"), numbers.number(row.pairs)),
        (_("Proposte"), numbers.number(row.placed)),
        (_("Accolte"), numbers.number(accepted)),
        (_("Non accolte"), numbers.number(declined)),
    ]


def quality_of(row):
    said = {"points": numbers.number(row.points), "bound": numbers.number(int(row.bound))}
    if row.is_proven:
        return _("%(points)s punti in tutto: dimostrato, nessun’altra proposta ne ha meno.") % said
    gap = numbers.number(round(row.gap_percent, 2))
    return _("%(points)s punti in tutto; nessuna proposta può averne meno di %(bound)s: al più il %(gap)s%% sopra.") % (
        said | {"gap": gap}
    )


def quota_of(row):
    if row.women_percent is None:
        return ""
    if not row.women_missing:
        return _("Quota raggiunta: almeno il %(percent)s%% delle proposte è per donne.") % {
            "percent": row.women_percent
        }
    missing = -(-row.women_missing // 100)
    return _("La quota del %(percent)s%% di donne non si raggiunge: ne mancano %(missing)s.") % {
        "percent": row.women_percent,
        "missing": missing,
    }


def fairness_of(acting, rows):
    """Tables by sex, by where one goes and, for who may read the area, by area."""
    sexes = dict(
        Registry.objects.within(acting)
        .filter(subject__in=[one.subject_id for one in rows])
        .values_list("subject_id", "sex")
    )
    people = [(one, bool(one.place_id or one.without.get("possible")), minutes_of(one)) for one in rows]
    labels = dict(Registry.Sex.choices)

    def by(caption, first, key, label):
        found = fairness.groups((key(one), choice, minutes) for one, choice, minutes in people)
        return table_of(caption, first, found, label)

    tables = [
        by(
            _("Donne e uomini"),
            _("Sesso"),
            lambda one: sexes.get(one.subject_id, ""),
            lambda key: labels.get(key, _("non scritto")),
        )
    ]
    zones = {one.place_id: one.place.municipality.zone_id == one.zone_id for one in rows if one.place_id}
    near = {True: _("un posto nella zona"), False: _("un posto in un’altra zona"), None: _("nessun posto")}
    tables.append(by(_("Dove si va"), _("Posto proposto"), lambda one: zones.get(one.place_id), near.get))
    if acting.may(Degree.AREA):
        areas = dict(
            CaseArea.objects.within(acting)
            .filter(case__in=[one.case_id for one in rows])
            .values_list("case_id", "area")
        )
        named = dict(CaseArea.Area.choices)
        tables.append(
            by(
                _("Per area"),
                _("Area"),
                lambda one: areas.get(one.case_id, ""),
                lambda key: named.get(key, _("non scritta")),
            )
        )
    return tables


def table_of(caption, first, found, label):
    figures = (_("Pronte"), _("Con una scelta"), _("Proposte"), _("Su cento"), _("Minuti di viaggio, in media"))
    columns = [Column(first), *(Column(word, "number") for word in figures)]
    lines = [[str(label(one.key)), one.ready, one.with_choice, one.placed, one.percent, one.minutes] for one in found]
    return Table(caption, columns, lines)


@for_kinds(*WORKERS)
@writes
def matching_proposal(request, proposal):
    """Why this, why not those; the team accepts, chooses another, says no, or thinks again."""
    rows = MatchingProposal.objects.within(request.acting).with_people().select_related("round", "decided_by")
    row = get_object_or_404(rows, pk=proposal)
    may_write = request.acting.kind in MANAGERS
    form = DeclineForm()
    if request.method == "POST":
        if not may_write:
            return not_for_you(request)
        form, answer = decided(request, row)
        if answer is not None:
            return answer
    context = {
        "proposal": row,
        "person": row.subject.person,
        "shown": Shown(row),
        "others": others_of(row, by=request.acting, day=timezone.localdate()),
        "obstacles": [text for text, _count in words.obstacles(row.without)],
        "possible": row.without.get("possible", 0),
        "week": week_of(row.place) if row.place_id else "",
        "form": form,
        "may_decide": may_write and may_decide(row),
        "may_choose": may_write and row.round.ended_at is None and row.state in (State.PROPOSED, State.WITHOUT),
        "may_reconsider": may_write
        and row.round.ended_at is None
        and row.traineeship_id is None
        and row.state in (State.ACCEPTED, State.DECLINED),
        "may_plan": may_write and row.state == State.ACCEPTED and row.traineeship_id is None,
    }
    return render(request, "traineeships/matching_proposal.html", context, status=422 if form.errors else 200)


def may_decide(row):
    """A yes of which nothing was written can become a no, in a round that is over too."""
    if row.state == State.PROPOSED:
        return row.round.ended_at is None
    return row.state == State.ACCEPTED and row.traineeship_id is None


def decided(request, row):
    """The form, and the page to go to where the decision was written."""
    form, by, now = DeclineForm(), request.acting, timezone.now()
    what, here = request.POST.get("decide", ""), redirect("matching_proposal", row.pk)
    try:
        with transaction.atomic():
            if what == "accept":
                acts.accept(proposal=row, by=by, now=now)
                messages.success(request, _("Abbinamento accolto: adesso si scrive il progetto."))
                return form, here
            if what == "reconsider":
                acts.reconsider(proposal=row, by=by, now=now)
                messages.success(request, _("La decisione è di nuovo da prendere."))
                return form, here
            if what == "choose":
                chosen = request.POST.get("place", "")
                place = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 18 else 0
                acts.choose(proposal=row, place_id=place, by=by, now=now)
                messages.success(request, _("Posto cambiato: ora lo si può accogliere."))
                return form, here
            if what != "decline":
                raise Http404
            form = DeclineForm(request.POST)
            if not form.is_valid():
                return form, None
            acts.refuse(proposal=row, by=by, now=now, **form.cleaned_data)
            messages.success(request, _("Registrato: la prossima ricerca ne tiene conto."))
            return form, redirect("matching_round", row.round_id)
    except acts.AlreadyDecided:
        messages.info(request, _("Qualcuno ha già deciso: guarda com’è adesso."))
    except acts.NoRoom:
        messages.warning(request, _("Quel posto non è più libero: scegline un altro, o fai una nuova ricerca."))
    return form, here


def others_of(row, *, by, day):
    """The other places of the search, with why not, and whether one may choose them: possible, and free today of what
    is given or proposed to others."""
    free = acts.free_places(row, by=by, day=day)
    pairs = [pair for pair in row.pairs if pair["place"] != row.place_id]
    places = {one.pk: one for one in Place.objects.with_host().filter(pk__in=[pair["place"] for pair in pairs])}
    return [
        SimpleNamespace(
            place=places[pair["place"]],
            points=pair["points"],
            verdict=words.verdict(pair),
            said=[words.sentence(one) for one in pair["reasons"]],
            possible=pair["points"] is not None and pair["place"] in free,
        )
        for pair in pairs
        if pair["place"] in places
    ]
