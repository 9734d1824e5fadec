"""What is being signed of a traineeship: its plan, the agreement it will stand on, its attestation; and when it counts
as signed.

The document is made from the data of a moment, and `mark` is that of those data: where they change before the last
signature the round is void, whoever changed them and by whatever page. Of an attestation the document is the one that
was issued: the round is void where another takes its place or it is withdrawn."""

from django.db import connection, models, transaction
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.secret_link import code_mark, fingerprint
from accanto.access.subject import SubjectRows
from accanto.documents import signature_link, signature_round
from accanto.documents.signature_round import RoundRow, Signatory, SignatureRound
from accanto.norms.findings import Severity
from accanto.norms.reader import parameter
from accanto.norms.text import Text
from accanto.people.protected_address import FORGETTING
from accanto.traineeships.agreement import AGREEMENT_PARTIES, Agreement, Party
from accanto.traineeships.traineeship import hold

PLAN_PARTIES = (Party.PROMOTER, Party.HOST, Party.BODY_IN_CHARGE, Party.TRAINEE)
# the host signs the plan, and knows neither the reasons nor the sums it does not pay: they are in the annex
READ_NO_ANNEX = (Party.HOST,)
IN_ENGLISH = {
    Party.PROMOTER: "promoter",
    Party.HOST: "host",
    Party.BODY_IN_CHARGE: "body in charge",
    Party.TRAINEE: "trainee",
    Party.GUARDIAN: "representative",
}


class Signings(SubjectRows):
    def to_finish(self):
        """Neither registered nor void: somebody is missing, or everybody has signed and nobody has said so."""
        return self.filter(registered_at=None, round__voided_at=None)

    def with_rounds(self):
        return self.select_related(
            "round", "traineeship__subject__person", "agreement__host__organisation", "attestation"
        )

    def with_mark_now(self):
        """`mark_now`: what the mark would be of the data of today."""
        text = models.CharField()
        return self.annotate(
            mark_now=Coalesce(
                Func(F("attestation_id"), function="attestation_mark", output_field=text),
                Func(F("traineeship_id"), F("agreement_id"), function="signing_mark", output_field=text),
            )
        )


class Signing(RoundRow):
    round = models.OneToOneField(SignatureRound, models.PROTECT, related_name="signing")
    traineeship = models.ForeignKey(
        "traineeships.Traineeship", models.PROTECT, null=True, blank=True, related_name="signings"
    )
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, blank=True, related_name="signings")
    attestation = models.ForeignKey(
        "traineeships.Attestation", models.PROTECT, null=True, blank=True, related_name="signings"
    )
    mark = models.CharField(max_length=64)
    # from here on the state of the traineeship, the day of the agreement or the signed copy says that it is signed
    registered_at = models.DateTimeField(_("registrata il"), null=True, blank=True)

    objects = Signings.as_manager()

    class Meta:
        verbose_name = _("firma di progetto, convenzione o attestazione")
        verbose_name_plural = _("firme di progetti, convenzioni e attestazioni")
        ordering = ["-id"]
        indexes = [models.Index(fields=["zone", "subject"], name="traineeships_signing_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(traineeship__isnull=False, agreement=None, subject__isnull=False)
                | Q(traineeship=None, agreement__isnull=False, attestation=None, subject=None),
                name="traineeships_signing_of_one_thing",
            )
        ]

    def __str__(self):
        return str(self.round)


class PartyWithout(Exception):
    """Nobody is named to sign for a party."""


def draft_agreement(*, traineeship, body_in_charge, valid_from, valid_to, places, reference, by, now):
    """An agreement that nobody has signed yet: it holds up no plan until they all have."""
    agreement = Agreement.objects.create(
        promoter_id=traineeship.promoter_id,
        host=traineeship.host,
        body_in_charge=body_in_charge,
        reference=reference.strip(),
        signed_on=None,
        signed_by=[],
        valid_from=valid_from,
        valid_to=valid_to,
        places=places,
    )
    log.act("draft", agreement, by=by, now=now)
    return agreement


