"""What a device sends of the days written on it, read with suspicion: JSON that a stranger may have made."""

import datetime as dt
import json
import re
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accanto.traineeships.attendance import Absence, Correction
from accanto.traineeships.offline_entry import OfflineEntry
from accanto.web.parts.forms import Worked, WorkedField

MOST_AT_ONCE = 500  # entries; the page sends a hundred at a time
LONGEST = 100  # characters of any text of an entry
NUMBER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
YEARS = range(2000, 2100)  # outside them a day, or the clock of a device, is no day


class Unreadable(Exception):
    """Nothing of it can be read: it was not written by our page, or by one of long ago."""

    def __init__(self, sentence, status=400):
        super().__init__(sentence)
        self.status = status


def read_sent(body):
    """The entries to write, those given up, and the mistakes of each entry that cannot be understood, by its number.

    Raises Unreadable where not even that can be told."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable(_("Quello che è arrivato non si legge: ricarica la pagina e invia di nuovo.")) from None
    lists = [said.get("send", []), said.get("give_up", [])] if isinstance(said, dict) else [None]
    if not all(isinstance(one, list) for one in lists):
        raise Unreadable(_("Quello che è arrivato non si legge: ricarica la pagina e invia di nuovo."))
    if sum(map(len, lists)) > MOST_AT_ONCE:
        sentence = _("Sono troppe giornate in una volta: al massimo %(most)s.") % {"most": MOST_AT_ONCE}
        raise Unreadable(sentence, status=413)
    mistakes = {}
    sent, given_up = ([one for item in items if (one := read_entry(item, mistakes))] for items in lists)
    once, lists = set(), ([], [])
    for kept, entries in zip(lists, (sent, given_up), strict=True):
        for one in entries:
            if one.number not in once:
                once.add(one.number)
                kept.append(one)
    return *lists, mistakes


def read_entry(item, mistakes):
    """An OfflineEntry, or None and its sentences in `mistakes`. Raises Unreadable where it has no number of its own."""
    if not isinstance(item, dict) or not all(isinstance(value, str | int) for value in item.values()):
        raise Unreadable(_("Quello che è arrivato non si legge: ricarica la pagina e invia di nuovo."))
    texts = {name: value for name, value in item.items() if isinstance(value, str)}
    number = texts.get("number", "")
    if not NUMBER.fullmatch(number) or any(len(value) > LONGEST or "\x00" in value for value in texts.values()):
        raise Unreadable(_("Quello che è arrivato non si legge: ricarica la pagina e invia di nuovo."))
    wrong, absence, worked = [], texts.get("absence", ""), None
    day, made_at = day_of(texts.get("day", "")), moment_of(texts.get("made_at", ""))
    traineeship, correction = item.get("traineeship"), texts.get("correction", "")
    if type(traineeship) is not int or not 0 < traineeship < 2**63 or day is None or made_at is None:
        wrong.append(_("Non si capisce di quale giornata si parla."))
    if absence and absence not in Absence.values:
        wrong.append(_("Scegli il motivo dell’assenza dall’elenco."))
    if correction and correction not in Correction.values:
        wrong.append(_("Scegli dall’elenco perché si corregge."))
    if absence:
        worked = Worked(Decimal(0))
    else:
        try:
            worked = WorkedField().clean(texts.get("worked", ""))
            if not worked.hours:
                wrong.append(_("Con zero ore scegli il motivo dell’assenza."))
        except ValidationError as error:
            wrong += [str(message) for message in error.messages]
    if wrong:
        mistakes[number] = wrong
        return None
    return OfflineEntry(
        number=UUID(number),
        traineeship=traineeship,
        day=day,
        hours=worked.hours,
        times=worked.times,
        absence=absence,
        made_at=made_at,
        correction=correction,
        seen=texts.get("seen", ""),
    )


def day_of(text):
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def moment_of(text):
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.utcoffset() is None:
            return None
        moment = moment.astimezone(dt.UTC)  # PostgreSQL does not read every offset that Python does
    except (ValueError, OverflowError):
        return None
    return moment if moment.year in YEARS else None
