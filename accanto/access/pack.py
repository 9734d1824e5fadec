"""Loads the public bodies of a region pack: the Region, health authorities, zone authorities, municipalities,
employment centres. Loading twice changes nothing; a body no longer in the pack stays: roles may hold it."""

from pathlib import Path

from django.db import transaction

from accanto.access.organisation import Organisation
from accanto.territory.municipality import Municipality
from accanto.territory.pack import Loaded, Problems, read_csv, read_yaml
from accanto.territory.zone import Zone

Kind = Organisation.Kind


def load(pack_folder, *, now) -> Loaded:
    """Raises PackError, with nothing written, naming every line and field that is wrong."""
    folder, problems = Path(pack_folder), Problems()
    words = read_yaml(folder / "organisations.yaml", required=["region", "zone_authorities"], problems=problems)
    centres = read_csv(folder / "employment_centres.csv", required=["kind", "name", "zone"], problems=problems)
    problems.stop_if_any()
    zones = {zone.code: zone for zone in Zone.objects.all()}
    wanted = [(Kind.REGION, words.block("region"), None)]
    wanted += [(Kind.HEALTH_AUTHORITY, body, None) for body in words.blocks("health_authorities", optional=True)]
    wanted += [
        (Kind.ZONE_AUTHORITY, body, zones.get(body.one_of("zone", zones))) for body in words.blocks("zone_authorities")
    ]
    bodies = [
        (kind, body.text("name", longest=200), zone, body.text("source", optional=True, longest=300))
        for kind, body, zone in wanted
    ]
    bodies += [
        (
            Kind.EMPLOYMENT_CENTRE,
            f"Centro per l’impiego di {centre.text('name', longest=150)}",
            zones.get(centre.one_of("zone", zones, optional=True) or ""),
            centre.text("source", optional=True, longest=300),
        )
        for centre in centres
        if centre.text("kind") == "centre"
    ]
    problems.stop_if_any()
    bodies += [
        (Kind.MUNICIPALITY, f"Comune di {place}", place.zone, "ISTAT")
        for place in Municipality.objects.select_related("zone")
    ]
    present = {(body.kind, body.name): body for body in Organisation.objects.exclude(kind=Kind.HOST)}
    loaded = Loaded()
    with transaction.atomic():
        for kind, name, zone, source in bodies:
            body = present.get((kind, name))
            if body is None:
                present[kind, name] = Organisation.objects.create(kind=kind, name=name, zone=zone, source=source)
                loaded.added += 1
            elif (body.zone_id, body.source) != (zone and zone.pk, source):
                body.zone, body.source = zone, source
                body.save()
                loaded.changed += 1
            else:
                loaded.unchanged += 1
    return loaded
