"""The steps by which a traineeship passes from a state to the next: which form, which act, which page."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.role import Degree
from accanto.documents import document as documents
from accanto.norms.findings import Refused
from accanto.traineeships import cover, life
from accanto.traineeships.agreement import sign_agreement
from accanto.traineeships.passage import PassageReason
from accanto.traineeships.traineeship import OPEN, STARTED, State
from accanto.web.law_beside import tell, told_to_who_follows
from accanto.web.traineeship_step_form import (
    AgreementForm,
    AttestForm,
    CloseForm,
    CoversForm,
    ExtendForm,
    LaterNoticeForm,
    NoticeForm,
    PlainForm,
    ResumeForm,
    SignForm,
    StartForm,
    StepForm,
    SuspendForm,
    WithdrawForm,
)

Reason = PassageReason.Reason


@dataclass(frozen=True)
class Step:
    label: Any
    title: Any
    form: type[StepForm]
    to: tuple  # the states it leads to; none where it only writes something down
    act: Callable
    lead: Any = ""
    when: Callable | None = None


def sign(*, traineeship, by, now, signed_file=None, **facts):
    """Typed from paper, with the paper as its proof where there is one."""
    life.sign_plan(traineeship=traineeship, by=by, now=now, **facts)
    if signed_file:
        with suppress(documents.AlreadyThere):  # the same bytes prove it already
            documents.keep(
                subject_id=traineeship.subject_id,
                zone_id=traineeship.zone_id,
                degree=Degree.TRAINEESHIP_PLAN,
                title="Progetto di tirocinio firmato",
                day=facts["on"],
                file=signed_file,
                by=by,
                now=now,
            )


def agree(*, traineeship, by, now, agreement=None, **said):
    covers = {name: said.pop(name) for name in cover.FIELDS}
    if agreement is None:
        agreement = sign_agreement(
            promoter_id=traineeship.promoter_id,
            host=traineeship.host,
            body_in_charge=traineeship.plan.body_in_charge,
            valid_from=said.pop("valid_from", None) or said["signed_on"],
            by=by,
            now=now,
            **said,
        )
    life.activate_agreement(traineeship=traineeship, agreement=agreement, by=by, now=now, **covers)


STEPS = {
    "sign": Step(
        label=gettext_lazy("Registra le firme"),
        title=gettext_lazy("Firme del progetto"),
        lead=gettext_lazy("Dopo le firme il progetto non si riscrive, e il tutor vede la persona."),
        form=SignForm,
        to=(State.PLAN_SIGNED,),
        act=sign,
    ),
    "agreement": Step(
        label=gettext_lazy("Collega la convenzione"),
        title=gettext_lazy("Convenzione e coperture"),
        lead=gettext_lazy("La firmano promotore, ospitante ed ente in carico; una può reggere più progetti."),
        form=AgreementForm,
        to=(State.AGREEMENT_ACTIVE,),
        act=agree,
    ),
    "notice": Step(
        label=gettext_lazy("Registra la comunicazione"),
        title=gettext_lazy("Comunicazione obbligatoria di avvio"),
        form=NoticeForm,
        to=(State.NOTICE_SENT,),
        act=life.notify_start,
    ),
    "start": Step(
        label=gettext_lazy("Avvia il tirocinio"),
        title=gettext_lazy("Avvio del tirocinio"),
        lead=gettext_lazy("Il primo giorno è quello del progetto; da allora si segna il registro."),
        form=StartForm,
        to=(State.RUNNING,),
        act=life.start,
        when=lambda row: row.state == State.NOTICE_SENT,
    ),
    "resume": Step(
        label=gettext_lazy("Riprendi"),
        title=gettext_lazy("Ripresa del tirocinio"),
        form=ResumeForm,
        to=(State.RUNNING, State.EXTENDED),
        act=life.resume,
        when=lambda row: row.state == State.SUSPENDED,
    ),
    "extend": Step(
        label=gettext_lazy("Proroga"),
        title=gettext_lazy("Proroga del tirocinio"),
        lead=gettext_lazy("Il bisogno lo attesta il servizio pubblico che ha in carico la persona."),
        form=ExtendForm,
        to=(State.EXTENDED,),
        act=life.extend,
        when=lambda row: row.state in (State.RUNNING, State.EXTENDED),
    ),
    "suspend": Step(
        label=gettext_lazy("Sospendi"),
        title=gettext_lazy("Sospensione del tirocinio"),
        form=SuspendForm,
        to=(State.SUSPENDED,),
        act=life.suspend,
    ),
    "close": Step(
        label=gettext_lazy("Chiudi"),
        title=gettext_lazy("Fine del tirocinio"),
        lead=gettext_lazy("Con la fine si chiude anche l’accesso dei tutor alla persona."),
        form=CloseForm,
        to=(State.CONCLUDED, State.INTERRUPTED),
        act=life.close,
        # an attested one that goes back to how it ended is another matter
        when=lambda row: row.state in OPEN,
    ),
    "covers": Step(
        label=gettext_lazy("Scrivi le coperture"),
        title=gettext_lazy("Coperture INAIL e responsabilità civile"),
        lead=gettext_lazy("I riferimenti li dà il promotore."),
        form=CoversForm,
        to=(),
        act=cover.write,
        # before it they are asked with the agreement; a plan being signed does not change under who signs it
        when=lambda row: row.state in (State.AGREEMENT_ACTIVE, State.NOTICE_SENT, *OPEN),
    ),
    "later-notice": Step(
        label=gettext_lazy("Registra la comunicazione"),
        title=gettext_lazy("Comunicazione obbligatoria di proroga o di cessazione"),
        form=LaterNoticeForm,
        to=(),
        act=life.record_notice,
        when=lambda row: row.state in STARTED and row.notices.due().exists(),
    ),
    "reopen": Step(
        label=gettext_lazy("Riapri il progetto"),
        title=gettext_lazy("Riapertura del progetto"),
        lead=gettext_lazy("Torna una bozza: le firme andranno raccolte di nuovo."),
        form=PlainForm,
        to=(State.DRAFT,),
        act=life.reopen,
    ),
    "withdraw": Step(
        label=gettext_lazy("Ritira"),
        title=gettext_lazy("Ritiro del tirocinio"),
        lead=gettext_lazy("Il tirocinio non comincerà. Quello che è stato scritto resta."),
        form=WithdrawForm,
        to=(State.WITHDRAWN,),
        act=life.withdraw,
    ),
    "attest": Step(
        label=gettext_lazy("Attestazione fatta altrove"),
        title=gettext_lazy("Attestazione finale"),
        lead=gettext_lazy("Se è già stata fatta e consegnata senza questo sistema: qui si registra solo il giorno."),
        form=AttestForm,
        to=(State.ATTESTED,),
        act=life.attest,
    ),
    "archive": Step(
        label=gettext_lazy("Archivia"),
        title=gettext_lazy("Archiviazione"),
        lead=gettext_lazy("Niente si cancella: il tirocinio esce dagli elenchi di lavoro."),
        form=PlainForm,
        to=(State.ARCHIVED,),
        act=life.archive,
        # what never began is not among the ended ones
        when=lambda row: row.state != State.WITHDRAWN,
    ),
}


def step_page(request, row, slug):
    """`row` as the acting role sees it; the act itself checks again whether the step may be taken."""
    step, now = STEPS[slug], timezone.now()
    given = {"row": row, "acting": request.acting, "today": timezone.localdate(now)}
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = step.form(*posted, **given)
    found = told_to_who_follows(form.findings(), case_id=row.case_id)
    if request.method == "POST":
        if form.is_valid() and "check" not in request.POST:
            try:
                with transaction.atomic():  # a new agreement is nothing without the passage
                    step.act(traineeship=row, by=request.acting, now=now, **form.cleaned_data)
            except Refused as refused:
                found = told_to_who_follows(refused.findings, case_id=row.case_id)
                tell(form, found, {"on": "on"})
            else:
                messages.success(request, _("Fatto: %(step)s.") % {"step": step.title})
                return redirect("traineeship", row.pk)
        elif "check" not in request.POST:
            tell(form, found, {})
    context = {
        "traineeship": row,
        "step": step,
        "form": form,
        "found": found,
        "back": reverse("traineeship", args=[row.pk]),
        "can_check": slug == "extend",
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "traineeships/step.html", context, status=status)
