"""The columns of existing records: what each holds and how a file may call it; the empty file to fill in."""

import difflib
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.cases.area import CaseArea
from accanto.exchange.workbook import Sheet, written
from accanto.people.registry import Registry
from accanto.people.search_key import folded
from accanto.territory.municipality import Municipality


@dataclass(frozen=True)
class Column:
    """`words` are other heads, folded; `required` is asked of the file, not only of the row."""

    name: str
    label: str
    help: str
    words: tuple = ()
    required: bool = False
    width: int = 18


COLUMNS = [
    Column("family_name", gettext_lazy("Cognome"), gettext_lazy("Come sul documento."), ("cognome", "surname"), True),
    Column("given_name", gettext_lazy("Nome"), gettext_lazy("Come sul documento."), ("nome", "name"), True),
    Column(
        "fiscal_code",
        gettext_lazy("Codice fiscale"),
        gettext_lazy("16 caratteri, o 11 cifre se provvisorio. Se c’è, riempie data, luogo di nascita e sesso."),
        ("codice fiscale", "cf", "cod fiscale", "cod fisc", "c f", "codfisc", "codicefiscale"),
        width=20,
    ),
    Column(
        "birth_date",
        gettext_lazy("Data di nascita"),
        gettext_lazy("Giorno/mese/anno, con quattro cifre per l’anno: 03/05/1990."),
        ("data di nascita", "data nascita", "nato il", "nata il", "nascita", "nato a il", "datanascita"),
    ),
    Column(
        "birth_place",
        gettext_lazy("Luogo di nascita"),
        gettext_lazy("Comune o Stato estero."),
        ("luogo di nascita", "luogo nascita", "comune di nascita", "nato a", "comune nascita"),
    ),
    Column(
        "sex",
        gettext_lazy("Sesso"),
        gettext_lazy("donna, uomo o non dichiarato; vanno bene anche F, M e X."),
        ("sesso", "genere", "sex", "m f"),
        width=14,
    ),
    Column(
        "municipality",
        gettext_lazy("Comune di residenza"),
        gettext_lazy("Il nome di un comune della regione; vuoto se la residenza è altrove."),
        ("comune di residenza", "comune residenza", "residenza", "comune", "residente a"),
        width=24,
    ),
    Column(
        "phone",
        gettext_lazy("Telefono"),
        gettext_lazy("Anche più d’uno."),
        ("telefono", "cellulare", "tel", "recapito"),
    ),
    Column(
        "email",
        gettext_lazy("Posta elettronica"),
        gettext_lazy("Un indirizzo."),
        ("posta elettronica", "email", "e mail", "mail", "indirizzo email"),
        width=26,
    ),
    Column(
        "opened_on",
        gettext_lazy("In carico dal"),
        gettext_lazy("Il giorno della presa in carico. Vuoto: si registra la persona, senza aprire un caso."),
        (
            "in carico dal",
            "presa in carico",
            "data presa in carico",
            "data apertura",
            "aperta il",
            "data pic",
            "inizio",
        ),
    ),
    Column(
        "manager",
        gettext_lazy("Responsabile del caso"),
        gettext_lazy("Nome utente, o nome e cognome, di chi lavora nella zona. Vuoto: chi si sceglie importando."),
        ("responsabile del caso", "responsabile", "assistente sociale", "case manager", "operatore", "as"),
        width=26,
    ),
    Column(
        "area",
        gettext_lazy("Area"),
        gettext_lazy("Una delle quattro aree; vuoto se non si sa."),
        ("area", "area di intervento", "target", "tipologia", "categoria"),
        width=30,
    ),
    Column(
        "plan_on",
        gettext_lazy("Ultimo progetto firmato il"),
        gettext_lazy("Il giorno dell’ultimo progetto personalizzato firmato, se c’è."),
        ("ultimo progetto firmato il", "data progetto", "progetto del", "data pai", "data pais", "ultimo progetto"),
    ),
    Column(
        "reference",
        gettext_lazy("Numero nel vecchio archivio"),
        gettext_lazy("Serve a ritrovare la scheda di partenza."),
        ("numero nel vecchio archivio", "id", "codice", "numero", "n", "matricola", "numero cartella", "cartella"),
    ),
]
BY_NAME = {column.name: column for column in COLUMNS}


def template() -> bytes:
    """The empty file to fill in: closed lists in the cells, explanations in a second sheet."""
    labels = [str(column.label) for column in COLUMNS]
    areas = [str(label) for label in CaseArea.Area.labels]
    sexes = [str(label) for label in Registry.Sex.labels]
    places = list(Municipality.objects.order_by("search_key", "pk").values_list("name", flat=True))
    order = [column.name for column in COLUMNS]
    lists = {order.index("sex"): sexes, order.index("area"): areas}
    if places:
        lists[order.index("municipality")] = places
    explained = [[str(column.label), _("sì") if column.required else _("no"), str(column.help)] for column in COLUMNS]
    explained += [
        ["", "", ""],
        [
            _("Come si fa"),
            "",
            _("Una riga per persona. Si possono togliere le colonne che non servono e cambiarne l’ordine."),
        ],
        ["", "", _("Prima di scrivere qualcosa Accanto mostra tutti gli errori e le persone già note nella zona.")],
    ]
    return written(
        [
            Sheet(_("Persone"), labels, widths=[column.width for column in COLUMNS], lists=lists),
            Sheet(_("Istruzioni"), [_("Colonna"), _("Obbligatoria"), _("Che cosa si scrive")], explained, [28, 14, 90]),
        ]
    )


def proposed(heads):
    """{column: place in the file} by the names of the heads: the same words, then what begins alike, then what is near.
    A head is given once."""
    bare = [folded(head) for head in heads]
    found: dict[str, int] = {}
    words = {column.name: (folded(str(column.label)), *column.words) for column in COLUMNS}

    def take(matches):
        for name, known in words.items():
            if name not in found:
                place = next(
                    (n for n, head in enumerate(bare) if n not in found.values() and matches(head, known)), None
                )
                if place is not None:
                    found[name] = place

    take(lambda head, known: head in known)
    take(lambda head, known: any(len(word) > 3 and head.startswith(word) for word in known))
    take(lambda head, known: len(head) > 4 and bool(difflib.get_close_matches(head, known, 1, 0.86)))
    return found
