"""How the cells of existing records are understood: a row in, its data and all that is wrong with it out."""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accanto.access.role import Kind, Role
from accanto.people import fiscal_code
from accanto.people.search_key import folded
from accanto.territory.municipality import Municipality
from accanto.territory.municipality import search_key as place_key

FIRST_DAY = dt.date(1900, 1, 1)
LONGEST = {"family_name": 80, "given_name": 80, "birth_place": 120, "phone": 40, "email": 254, "reference": 60}
SEXES = {
    "f": "F", "femmina": "F", "femminile": "F", "donna": "F", "m": "M", "maschio": "M", "maschile": "M", "uomo": "M",
    "x": "X", "non dichiarato": "X", "nd": "X", "n d": "X", "altro": "X",
}  # fmt: skip
AREAS = {
    "salute mentale": "mental_health", "psichiatria": "mental_health", "disabilita": "disability",
    "svantaggio": "disadvantage", "svantaggio ed esclusione sociale": "disadvantage", "poverta": "disadvantage",
    "esclusione sociale": "disadvantage", "area carcere": "prison", "carcere": "prison", "prison": "prison",
    "mental health": "mental_health", "disability": "disability", "disadvantage": "disadvantage",
}  # fmt: skip


class Reader:
    """Understands the rows of one batch. What it must know of the zone is read once."""

    def __init__(self, *, mapping, zone_id, manager_id, today):
        self.mapping, self.today, self.manager_id = mapping, today, manager_id
        places: dict[str, list] = {}
        for place in Municipality.objects.order_by("pk"):
            places.setdefault(place_key(place.name), []).append(place.pk)
        self.places = places
        roles = Role.objects.on(today).filter(
            kind__in=(Kind.SOCIAL_WORKER, Kind.CASE_MANAGER), zone_id=zone_id, user__is_active=True
        )
        self.workers: dict[str, set] = {}
        for role in roles.select_related("user").order_by("pk"):
            for name in (role.user.username, role.user.name):
                if name.strip():
                    self.workers.setdefault(" ".join(sorted(folded(name).split())), set()).add(role.user_id)

    def read(self, cells):
        """(data, errors, cautions) of a row: everything that is wrong with it at once."""
        row = _Row(self, cells)
        return row.data, row.errors, row.cautions


