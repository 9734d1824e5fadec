"""The bodies the lives meet: the public ones `accanto init` loaded, and invented ones where the pack has none."""

from accanto.access.organisation import Organisation

Kind = Organisation.Kind
SYNTHETIC = "dato sintetico"


def of_the_pack(zones):
    """The Region, and the authority and the employment centre of each zone, by its number."""
    authorities, centres = {}, {}
    for zone in zones:
        authorities[zone.pk] = of_zone(Kind.ZONE_AUTHORITY, zone, f"Zona-distretto {zone}")
        centres[zone.pk] = of_zone(Kind.EMPLOYMENT_CENTRE, zone, f"Centro per l’impiego, zona {zone}")
    return Organisation.objects.filter(kind=Kind.REGION).earliest("pk"), authorities, centres


def of_zone(kind, zone, name):
    known = Organisation.objects.filter(kind=kind, zone=zone).order_by("pk").first()
    return known or Organisation.objects.create(kind=kind, name=name, zone=zone, source=SYNTHETIC)


def health_authority_of(zone):
    """The pack names the authority in full («Azienda USL Toscana Centro»), the zone by its last words."""
    known = Organisation.objects.filter(kind=Kind.HEALTH_AUTHORITY, name__iendswith=zone.health_authority).first()
    name = f"Azienda USL {zone.health_authority}"
    return known or Organisation.objects.create(kind=Kind.HEALTH_AUTHORITY, name=name, source=SYNTHETIC)


def host_name(kind, type_, name, family, *, known):
    """A name of nobody, once in the region; not that of the place, which every page says beside it."""
    found = f"{kind} {name} di {family}" if type_ == "private_employer" else f"{kind} {family}"
    known[found] = known.get(found, 0) + 1
    return f"{found} {known[found]}" if known[found] > 1 else found
