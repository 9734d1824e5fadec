"""Loads the zone teams made stable by a protocol, as a region pack lists them (R-SIIL-07), twice as well as once."""

from pathlib import Path

from django.db import transaction

from accanto.cases.zone_team import ZoneTeam, ZoneTeamSeat
from accanto.territory.municipality import Municipality
from accanto.territory.pack import Problems, read_csv
from accanto.territory.zone import Zone


def load(pack_folder, *, now) -> int:
    """How many zones have a protocol. Raises PackError, with nothing written, naming every line that is wrong."""
    problems = Problems()
    rows = read_csv(
        Path(pack_folder) / "siil_protocols.csv",
        required=["zone", "signed_on", "known_by", "seats", "source"],
        problems=problems,
    )
    zones = {zone.code: zone for zone in Zone.objects.all()}
    teams = [
        (
            zones.get(row.one_of("zone", zones)),
            row.day("signed_on", optional=True),
            row.day("known_by", optional=True),
            row.text("source", longest=300),
            [seat.strip() for seat in row.text("seats", optional=True).split(";") if seat.strip()],
        )
        for row in rows
    ]
    problems.stop_if_any()
    with transaction.atomic():
        for zone, signed_on, known_by, source, seats in teams:
            team, _ = ZoneTeam.objects.update_or_create(
                zone=zone, defaults={"protocol_on": signed_on, "known_by": known_by, "source": source}
            )
            for name in seats:
                place = Municipality.objects.filter(zone=zone, name=name).first()
                ZoneTeamSeat.objects.update_or_create(team=team, name=name, defaults={"municipality": place})
    return len(teams)
