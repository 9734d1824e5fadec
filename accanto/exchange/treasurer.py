"""A payment list as the treasurer reads it, in a table and in a SEPA order; as it is published; and the outcomes back.

The table and the outcomes are one file: the treasurer fills its last columns and sends it back."""

import csv
import datetime as dt
import io
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accanto.norms import disclosure
from accanto.norms.days import working_days_after
from accanto.norms.iban import grouped
from accanto.traineeships.payment import Outcome, PaymentLine, payments_of

SCHEMA = "pain.001.001.09"
HEADERS = (
    "codice", "intestatario", "come si paga", "IBAN", "carta o sportello", "importo", "causale", "linea", "CUP",
    "esito", "data", "motivo",
)  # fmt: skip
PAID_WORDS = {"pagato", "paid", "eseguito", "ok"}
RETURNED_WORDS = {"tornato", "tornato indietro", "stornato", "respinto", "returned", "rejected"}
BIGGEST = 5_000_000  # bytes of a file of outcomes
# a cell that a spreadsheet would take for a formula
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(text):
    return f"'{text}" if text.startswith(FORMULA) else text


def amount_text(amount):
    return f"{amount:.2f}".replace(".", ",")


def remittance(drawn, payment):
    """What the person reads on the account: the months and the code, never why they are paid."""
    months = ", ".join(sorted({f"{line.month:%m/%Y}" for line in payment.lines}))
    cups = sorted({line.operation.cup for line in payment.lines if line.operation})
    return " ".join(["Indennita", months, *(f"CUP {cup}" for cup in cups), payment.code])


def as_table(drawn, lines):
    """The list for the treasurer: one row a payment, with the columns of the outcome."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADERS)
    for payment in payments_of(lines):
        payee, operation = payment.first.payee, payment.first.operation
        told = {PaymentLine.Outcome.PAID: "pagato", PaymentLine.Outcome.RETURNED: "tornato"}.get(payment.first.outcome)
        writer.writerow(
            [
                payment.code,
                plain(payee.holder_name),
                payee.get_means_display(),
                grouped(payee.iban),
                plain(payee.reference),
                amount_text(payment.amount),
                remittance(drawn, payment),
                operation.fund_line.name if operation else "",
                operation.cup if operation else "",
                told or "",
                f"{payment.first.outcome_on:%d/%m/%Y}" if payment.first.outcome_on else "",
                plain(payment.first.return_reason),
            ]
        )
    # with its mark, so that the spreadsheets of an office read the accents
    return "\ufeff" + out.getvalue()


def as_sepa_order(drawn, lines, *, at):
    """The transfers of the list as a bank reads them (pain.001.001.09), checked against the schema of ISO 20022 that
    the library ships. Raises ValueError where the list has no transfer. The message's id is the list's own: a bank
    refuses the same list twice."""
    # they read a schema: most processes never need them
    from sepaxml import SepaTransfer

    transfers = [payment for payment in payments_of(lines) if payment.is_transfer]
    if not transfers:
        raise ValueError("no transfers")
    config = {
        "name": drawn.debtor_name,
        "IBAN": drawn.debtor_iban,
        "batch": True,
        "currency": "EUR",
    }

    class Order(SepaTransfer):
        # the library makes one at random while it writes the header
        msg_id = property(lambda order: f"ACCANTO-{drawn.zone_id}-{drawn.pk}", lambda order, made_up: None)

    order = Order(config, schema=SCHEMA, clean=True)
    for payment in transfers:
        order.add_payment(
            {
                "name": payment.first.payee.holder_name[:70],
                "IBAN": payment.first.payee.iban,
                "amount": int(payment.amount * 100),
                "execution_date": drawn.execution_on or working_days_after(at.date(), 1),
                "description": remittance(drawn, payment)[:140],
                "endtoend_id": payment.code,
            }
        )
    return order.export(validate=True, pretty_print=True)


def as_published(drawn, lines, *, yearly, on):
    """The list as it is published: a code, never a name (R-IND-08), and only for who in the year goes above the sum of
    the sheet. `yearly` is {traineeship's subject id: sum of the year}."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["codice", "importo", "atto", "data dell'atto", "norma"])
    for payment in payments_of(lines):
        how, finding = disclosure.grant_publication(
            yearly_total=yearly.get(payment.first.subject_id, payment.amount), reveals_hardship=True, on=on
        )
        if how == "code":
            day = f"{drawn.act_on:%d/%m/%Y}" if drawn.act_on else ""
            writer.writerow(
                [payment.code, amount_text(payment.amount), plain(drawn.act), day, f"{finding.code}, {finding.source}"]
            )
    return "\ufeff" + out.getvalue()


@dataclass(frozen=True)
class Read:
    """What a file of outcomes says, or all that is wrong with it, row by row: then nothing of it is taken."""

    outcomes: tuple
    mistakes: tuple


def read_outcomes(content, *, codes, today):
    """Read the treasurer's answer. `codes` are those of the list; rows without an outcome still wait."""
    if len(content) > BIGGEST:
        return Read((), (_("Il file è troppo grande: non è la tabella di una lista."),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        return Read((), (_("Questo non è un file di testo: salva la tabella come CSV."),))
    delimiter = ";" if text.partition("\n")[0].count(";") >= text.partition("\n")[0].count(",") else ","
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error:
        return Read((), (_("La tabella non si legge: salvala di nuovo come CSV."),))
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    lacking = [name for name in ("codice", "esito", "data", "motivo") if name not in header]
    if lacking:
        names = ", ".join(lacking)
        sentence = ngettext("Manca la colonna %(names)s.", "Mancano le colonne %(names)s.", len(lacking))
        return Read((), (sentence % {"names": names},))
    at = {name: header.index(name) for name in ("codice", "esito", "data", "motivo")}
    outcomes, mistakes, seen = [], [], {}
    for number, row in enumerate(rows[1:], 2):
        cell = {name: row[n].strip().lstrip("'") if n < len(row) else "" for name, n in at.items()}
        if not cell["codice"] and not cell["esito"]:
            continue
        told = _outcome(cell, codes, today)
        if isinstance(told, str):
            mistakes.append(_("Riga %(row)s: %(what)s") % {"row": number, "what": told})
        elif told is not None:
            if told.code in seen:
                what = _("il codice %(code)s è già alla riga %(other)s.") % {
                    "code": told.code,
                    "other": seen[told.code],
                }
                mistakes.append(_("Riga %(row)s: %(what)s") % {"row": number, "what": what})
            seen[told.code] = number
            outcomes.append(told)
    return Read((), tuple(mistakes)) if mistakes else Read(tuple(outcomes), ())


def _outcome(cell, codes, today):
    """An Outcome, None where nothing is told, or the sentence of what is wrong."""
    code, word = cell["codice"].upper(), cell["esito"].casefold()
    if code not in codes:
        return _("il codice %(code)s non è di questa lista.") % {"code": cell["codice"][:20] or "–"}
    if not word:
        return None
    if word not in PAID_WORDS | RETURNED_WORDS:
        return _("l’esito «%(word)s» non si capisce: scrivi pagato o tornato.") % {"word": cell["esito"][:30]}
    day = _day(cell["data"])
    if day is None:
        return _("la data non si legge: scrivila come 27/11/2026.")
    if day > today:
        return _("la data è nel futuro.")
    if word in RETURNED_WORDS and not cell["motivo"]:
        return _("manca il motivo per cui il pagamento è tornato.")
    return Outcome(code=code, paid=word in PAID_WORDS, on=day, reason=cell["motivo"])


def _day(text):
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
