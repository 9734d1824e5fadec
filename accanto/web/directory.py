"""The directory of a territory: open places, hosts, services, associations and needs, on a map with its table."""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accanto.access.door import for_kinds, writes
from accanto.access.installation import is_marked
from accanto.access.organisation import Organisation
from accanto.access.role import Kind as RoleKind
from accanto.territory.map import zone_map
from accanto.territory.municipality import Municipality
from accanto.territory.zone import Zone
from accanto.traineeships import directory as listed
from accanto.traineeships import directory_entry as entries
from accanto.traineeships.directory import Asked, Kind
from accanto.traineeships.directory_entry import DirectoryEntry, Topic
from accanto.traineeships.host import Host
from accanto.traineeships.place import Place, Setting, taken_by_place
from accanto.web.frame import WORKERS
from accanto.web.parts import zone_map as maps
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.place import READERS, Shown

WRITERS = WORKERS | {RoleKind.ZONE_PLANNER}
PAGE = 30
PHONE = r"^[0-9+ ./()-]{0,40}$"


class SearchForm(forms.Form):
    """What somebody looks for; a value that is none of the list's counts for nothing."""

    q = forms.CharField(label=gettext_lazy("Parole"), max_length=120, required=False)
    zone = forms.ChoiceField(label=gettext_lazy("Zona"), required=False)
    setting = forms.ChoiceField(
        label=gettext_lazy("Ambito del posto"),
        choices=[("", gettext_lazy("tutti")), *Setting.choices],
        required=False,
    )
    topic = forms.ChoiceField(
        label=gettext_lazy("Tema"), choices=[("", gettext_lazy("tutti")), *Topic.choices], required=False
    )

    def __init__(self, data, *, zones):
        super().__init__(data)
        self.fields["zone"].choices = [("", _("tutte")), *((zone.code, zone.name) for zone in zones)]


@for_kinds(*READERS)
@require_safe
def directory(request):
    """Found by words, kind, zone, setting and topic: counts by zone on the map, and the list."""
    zones = list(Zone.objects.order_by("order", "pk"))
    by_code = {zone.code: zone for zone in zones}
    own = next((zone for zone in zones if zone.pk == request.acting.zone_id), None)
    given = request.GET.dict()
    if "zone" not in given and own:
        given["zone"] = own.code  # one begins from where one works
    form = SearchForm(given, zones=zones)
    form.is_valid()
    said = {name: form.cleaned_data.get(name, "") for name in form.fields}
    kind = given.get("kind", "")
    kind = kind if kind in Kind else ""
    zone = by_code.get(said["zone"])
    asked = Asked(said["q"], kind, zone.pk if zone else None, said["setting"], said["topic"])
    after = given.get("from", "")
    start = min(int(after), 100_000) if after.isascii() and after.isdecimal() and len(after) < 7 else 0
    today = timezone.localdate()
    numbers = listed.counts(asked, day=today)
    found = listed.page(asked, day=today, limit=PAGE + 1, offset=start)

    def url(**other):
        chosen = said | {"kind": kind} | other
        return "?" + urlencode({name: value for name, value in chosen.items() if value or name == "zone"})

    in_zone = {
        one: sum(n for (z, k), n in numbers.items() if k == one and (zone is None or z == zone.pk)) for one in Kind
    }
    title = _("%(kind)s per zona") % {"kind": str(Kind(kind).label if kind else _("voci")).capitalize()}
    total = in_zone[kind] if kind else sum(in_zone.values())
    context = {
        "form": form,
        "kind": kind,
        "zone": zone,
        "is_asked": bool(said["q"] or said["setting"] or said["topic"]),
        "filters": [
            (_("Tutto"), url(kind=""), sum(in_zone.values()), not kind),
            *((one.label.capitalize(), url(kind=one.value), in_zone[one], kind == one) for one in Kind),
        ],
        "map": drawn(title, zones, numbers, kind, url),
        "table": tabled(title, zones, numbers, url),
        "rows": things(found[:PAGE], today),
        "sees_host": request.acting.kind in WORKERS,
        "own_zone": request.acting.zone_id if request.acting.kind in WRITERS else None,
        "can_write": request.acting.kind in WRITERS,
        "shown": min(len(found), PAGE),
        "total": total,
        "next_url": url() + f"&from={start + PAGE}" if len(found) > PAGE else "",
        "previous_url": url() + (f"&from={start - PAGE}" if start > PAGE else "") if start else "",
        "everywhere_url": url(zone="", kind=""),
    }
    return render(request, "traineeships/directory.html", context)


def drawn(title, zones, numbers, kind, url):
    shapes = zone_map()
    values = {}
    for zone in zones:
        count = sum(n for (z, k), n in numbers.items() if z == zone.pk and (not kind or k == kind))
        values[zone.code] = maps.ZoneValue(zone.name, count or None, url=url(zone=zone.code))
    return maps.choropleth(
        shapes=shapes.shapes,
        view_box=tuple(float(number) for number in shapes.view_box.split()),
        values=values,
        title=title,
        unit=str(Kind(kind).label) if kind else _("voci"),
        synthetic=is_marked(),
    )