def open_agreement(traineeship, *, by):
    """The round of an agreement of the same parties that somebody is having signed already, or None. Whoever else asks
    for this traineeship waits."""
    hold(traineeship)
    rows = Signing.objects.within(by).to_finish().select_related("round", "agreement")
    return rows.filter(
        agreement__host=traineeship.host_id, agreement__promoter=traineeship.promoter_id, agreement__signed_on=None
    ).order_by("-id").first()  # fmt: skip


@transaction.atomic
def begin(*, traineeship=None, agreement=None, attestation=None, title, document, annex=None, signatories, by, now):
    """Ready to be signed. A round of the same thing still open is void: nobody signs two versions. Of an attestation
    `document` is the one that was issued, to the byte."""
    named = {facts["party"] for facts in signatories}
    if attestation:
        traineeship, parties = attestation.traineeship, (attesting_party(attestation.traineeship),)
        assert signature_round.sha256(document) == attestation.sha256
    else:
        parties = PLAN_PARTIES if traineeship else AGREEMENT_PARTIES
    if traineeship:
        hold(traineeship)  # of two presses the second waits, and finds the round of the first
    if traineeship and Party.GUARDIAN in named:
        named.add(Party.TRAINEE)  # who represents the person signs beside them or, by some decrees, in their place
    if without := [party for party in parties if party not in named]:
        raise PartyWithout(without)
    for one in (
        of(traineeship=traineeship, agreement=agreement, attestation=attestation).to_finish().select_related("round")
    ):
        if one.round.completed_at is None:
            signature_round.void(round=one.round, reason=SignatureRound.Void.CHANGED, by=by, now=now)
    own = {"zone_id": traineeship.zone_id if traineeship else by.zone_id}
    own["subject_id"] = traineeship.subject_id if traineeship else None
    row = signature_round.open_round(
        **own,
        title=title,
        document=document,
        annex=annex,
        signatories=[facts | {"sees_annex": facts["party"] not in READ_NO_ANNEX} for facts in signatories],
        by=by,
        now=now,
    )
    signing = Signing(**own, round=row, traineeship=traineeship, agreement=agreement, attestation=attestation)
    signing.mark = mark_of(signing)
    signing.save()
    return signing


def attesting_party(traineeship):
    """Who attests: the promoter (R-ATT-01), or the body in charge where none is named. The host may sign beside it."""
    return Party.PROMOTER if traineeship.promoter_id else Party.BODY_IN_CHARGE


def of(*, traineeship=None, agreement=None, attestation=None):
    """Of the attestation, of the plan of the traineeship, or of the agreement."""
    if attestation:
        return Signing.objects.of(attestation.subject_id).filter(attestation=attestation)
    if traineeship:
        return Signing.objects.of(traineeship.subject_id).filter(traineeship=traineeship, attestation=None)
    return Signing.objects.filter(agreement=agreement)


def mark_of(signing):
    return _value(
        "select coalesce(attestation_mark(%s), signing_mark(%s, %s))",
        [signing.attestation_id, signing.traineeship_id, signing.agreement_id],
    )


def holds(signing):
    """Whether the data are still those of the document; always once it was registered."""
    if signing.registered_at:
        return True
    return signing.mark == mark_of(signing)


def void_what_changed(*, traineeship=None, agreement=None, attestation=None, by, now):
    """After an act that may have changed what was being signed: the round says so at once."""
    rows = of(traineeship=traineeship, agreement=agreement, attestation=attestation)
    for signing in rows.to_finish().select_related("round"):
        if not holds(signing):
            cancel(signing=signing, reason=SignatureRound.Void.CHANGED, by=by, now=now)


def cancel(*, signing, by, now, reason=SignatureRound.Void.WITHDRAWN):
    """No link of it signs any more. A round that everybody has signed stays signed, and is not registered."""
    if signing.round.state == "open":
        signature_round.void(round=signing.round, reason=reason, by=by, now=now)
    elif signing.round.state == "complete":
        with transaction.atomic():
            SignatureRound.objects.filter(pk=signing.round_id).update(
                completed_at=None, voided_at=now, void_reason=reason
            )
            log.act("void", signing.round, by=by, now=now, reason=str(reason))


