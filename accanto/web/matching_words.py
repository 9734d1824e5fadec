"""The reasons of a pair as sentences: what forbids it, what weighs and how much, what speaks for it.

A limit of hours or of place is said as hours and places are: that it does not fit, never what it comes from."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.cases.employability import Shift
from accanto.cases.limits import FunctionalLimit
from accanto.traineeships.matching.reasons import Verdict, Why
from accanto.traineeships.matching_acceptance import Lack
from accanto.traineeships.matching_round import Reason
from accanto.traineeships.place import Setting
from accanto.traineeships.place_search import NEEDS
from accanto.traineeships.readiness import LIMIT, Missing

MISSING = {
    Missing.CONSENT: gettext_lazy("Nessun progetto firmato dalla persona prevede un tirocinio."),
    Missing.MUNICIPALITY: gettext_lazy("Manca il comune di residenza."),
    Missing.SEALED: gettext_lazy("I recapiti sono riservati: cerca un posto senza passare dalla distanza."),
    Missing.HOURS: gettext_lazy("Un limite di orario è scritto a parole: dillo in ore."),
    Missing.PLACES: gettext_lazy("Un limite di luogo è nuovo: controlla i comuni."),
}
LACKS = {
    Lack.OVER: gettext_lazy("Un’altra ricerca ha preso il posto di questa: si decide su quella."),
    Lack.DECIDED: gettext_lazy("È già stato deciso."),
    Lack.NO_ROOM: gettext_lazy("Il posto non è più libero: apri la proposta e scegline un altro."),
    Lack.CONTENDED: gettext_lazy(
        "Il posto è proposto a più persone di quante ne può ricevere: apri una proposta e scegline un altro."
    ),
}
# of somebody without a place: what keeps places from them
FORBIDS = {
    Why.NO_WAY: gettext_lazy("non ci si arriva con i mezzi che ha"),
    Why.TOO_FAR: gettext_lazy("il viaggio è troppo lungo"),
    Why.MUNICIPALITY: gettext_lazy("il comune è fra quelli dove non può andare"),
    Why.TIMETABLE: gettext_lazy("l’orario, con il viaggio, non entra nelle ore in cui può stare fuori"),
    Why.SHIFT: gettext_lazy("si lavora quando non può"),
    Why.HOURS: gettext_lazy("chiede più ore di quante può farne"),
    Why.NEED: gettext_lazy("il luogo non ha ciò che le serve"),
    Why.REQUIREMENT: gettext_lazy("chiede ciò che non ha"),
    Why.SECTOR_REFUSED: gettext_lazy("è in un ambito che non vuole"),
    Why.DECLINED: gettext_lazy("è già stato detto di no, a questo o a uno come questo"),
}


@dataclass(frozen=True)
class Said:
    """`tone`: «stopped» forbids, «attention» weighs, «ok» speaks for."""

    text: str
    points: int | None
    tone: str


def names(values, choices):
    words = dict(choices)
    return ", ".join(str(words.get(value, value)) for value in values)


def needs(values):
    kinds = dict(FunctionalLimit.Kind.choices)
    said = [
        _("limiti di: %(kind)s") % {"kind": kinds.get(value.removeprefix(LIMIT), value)}
        if value.startswith(LIMIT)
        else str(dict(NEEDS).get(value, value))
        for value in values
    ]
    return ", ".join(said)


def sentence(reason):
    """A reason as it is kept ({why, points, values}) in words."""
    why, points, values = reason["why"], reason["points"], reason["values"]
    text = TEXTS[why](values)
    tone = "stopped" if points is None else "attention" if points and why != Why.WAY else "ok"
    return Said(text, points, tone)


def way(values):
    return _("%(minutes)s minuti di viaggio, circa %(km)s km") % values


def too_far(values):
    if values["minutes"] > values["most"]:
        return _("Viaggio troppo lungo: %(minutes)s minuti, al più %(most)s") % values
    return _("Troppo lontano: circa %(km)s km") % values


def timetable(values):
    if values["even_next_door"]:
        return _("L’orario non entra nelle ore in cui può stare fuori")
    return _("Con %(minutes)s minuti di viaggio l’orario non entra nelle ore in cui può stare fuori") % values


def wished(values):
    sector = names([values["sector"]], Setting.choices)
    if values["rank"] == 1:
        return _("È l’ambito che preferisce: %(sector)s") % {"sector": sector}
    return _("È fra gli ambiti che preferisce: %(sector)s") % {"sector": sector}


TEXTS = {
    Why.NO_WAY: lambda v: _("Non ci si arriva con i mezzi che ha (circa %(km)s km)") % v,
    Why.TOO_FAR: too_far,
    Why.MUNICIPALITY: lambda v: _("Il comune è fra quelli dove non può andare"),
    Why.TIMETABLE: timetable,
    Why.SHIFT: lambda v: _("Si lavora quando non può: %(shifts)s") % {"shifts": names(v["shifts"], Shift.choices)},
    Why.HOURS: lambda v: _("Chiede %(asked)s ore la settimana, può farne al più %(most)s") % v,
    Why.NEED: lambda v: _("Nel luogo manca: %(needs)s") % {"needs": needs(v["needs"])},
    Why.REQUIREMENT: lambda v: _("Chiede: %(asked)s") % {"asked": ", ".join(v["asked"])},
    Why.SECTOR_REFUSED: lambda v: (
        _("È un ambito che non vuole: %(sector)s") % {"sector": names([v["sector"]], Setting.choices)}
    ),
    Why.DECLINED: lambda v: _("Già detto di no: %(reason)s") % {"reason": names([v["reason"]], Reason.choices)},
    Why.WAY: way,
    Why.NEED_ON_REQUEST: lambda v: _("Da chiedere all’ospitante: %(needs)s") % {"needs": needs(v["needs"])},
    Why.SECTOR: lambda v: (
        _("Non è fra gli ambiti che preferisce: %(sector)s") % {"sector": names([v["sector"]], Setting.choices)}
    ),
    Why.SKILL: lambda v: _("Da imparare: %(skills)s") % {"skills": ", ".join(v["skills"])},
    Why.LEARNED: lambda v: (
        _("Simile a un posto non accolto: %(reason)s") % {"reason": names([v["reason"]], Reason.choices)}
    ),
    Why.NEEDS_MET: lambda v: _("C’è ciò che le serve: %(needs)s") % {"needs": needs(v["needs"])},
    Why.WISHED: wished,
    Why.HOURS_FIT: lambda v: _("L’orario, con il viaggio, entra nelle ore in cui può stare fuori"),
    Why.SKILLS_MET: lambda v: _("Sa già fare: %(skills)s") % {"skills": ", ".join(v["skills"])},
}


def verdict(pair):
    """What became of a place, for this person."""
    if pair["verdict"] == Verdict.BLOCKED:
        return _("non è possibile")
    worse = pair["worse_by"]
    more = ngettext(
        "darglielo peggiora tutta la proposta di almeno %(n)s punto",
        "darglielo peggiora tutta la proposta di almeno %(n)s punti",
        worse,
    ) % {"n": worse}
    if pair["verdict"] == Verdict.TAKEN:
        return _("andato ad altri: %(more)s") % {"more": more} if worse else _("andato ad altri, a parità di punti")
    return _("libero, ma %(more)s") % {"more": more} if worse else _("libero, a parità di punti")


def obstacles(without):
    """(sentence, places) of what forbids, what alone forbids first: what one change would open."""
    alone = [
        (
            ngettext(
                "Un posto sarebbe possibile se non fosse che %(why)s.",
                "%(count)s posti sarebbero possibili se non fosse che %(why)s.",
                count,
            )
            % {"count": count, "why": FORBIDS[why]},
            count,
        )
        for why, count in without.get("alone", {}).items()
    ]
    others = [
        (
            ngettext("Per un posto, fra l’altro, %(why)s.", "Per %(count)s posti, fra l’altro, %(why)s.", count)
            % {"count": count, "why": FORBIDS[why]},
            count,
        )
        for why, count in without.get("forbidden", {}).items()
        if why not in without.get("alone", {})
    ]
    return alone + others