class _Row:
    def __init__(self, reader, cells):
        self.reader, self.cells = reader, cells
        self.errors: list[list[str]] = []
        self.cautions: list[list[str]] = []
        self.data = {name: self.text(name) for name in LONGEST}
        for name in ("family_name", "given_name"):
            if not self.data[name]:
                self.wrong(name, _("Manca il valore."), _("Scrivi cognome e nome di ogni persona, una per riga."))
        self.data["fiscal_code"], code = self.code()
        self.data["birth_date"] = self.day("birth_date")
        self.data["sex"] = self.one_of("sex", SEXES, _("Scrivi donna, uomo o non dichiarato."))
        self.data["municipality"] = self.place()
        self.email()
        if code and not code.provisional:
            self.agree(code)
        self.the_case()

    def cell(self, name):
        place = self.reader.mapping.get(name)
        return self.cells[place] if place is not None and place < len(self.cells) else ""

    def wrong(self, name, sentence, way_out):
        self.errors.append([name, str(sentence), str(way_out)])

    def text(self, name):
        value = self.cell(name)
        if "\ufffd" in value:
            self.wrong(
                name,
                _("C’è un carattere che non si legge."),
                _("Riscrivi la cella, o salva di nuovo il file con la codifica UTF-8."),
            )
        if len(value) > LONGEST[name]:
            self.wrong(
                name,
                _("Il testo ha %(found)s caratteri, al massimo sono %(longest)s.")
                % {"found": len(value), "longest": LONGEST[name]},
                _("Accorcialo, o controlla che due celle non si siano unite."),
            )
        return value[: LONGEST[name]]

    def code(self):
        typed = self.cell("fiscal_code")
        if not typed:
            return "", None
        try:
            found = fiscal_code.read(typed[:60])
        except fiscal_code.WrongFiscalCode as mistake:
            way_out = _("Correggilo dal tesserino, o lascia vuota la cella se non si sa.")
            self.wrong("fiscal_code", f"«{typed[:30]}»: {mistake}", way_out)
            return "", None
        return found.code, found

    def day(self, name, *, last=None):
        typed = self.cell(name)
        if not typed:
            return None
        found = day_in(typed)
        if found is None:
            self.wrong(
                name,
                _("«%(value)s» non è un giorno del calendario.") % {"value": typed[:30]},
                _("Scrivilo come giorno/mese/anno con quattro cifre per l’anno, per esempio 03/05/1990."),
            )
        elif found > self.reader.today:
            self.wrong(
                name,
                _("Il %(day)s non è ancora passato.") % {"day": f"{found:%d/%m/%Y}"},
                _("Controlla l’anno."),
            )
        elif found < FIRST_DAY:
            self.wrong(
                name,
                _("Il %(day)s è troppo indietro.") % {"day": f"{found.day:02}/{found.month:02}/{found.year:04}"},
                _("Controlla l’anno: il primo che si accetta è il 1900."),
            )
        else:
            return found
        return None

    def one_of(self, name, words, way_out):
        typed = self.cell(name)
        found = words.get(folded(typed))
        if typed and not found:
            self.wrong(name, _("«%(value)s» non è nell’elenco.") % {"value": typed[:40]}, way_out)
        return found or ""

    def place(self):
        typed = self.cell("municipality")
        if not typed:
            return None
        # «Borgo San Lorenzo (FI)» is how registries write it
        found = self.reader.places.get(place_key(re.sub(r"\s*\([A-Za-z]{2}\)\s*$", "", typed))) or []
        if len(found) == 1:
            return found[0]
        if found:
            self.wrong("municipality", _("Ci sono più comuni con questo nome."), _("Lascia vuoto e indicalo dopo."))
        else:
            self.wrong(
                "municipality",
                _("Nella regione non c’è il comune «%(name)s».") % {"name": typed[:60]},
                _("Scrivi il nome per intero, o lascia vuoto se la residenza è altrove."),
            )
        return None

    def email(self):
        try:
            if self.data["email"]:
                validate_email(self.data["email"])
        except ValidationError:
            self.wrong(
                "email",
                _("«%(value)s» non è un indirizzo di posta.") % {"value": self.data["email"][:60]},
                _("Correggilo, o lascia vuota la cella."),
            )

    def agree(self, code):
        """What the fiscal code says fills in what is missing, and warns where the file says otherwise."""
        said = fiscal_code.cautions(
            code,
            given_name=self.data["given_name"],
            family_name=self.data["family_name"],
            birth_date=self.data["birth_date"],
            sex=self.data["sex"],
        )
        self.cautions += [[name, str(sentence)] for name, sentence in said]
        self.data["birth_date"] = self.data["birth_date"] or code.birth_date
        self.data["birth_place"] = self.data["birth_place"] or code.birth_place
        self.data["sex"] = self.data["sex"] or code.sex

    def the_case(self):
        opened, agreed = self.day("opened_on"), self.day("plan_on")
        born = self.data["birth_date"]
        self.data["area"] = self.one_of(
            "area", AREAS, _("Scrivi salute mentale, disabilità, svantaggio ed esclusione sociale, area carcere.")
        )
        self.data["manager"] = self.manager()
        if opened and born and opened < born:
            self.wrong(
                "opened_on",
                _("La presa in carico viene prima della nascita."),
                _("Controlla le due date della riga."),
            )
        if not self.cell("opened_on"):
            for name in ("area", "plan_on"):
                if self.cell(name):
                    self.wrong(
                        name,
                        _("C’è un valore ma manca il giorno della presa in carico."),
                        _("Scrivi «In carico dal», o vuota questa cella: senza si registra solo la persona."),
                    )
        elif opened and not self.data["manager"] and not any(name == "manager" for name, *_rest in self.errors):
            self.wrong(
                "manager",
                _("Manca chi risponde del caso."),
                _("Scrivilo nella riga, o scegli nell’abbinamento chi vale per le righe che non lo dicono."),
            )
        if opened and agreed and agreed < opened:
            self.cautions.append(["plan_on", _("Il progetto è di prima della presa in carico: si tiene com’è.")])
        self.data |= {"opened_on": opened, "plan_on": agreed}
        for name in ("birth_date", "opened_on", "plan_on"):
            self.data[name] = self.data[name] and self.data[name].isoformat()

    def manager(self):
        typed = self.cell("manager")
        if not typed:
            return self.reader.manager_id
        found = self.reader.workers.get(" ".join(sorted(folded(typed).split()))) or ()
        if len(found) == 1:
            return next(iter(found))
        if found:
            self.wrong("manager", _("Nella zona ci sono due persone con questo nome."), _("Scrivi il nome utente."))
        else:
            self.wrong(
                "manager",
                _("Nella zona non lavora nessuno che si chiami «%(name)s».") % {"name": typed[:60]},
                _("Scrivi il nome utente di un assistente sociale o responsabile del caso, o lascia vuoto."),
            )
        return None


def day_in(text):
    """The day in a text as people and spreadsheets write it, or None: 03/05/1990, 3.5.1990, 1990-05-03."""
    for pattern, order in (
        (r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", (2, 1, 0)),
        (r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", (0, 1, 2)),
    ):
        if found := re.fullmatch(pattern, text.strip(), re.ASCII):
            parts = [int(part) for part in found.groups()]
            try:
                return dt.date(*(parts[n] for n in order))
            except ValueError:
                return None
    return None