def refusal(traineeship, on):
    """Why the plan may not be taken as signed now: a round is open, and who is missing; nothing where none is."""
    for signing in of(traineeship=traineeship).to_finish().select_related("round"):
        if signing.round.completed_at is None and holds(signing):
            lacking = parties_missing(signing.round.signatories.select_related("signature"))
            with translation.override("it"):
                in_italian = ", ".join(str(party.label) for party in lacking)
            return [
                parameter("register.state_passages", on).finding(
                    Severity.BLOCK,
                    Text(
                        f"Il progetto è alla firma. Manca ancora: {in_italian}.",
                        f"The plan is being signed. Still missing: {', '.join(IN_ENGLISH[p] for p in lacking)}.",
                    ),
                    field="signed_by",
                    way_out=Text(
                        "Aspetta l'ultima firma, registra quelle su carta, o annulla la raccolta.",
                        "Wait for the last signature, record those on paper, or cancel the collection.",
                    ),
                )
            ]
    return []


def agreement_refusal(agreement, on):
    """An agreement that is only ready to be signed holds up no plan."""
    if agreement is None or agreement.signed_on:
        return []
    return [
        parameter("register.state_passages", on).finding(
            Severity.BLOCK,
            Text("La convenzione non è ancora firmata da tutti.", "The agreement is not signed by all yet."),
            field="agreement",
            way_out=Text("Aspetta l'ultima firma e registrala.", "Wait for the last signature and record it."),
        )
    ]


def parties_missing(signatories):
    """In the order of the signatories, each once."""
    return list(dict.fromkeys(Party(one.party) for one in signature_round.missing(signatories)))


def register_agreement(*, signing, by, now, on):
    """The last signature is there: from its day the agreement is signed."""
    agreement = signing.agreement
    agreement.signed_on, agreement.signed_by = on, [party.value for party in AGREEMENT_PARTIES]
    agreement.save(update_fields=["signed_on", "signed_by"])
    registered(signing=signing, now=now)
    log.act("sign", agreement, by=by, now=now)


def complete(traineeship):
    """The round of the plan that everybody has signed and nobody has registered, or None."""
    rows = of(traineeship=traineeship).to_finish().filter(round__completed_at__isnull=False).select_related("round")
    return next((one for one in rows.order_by("-id") if holds(one)), None)


def last_day(signing):
    return timezone.localdate(signing.round.completed_at)


def take(*, traineeship, now):
    """The plan is taken as signed: the round that everybody has signed is its proof."""
    for signing in of(traineeship=traineeship).to_finish().select_related("round"):
        if signing.round.completed_at and holds(signing):
            registered(signing=signing, now=now)


def registered(*, signing, now):
    signing.registered_at = now
    signing.save(update_fields=["registered_at"])


def signed_parties(signing):
    """Who signed, as the facts of the plan name them: a representative signs beside the person or in their place."""
    return list(
        dict.fromkeys(Signatory.objects.filter(round=signing.round_id).values_list("party", flat=True).order_by("id"))
    )


def forget_contacts(*, subject):
    """The contacts of a person are protected from now on: they sign in presence, or on paper."""
    _value("select signature_contacts_forget(%s, %s)", [subject, [Party.TRAINEE.value, Party.GUARDIAN.value]])


FORGETTING.append(forget_contacts)


# --- by who holds a link, without a session --------------------------------------------------------------------------


def link_holds(token):
    """Whether what the link signs is still what the data say."""
    return _value("select signing_holds(%s)", [fingerprint(token)])


def sign_through(token, *, code, agent):
    """«signed», «already», «wrong», «no_code» (none was asked, or it is over), «locked», «void», «delegation»; None
    where the link answers no more."""
    mark = code_mark(token, signature_link.typed(code))
    return _value("select traineeship_sign(%s, %s, %s)", [fingerprint(token), mark, agent])


def _value(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]
