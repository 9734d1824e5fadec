"""Who must sign, as a form: a block of fields for each signatory, some of which may be left empty."""

from dataclasses import dataclass

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.documents.signature_round import Signatory
from accanto.norms.representation import PERSON
from accanto.people import representation as representations
from accanto.people.representation import Power
from accanto.traineeships.agreement import Party
from accanto.traineeships.signing import attesting_party
from accanto.web.law_beside import NearDay, no_reason
from accanto.web.representation import age_of, standing_of


@dataclass(frozen=True)
class Place:
    """Where somebody may be named: for which party, and what is already known of them."""

    party: str
    number: int
    required: bool
    known: dict
    body: str = ""

    @property
    def prefix(self):
        return f"{self.party}-{self.number}"


MOST_NAMED = 40
FIELDS = ("name", "quality", "email", "phone", "delegated_by", "delegated_until")


def fields_of(place):
    return {
        "name": forms.CharField(label=gettext_lazy("Nome e cognome"), max_length=120, required=place.required),
        "quality": forms.CharField(
            label=gettext_lazy("In quale veste"),
            max_length=120,
            required=False,
            help_text=gettext_lazy("Per esempio: legale rappresentante, direttrice."),
        ),
        "email": forms.EmailField(
            label=gettext_lazy("Posta elettronica"),
            required=False,
            help_text=gettext_lazy("Qui arriva il collegamento. Senza, si firma di persona o su carta."),
        ),
        "phone": forms.CharField(
            label=gettext_lazy("Cellulare"),
            max_length=40,
            required=False,
            validators=[RegexValidator(r"^\+?[0-9 ./()-]*$", gettext_lazy("Solo cifre."))],
        ),
        "delegated_by": forms.CharField(label=gettext_lazy("Firma per delega di"), max_length=120, required=False),
        "delegated_until": NearDay(label=gettext_lazy("Delega valida fino al"), required=False),
    }


class SignatoriesForm(forms.Form):
    send = forms.BooleanField(
        label=gettext_lazy("Manda subito il collegamento a chi ha la posta elettronica"), required=False, initial=True
    )

    def __init__(self, *args, places, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.places, self.today = places, today
        for place in places:
            for name, field in fields_of(place).items():
                if name in ("quality", "delegated_by", "delegated_until") and place.party == Party.TRAINEE:
                    continue
                self.fields[f"{place.prefix}-{name}"] = field
                self.initial.setdefault(f"{place.prefix}-{name}", place.known.get(name))

    def blocks(self):
        """(title, fields, whether it may stay closed): one a place, in order."""
        for place in self.places:
            bound = {name: self[f"{place.prefix}-{name}"] for name in FIELDS if f"{place.prefix}-{name}" in self.fields}
            title = capfirst(str(Party(place.party).label))
            if place.body:
                title = f"{title}: {place.body}"
            if place.number > 1:
                title = _("%(party)s, un altro firmatario") % {"party": title}
            closed = not place.required and not any(field.value() or field.errors for field in bound.values())
            delegation = [bound.pop(name) for name in ("delegated_by", "delegated_until") if name in bound]
            opened = any(field.value() or field.errors for field in delegation)
            yield {
                "title": title,
                "fields": list(bound.values()),
                "closed": closed,
                "delegation": delegation,
                "opened": opened,
            }

    def clean(self):
        data = super().clean()
        for place in self.places:
            said = {name: data.get(f"{place.prefix}-{name}") for name in FIELDS}
            if any(said.values()) and not said["name"] and f"{place.prefix}-name" not in self.errors:
                self.add_error(f"{place.prefix}-name", _("Scrivi chi firma, o svuota gli altri campi."))
            until = f"{place.prefix}-delegated_until"
            if said["delegated_by"] and not said["delegated_until"] and until not in self.errors:
                self.add_error(until, _("Una delega ha una fine: scrivi fino a quando vale."))
            if said["delegated_until"] and not said["delegated_by"]:
                self.add_error(f"{place.prefix}-delegated_by", _("Scrivi chi ha dato la delega."))
            if said["delegated_until"] and said["delegated_until"] < self.today:
                self.add_error(until, _("Questa delega è già finita: ne serve una valida."))
        return data

    def signatories(self):
        """The columns of each `Signatory`."""
        found = []
        for place in self.places:
            said = {name: self.cleaned_data.get(f"{place.prefix}-{name}") for name in FIELDS}
            if said["name"]:
                until = said.pop("delegated_until")
                texts = {name: (value or "").strip() for name, value in said.items()}
                found.append({"party": str(place.party), **texts, "delegated_until": until})
        return found


class NeutralSignatoriesForm(SignatoriesForm):
    """Of a document that employers read: the quality of who signs is printed in it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name.endswith("-quality"):
                field.validators.append(no_reason)


def of_attestation(row, *, acting):
    """Who attests, who may be two; the host where it signs too."""
    party, known = attesting_party(row), of_each_party(row, acting=acting)
    return [
        Place(party, 1, True, known[party], body=str(row.promoter or "")),
        Place(party, 2, False, {}),
        Place(Party.HOST, 1, False, known[Party.HOST], body=str(row.host)),
    ]


def of_bodies(row, *, body_in_charge, acting):
    """Promoter, host, body in charge: one each, and a second who may be left out."""
    bodies = {Party.PROMOTER: row.promoter, Party.HOST: row.host, Party.BODY_IN_CHARGE: body_in_charge}
    known, found = of_each_party(row, acting=acting), []
    for party, body in bodies.items():
        found += [Place(party, 1, True, known[party], body=str(body or "")), Place(party, 2, False, {})]
    return found


def of_each_party(row, *, acting):
    """{party: what is known of who signs for it}: who was named last for the same bodies, in a round that holds, or
    else the promoter's tutor, the host's contact, who gathers the signatures."""
    host, tutor = row.host, row.tutor
    found = {
        Party.PROMOTER: {"name": tutor.name, "email": tutor.email} if tutor and row.promoter_id else {},
        Party.HOST: {"name": host.contact_name, "email": host.email, "phone": host.phone},
        Party.BODY_IN_CHARGE: {"name": acting.user.name, "email": acting.user.email},
    }
    same_bodies = Q(round__signing__traineeship=row) | Q(
        round__signing__agreement__promoter=row.promoter_id, round__signing__agreement__host=row.host_id
    )
    named = Signatory.objects.within(acting).filter(
        same_bodies, party__in=list(found), round__voided_at=None, delegated_by=""
    )
    for one in reversed(named.order_by("-id")[:MOST_NAMED]):
        found[one.party] = {name: getattr(one, name) for name in ("name", "quality", "email", "phone")}
    return found


def of_person(row, *, acting, today):
    """The person, and who by the law or by a decree signs with them or for them. Sealed contacts are not copied."""
    represented_by = standing_of(acting, row.subject_id, today)
    who, findings = representations.signers(
        representations=represented_by, power=Power.TRAINEESHIP, on=today, age=age_of(acting, row.subject_id, today)
    )
    person = row.person
    known = {"name": str(person), "email": person.email, "phone": person.phone}
    found = [Place(Party.TRAINEE, 1, PERSON in who, known if PERSON in who else {})]
    beside = represented_by if len(who) > 1 or PERSON not in who else []
    found += [
        Place(Party.GUARDIAN, n, n == 1, {"name": one.name, "quality": str(one.get_kind_display())})
        for n, one in enumerate(beside, start=1)
    ]
    if not beside and len(who) > 1:
        found.append(Place(Party.GUARDIAN, 1, True, {}))
    return found, findings
