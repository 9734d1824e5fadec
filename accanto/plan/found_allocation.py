"""The allocations by zone that somebody found in a source: `allocations.csv` of a region pack, a line a zone. The zones
that the source does not name are left out, and are never filled."""

from decimal import Decimal
from itertools import groupby

from django.db.models import F
from django.utils.translation import gettext as _

from accanto.plan.allocation import Allocation
from accanto.plan.allocation_parts import AllocationQuota
from accanto.plan.grade import Grade
from accanto.territory.pack import Loaded, read_csv
from accanto.territory.zone import Zone

FILE = "allocations.csv"
COLUMNS = ("fund", "year", "perimeter", "total", "zone", "amount", "act", "grade", "source", "note_it", "note_en")


def bring(folder, funds, acts, problems, *, now) -> Loaded:
    """Supersedes what the file says otherwise; what an office has corrected stays corrected."""
    loaded = Loaded()
    if not (folder / FILE).exists():
        return loaded
    zones = dict(Zone.objects.values_list("code", "pk"))
    for _key, records in groupby(read_csv(folder / FILE, required=COLUMNS, problems=problems), _of_one):
        records = list(records)
        head, quotas = records[0], _quotas(records, zones)
        line, act = head.one_of("fund", funds), head.one_of("act", acts, optional=True)
        said = {
            "year": head.whole("year", least=1990, most=2100),
            "total": head.number("total", least=0, most=10**11),
            "act": acts[act] if act else None,
            "grade": head.one_of("grade", list(Grade)),
            "source": head.text("source", longest=300),
            "perimeter": head.text("perimeter", longest=200),
            "note": {"it": head.text("note_it"), "en": head.text("note_en")},
        }
        if sum(quotas.values()) > (said["total"] or Decimal(0)):
            head.wrong("total", _("le quote delle zone lo superano"))
        if problems or funds.get(line) is None:
            continue
        _bring_one(loaded, funds[line], said, quotas, now)
    return loaded


def _of_one(record):
    return record["fund"], record["year"], record["perimeter"]


def _quotas(records, zones):
    found = {}
    for record in records:
        code, amount = record.one_of("zone", zones), record.number("amount", least=0, most=10**11)
        if code and amount is not None:
            if zones[code] in found:
                record.wrong("zone", _("la zona c’è già"))
            found[zones[code]] = amount
    return found


def _bring_one(loaded, line, said, quotas, now):
    said = {**said, "fund_line": line, "state": Allocation.State.ADOPTED}
    same = Allocation.objects.filter(recorded_by=None, synthetic=False).of_the_same_money(
        fund_line=line, year=said["year"], perimeter=said["perimeter"]
    )
    before = same.order_by(F("superseded_at").desc(nulls_first=True), "-id").first()
    if before and before.superseded_by_id and before.superseded_by.recorded_by_id:
        loaded.unchanged += 1
        return
    if before and _same(before, said, quotas):
        loaded.unchanged += 1
        return
    if before:
        before.superseded_at = now
        before.save(update_fields=["superseded_at"])
    row = Allocation.objects.create(**said, recorded_at=now)
    AllocationQuota.objects.bulk_create(
        AllocationQuota(allocation=row, zone_id=zone, amount=amount) for zone, amount in quotas.items()
    )
    if before:
        same.filter(pk=before.pk).update(superseded_by=row)
    loaded.changed += bool(before)
    loaded.added += not before


def _same(row, said, quotas):
    own = dict(row.quotas.values_list("zone_id", "amount"))
    return own == quotas and all(getattr(row, name) == value for name, value in said.items())