def tabled(title, zones, numbers, url):
    return Table(
        title,
        [Column(_("Zona")), *(Column(one.label.capitalize(), "number") for one in Kind)],
        [
            [Cell(zone.name, url=url(zone=zone.code)), *(numbers.get((zone.pk, one.value), 0) for one in Kind)]
            for zone in zones
        ],
        total=[_("Toscana"), *(sum(n for (_z, k), n in numbers.items() if k == one) for one in Kind)],
        synthetic=is_marked(),
    )


def things(found, today):
    """The rows of each kind, read at once: a query a table, whatever their number."""
    ids = {}
    for kind, pk in found:
        ids.setdefault("body" if pk < 0 else kind if kind in (Kind.PLACE, Kind.HOST) else "entry", []).append(abs(pk))
    places = Place.objects.with_host().in_bulk(ids.get(Kind.PLACE, []))
    hosts = Host.objects.with_place().in_bulk(ids.get(Kind.HOST, []))
    kept = DirectoryEntry.objects.select_related("municipality", "zone").in_bulk(ids.get("entry", []))
    bodies = Organisation.objects.select_related("zone").in_bulk(ids.get("body", []))
    taken = taken_by_place() if places else {}
    rows = []
    for kind, pk in found:
        row = {"kind": kind, "word": KIND_WORDS[kind]}
        if pk < 0:
            row["body"] = bodies[-pk]
        elif kind == Kind.PLACE:
            row["place"] = Shown(places[pk], taken.get(pk, 0), today)
        elif kind == Kind.HOST:
            row["host"] = hosts[pk]
        else:
            row["entry"] = kept[pk]
            row["topics"] = [label for value, label in Topic.choices if value in kept[pk].topics]
        rows.append(row)
    return rows


KIND_WORDS = {
    "place": gettext_lazy("posto aperto"),
    "host": gettext_lazy("ospitante"),
    "service": gettext_lazy("servizio"),
    "association": gettext_lazy("associazione"),
    "need": gettext_lazy("bisogno"),
}


# --- an entry --------------------------------------------------------------------------------------------------------


class EntryForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Che cos’è"), choices=entries.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("Nome, o che cosa manca"), max_length=160)
    text = forms.CharField(
        label=gettext_lazy("Che cosa offre, a chi; o chi lo chiede, e quanto"),
        max_length=1500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Del territorio, mai di una persona."),
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Temi"), choices=Topic.choices, widget=forms.CheckboxSelectMultiple
    )
    municipality = forms.ModelChoiceField(
        label=gettext_lazy("Comune"), queryset=Municipality.objects.none(), required=False
    )
    address = forms.CharField(label=gettext_lazy("Indirizzo"), max_length=200, required=False)
    hours = forms.CharField(label=gettext_lazy("Quando è aperto"), max_length=200, required=False)
    phone = forms.RegexField(
        PHONE,
        label=gettext_lazy("Telefono"),
        required=False,
        error_messages={"invalid": gettext_lazy("Scrivi il numero con le sole cifre.")},
    )
    email = forms.EmailField(label=gettext_lazy("Posta elettronica"), required=False)
    website = forms.URLField(label=gettext_lazy("Sito"), required=False, assume_scheme="https", max_length=200)

    def __init__(self, *args, zone_id, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = Municipality.objects.filter(zone_id=zone_id).order_by("search_key")
        self.fields["municipality"].empty_label = _("tutta la zona")


@for_kinds(*WRITERS)
@writes
def new_entry(request):
    return entry_form(request, None, _("Nuova voce della mappa"))


@for_kinds(*WRITERS)
@writes
def change_entry(request, directory_entry):
    row = get_object_or_404(DirectoryEntry, pk=directory_entry, zone_id=request.acting.zone_id)
    return entry_form(request, row, row.name)


def entry_form(request, row, heading):
    zone_id, now = request.acting.zone_id, timezone.now()
    initial = {name: getattr(row, name) for name in EntryForm.base_fields} if row else {}
    form = EntryForm(request.POST if request.method == "POST" else None, zone_id=zone_id, initial=initial)
    if request.method == "POST" and form.is_valid():
        entries.write(
            zone_id=zone_id, entry=row, by=request.acting, now=now, today=timezone.localdate(now), **form.cleaned_data
        )
        messages.success(request, _("Registrato: si trova nella mappa del territorio."))
        return redirect("directory")
    context = {"form": form, "heading": heading, "entry": row}
    return render(request, "traineeships/directory_entry.html", context, status=422 if form.errors else 200)


@for_kinds(*WRITERS)
@writes
@require_POST
def end_entry(request, directory_entry):
    """It is there no more, or the need has been met."""
    row = get_object_or_404(DirectoryEntry, pk=directory_entry, zone_id=request.acting.zone_id, ended_on=None)
    entries.end(entry=row, on=timezone.localdate(), by=request.acting, now=timezone.now())
    messages.success(request, _("Tolto dalla mappa."))
    return redirect("directory")
