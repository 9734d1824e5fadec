"""The extracts of Italia Domani on the PNRR in Tuscany: the universe of localisations and the validated projects.

Only the lines of M5C2 1.1.1, 1.1.4, 1.2 and 1.3 are kept; rows of other measures are counted and left out. A file with
one wrong row is refused whole, with all its errors."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import gettext as _

from accanto.exchange.sheet import Errors, Row, RowError, decode, require, rows
from accanto.plan import extract
from accanto.plan.extract import Difference, Extract
from accanto.plan.localisation import CUP, EVERYWHERE, FOLLOWED, Localisation
from accanto.plan.pnrr_project import PnrrProject
from accanto.territory.municipality import Municipality, search_key
from accanto.territory.zone import Zone

LOCALISATION_COLUMNS = (
    "submeasure",
    "submeasure_description",
    "cup",
    "local_project_code",
    "province_name",
    "municipality_as_published",
    "istat_code",
    "zone_id",
    "extraction_date",
)
PROJECT_COLUMNS = (
    "submeasure",
    "call_title",
    "cup",
    "local_project_code",
    "cup_status",
    "project_title",
    "funding_pnrr",
    "funding_total",
    "implementing_body",
    "implementing_body_tax_code",
    "updated",
    "istat_codes",
    "zone_ids",
)
SUBMEASURE = re.compile(r"M\dC\dI\d\.\d\d\.\d\d", re.ASCII)
INNER_AREAS = "M5C3I1.01.01"  # services of inner areas: nearly the name of P.I.P.P.I., another measure (AD-51)


@dataclass
class Preview:
    """What a file contains and what importing it would do. With errors nothing can be written."""

    file_name: str
    sha256: str = ""
    kind: str = ""
    day: date | None = None
    rows: list = field(default_factory=list)
    difference: Difference = field(default_factory=Difference)
    elsewhere: dict[str, int] = field(default_factory=dict)  # {submeasure: rows left out}
    notices: list[RowError] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    @property
    def importable(self):
        return not self.errors and self.difference.writes

    @property
    def left_out(self):
        return sum(self.elsewhere.values())


class Refused(Exception):
    """The file cannot be imported; `preview.errors` says why, row by row."""

    def __init__(self, preview):
        self.preview = preview
        super().__init__(
            _("Il file %(name)s non si può importare: %(count)s errori.")
            % {"name": preview.file_name, "count": len(preview.errors)}
        )


def preview(content: bytes, *, file_name: str, today: date) -> Preview:
    """Read and check the whole file and compare it with what is there. Writes nothing, raises nothing."""
    found, errors = Preview(file_name=file_name, sha256=hashlib.sha256(content).hexdigest()), Errors()
    text = decode(content, errors)
    if text is not None:
        header, lines = rows(text, errors)
        if "funding_pnrr" in header or "project_title" in header:
            found.kind = Extract.Kind.PROJECTS
            if require(header, PROJECT_COLUMNS, errors):
                _Reader(found, errors, today).projects(lines)
        else:
            found.kind = Extract.Kind.LOCALISATIONS
            if require(header, LOCALISATION_COLUMNS, errors):
                _Reader(found, errors, today).localisations(lines)
        if not lines and not errors:
            errors.add(0, "", _("Il file ha i nomi delle colonne e nessuna riga."), _("Scegli il file completo."))
    found.errors = sorted(errors.found, key=lambda error: error.line)
    if not found.errors and found.rows:
        found.difference = extract.compare(kind=found.kind, rows=found.rows)
    return found


def bring_in(content: bytes, *, file_name: str, by, now) -> Preview:
    """Import the file: all of it or, raising Refused, nothing. Importing it again changes nothing."""
    found = preview(content, file_name=file_name, today=timezone.localdate(now))
    if found.errors:
        raise Refused(found)
    if found.importable:
        found.difference = extract.bring_in(
            kind=found.kind,
            rows=found.rows,
            file_name=file_name,
            sha256=found.sha256,
            day=found.day,
            elsewhere=found.left_out,
            by=by,
            now=now,
        )
    return found


class _Reader:
    """Makes rows of the plan out of rows of the file, and notes what is wrong."""

    def __init__(self, found, errors, today):
        self.found, self.errors, self.today = found, errors, today
        self.municipalities = {m.istat_code: m for m in Municipality.objects.select_related("zone")}
        self.zones = {zone.code: zone for zone in Zone.objects.all()}
        self.first_line: dict[tuple, int] = {}

    def followed(self, lines):
        """The rows of the lines the plan speaks of; the others are counted."""
        elsewhere: Counter[str] = Counter()
        for row in lines:
            code = row["submeasure"]
            if not SUBMEASURE.fullmatch(code):
                self.wrong(
                    row,
                    "submeasure",
                    _("«%(value)s» non è il codice di una sottomisura.") % {"value": code[:40]},
                    _("Scrivi missione, componente, investimento e linea, per esempio M5C2I1.01.04."),
                )
            elif FOLLOWED.fullmatch(code):
                yield row
            else:
                elsewhere[code] += 1
        self.found.elsewhere = dict(sorted(elsewhere.items()))

    def localisations(self, lines):
        for row in self.followed(lines):
            day = self.day(row, "extraction_date")
            self.found.day = self.found.day or day
            if day and day != self.found.day:
                self.wrong(
                    row,
                    "extraction_date",
                    _("Le righe prima sono dell’estratto del %(day)s: un file contiene un estratto solo.")
                    % {"day": f"{self.found.day:%d/%m/%Y}"},
                    _("Dividi il file, uno per giorno."),
                )
            municipality, zone = self.place(row)
            self.once(row, "cup", row["submeasure"], row["cup"], row["province_name"], row["municipality_as_published"])
            self.found.rows.append(
                Localisation(
                    submeasure=row["submeasure"],
                    description=self.text(row, "submeasure_description", 600, optional=True),
                    cup=self.cup(row),
                    local_code=self.text(row, "local_project_code", 60, optional=True),
                    province_name=self.text(row, "province_name", 120),
                    municipality_as_published=self.text(row, "municipality_as_published", 120),
                    municipality_id=municipality and municipality.pk,
                    zone_id=zone and zone.pk,
                    extraction_date=day,
                )
            )

    def projects(self, lines):
        for row in self.followed(lines):
            self.once(row, "cup", row["submeasure"], row["cup"], row["local_project_code"])
            day = self.day(row, "updated")
            self.found.day = max(filter(None, (self.found.day, day)), default=None)
            self.found.rows.append(
                PnrrProject(
                    submeasure=row["submeasure"],
                    cup=self.cup(row),
                    local_code=self.text(row, "local_project_code", 60),
                    call_title=self.text(row, "call_title", 400, optional=True),
                    status=self.text(row, "cup_status", 60, optional=True),
                    title=self.text(row, "project_title", 600),
                    body=self.text(row, "implementing_body", 200),
                    body_tax_code=self.tax_code(row),
                    pnrr_euro=self.euro(row, "funding_pnrr"),
                    total_euro=self.euro(row, "funding_total"),
                    municipality_codes=self.known(row, "istat_codes", self.municipalities),
                    zone_codes=self.known(row, "zone_ids", self.zones),
                    updated=day,
                )
            )

    def wrong(self, row: Row, name, sentence, way_out):
        self.errors.add(row.line, name, sentence, way_out)

    def text(self, row, name, longest, *, optional=False):
        value = row[name]
        if not value and not optional:
            self.wrong(row, name, _("Manca il valore."), _("Riprendilo dall’estratto originale."))
        if len(value) > longest:
            self.wrong(
                row,
                name,
                _("Il testo ha %(found)s caratteri, al massimo sono %(longest)s.")
                % {"found": len(value), "longest": longest},
                _("Controlla che un separatore non abbia unito due campi."),
            )
        return value

    def cup(self, row):
        if not CUP.fullmatch(row["cup"]):
            self.wrong(
                row,
                "cup",
                _("«%(value)s» non ha la forma di un CUP.") % {"value": row["cup"][:40]},
                _("Un CUP ha 15 caratteri: una lettera, due cifre, una lettera, undici cifre."),
            )
        return row["cup"]

    def once(self, row, name, *key):
        line = self.first_line.setdefault(key, row.line)
        if line != row.line:
            self.wrong(row, name, _("La riga ripete la riga %(line)s.") % {"line": line}, _("Togli una delle due."))

    def day(self, row, name):
        value = row[name]
        try:
            found = date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII) else None
        except ValueError:
            found = None
        if found is None:
            self.wrong(
                row,
                name,
                _("«%(value)s» non è una data.") % {"value": value[:40]},
                _("Scrivila come anno-mese-giorno, per esempio 2023-03-01."),
            )
        elif found > self.today:
            self.wrong(row, name, _("La data non è ancora passata."), _("Controlla l’anno."))
        return found

    def place(self, row):
        """The municipality and the zone of a localisation; neither where the row is of a whole province or of Italy."""
        code, published = row["istat_code"], row["municipality_as_published"]
        zone = None
        if row["zone_id"]:
            zone = self.zones.get(row["zone_id"])
            if zone is None:
                self.wrong(
                    row,
                    "zone_id",
                    _("Nessuna zona ha il codice «%(value)s».") % {"value": row["zone_id"][:80]},
                    _("Usa i codici delle zone-distretto del pacchetto regionale, o lascia vuoto."),
                )
        if not code:
            if published.upper() != EVERYWHERE:
                self.wrong(
                    row,
                    "istat_code",
                    _("Manca il codice ISTAT del comune «%(name)s».") % {"name": published[:120]},
                    _("Resta vuoto solo dove il comune è «%(everywhere)s».") % {"everywhere": EVERYWHERE},
                )
            return None, zone
        municipality = self.municipalities.get(code)
        if municipality is None:
            self.wrong(
                row,
                "istat_code",
                _("Nessun comune della regione ha il codice ISTAT «%(value)s».") % {"value": code[:40]},
                _("Il codice ha sei cifre, zeri compresi; i comuni di altre regioni vanno tolti."),
            )
            return None, zone
        if zone and zone != municipality.zone:
            self.wrong(
                row,
                "zone_id",
                _("%(municipality)s è nella zona %(zone)s.")
                % {"municipality": municipality.name, "zone": municipality.zone.name},
                _("Correggi la zona, o lasciala vuota: si ricava dal comune."),
            )
        if search_key(published) != search_key(municipality.name):
            self.found.notices.append(
                RowError(
                    row.line,
                    "municipality_as_published",
                    _("Il nome pubblicato è «%(published)s», il codice è di %(name)s: si tiene il codice.")
                    % {"published": published[:120], "name": municipality.name},
                    "",
                )
            )
        return municipality, municipality.zone

    def tax_code(self, row):
        value = row["implementing_body_tax_code"]
        # sixteen characters would be a natural person's: it has no place here
        if value and not re.fullmatch(r"\d{11}", value, re.ASCII):
            self.wrong(
                row,
                "implementing_body_tax_code",
                _("Il codice fiscale di un ente ha undici cifre."),
                _("Rimetti gli zeri iniziali, o lascia vuoto."),
            )
        return value[:11]

    def euro(self, row, name):
        value = row[name]
        try:
            found = Decimal(value) if re.fullmatch(r"\d{1,12}(\.\d{1,2})?", value, re.ASCII) else None
        except InvalidOperation:
            found = None
        if found is None:
            self.wrong(
                row,
                name,
                _("«%(value)s» non è un importo.") % {"value": value[:40]},
                _("Scrivi gli euro senza separatore delle migliaia e con il punto, per esempio 210000.00."),
            )
        return found

    def known(self, row, name, rows):
        codes = row[name].split()
        for code in codes:
            if code not in rows:
                self.wrong(
                    row,
                    name,
                    _("Nella regione non c’è il codice «%(value)s».") % {"value": code[:80]},
                    _("I codici si separano con uno spazio; quelli di altre regioni vanno tolti."),
                )
        return codes
