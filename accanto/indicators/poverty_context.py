"""What is published of poverty in the region and in its zones: read beside the figures, never mixed with them."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accanto.territory.pack import read_csv

COLUMNS = ("level", "area", "zone", "period", "indicator", "value", "unit", "source")
NAMES = {
    "absolute_poverty_share": _("famiglie in povertà assoluta"),
    "absolute_poverty_persons_share": _("persone in povertà assoluta"),
    "at_risk_of_poverty_share": _("persone a rischio di povertà"),
    "isee_below_6000_share": _("ISEE sotto 6.000 euro, fra quelle presentate"),
    "adi_sfl_persons": _("persone con ADI o SFL"),
    "share_of_regional_rdc_beneficiaries": _("dei beneficiari toscani del reddito di cittadinanza"),
    "adi_taken_in_charge_share": _("dei nuclei con ADI presi in carico"),
}
PERCENT = "percent"


@dataclass(frozen=True)
class Fact:
    zone: str  # code, empty for the region
    period: str
    name: str
    value: Decimal
    unit: str
    source: str

    @property
    def is_share(self):
        return self.unit.startswith(PERCENT)


@lru_cache(maxsize=4)
def _facts(folder):
    found = []
    for row in read_csv(Path(folder) / "poverty_context.csv", required=COLUMNS):
        if row["level"] not in ("region", "zone") or row["indicator"] not in NAMES:
            continue
        try:
            value = Decimal(row["value"])
        except InvalidOperation:
            continue  # some sources give only a range
        zone = row["zone"] if row["level"] == "zone" else ""
        found.append(Fact(zone, row["period"], NAMES[row["indicator"]], value, row["unit"], row["source"]))
    return tuple(found)


def of_region() -> list[Fact]:
    return [fact for fact in _facts(settings.REGION_PACK) if not fact.zone]


def of_zone(code) -> list[Fact]:
    return [fact for fact in _facts(settings.REGION_PACK) if fact.zone == code]
