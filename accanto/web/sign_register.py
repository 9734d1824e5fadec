"""The signatures of a week of one register: of the person, with their own access or on the tutor's device, and of the
host's tutor."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.cases.plan_evidence import NoSignature, path_of
from accanto.norms.findings import Refused
from accanto.traineeships import register, register_signature
from accanto.traineeships.register_signature import Signer, Way, mark_of, text_of
from accanto.web.month_register import SIGNERS, days_of, evidence_of
from accanto.web.templatetags.parts import local
from accanto.web.traineeship import visible
from accanto.web.week import ONE_DAY, monday_of

# who signs with their own access, as what
OWN = {Kind.PERSON: Signer.TRAINEE, Kind.HOST_TUTOR: Signer.HOST_TUTOR}
# whose signature is gathered on whose device
GATHERED = {
    Kind.PERSON: (),
    Kind.HOST_TUTOR: (Signer.TRAINEE,),
    Kind.THIRD_SECTOR_TUTOR: (Signer.TRAINEE, Signer.HOST_TUTOR),
}


class SignForm(forms.Form):
    """What was shown comes back as its mark; a signature given on somebody else's device says how it was given."""

    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label=gettext_lazy("Come firma"),
        choices=[
            (Way.DRAWN.value, gettext_lazy("disegna la firma qui, adesso")),
            (Way.PAPER.value, gettext_lazy("ha firmato il registro di carta")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Scegli come firma.")},
    )
    drawn = forms.CharField(required=False, max_length=200_000, widget=forms.HiddenInput)

    def __init__(self, *args, own, **kwargs):
        super().__init__(*args, **kwargs)
        self.strokes = ""
        if own:
            del self.fields["how"], self.fields["drawn"]

    @property
    def way(self):
        return Way(self.cleaned_data["how"]) if "how" in self.fields else Way.SESSION

    def clean(self):
        data = super().clean()
        if data.get("how") == Way.DRAWN:
            try:
                self.strokes = path_of(data.get("drawn") or "")
            except NoSignature:
                self.add_error("how", _("Manca la firma disegnata: firma nel riquadro, più grande."))
        return data


class Side:
    """One of the two who sign: what they have still to sign in this week, and the form for it."""

    def __init__(self, signer, here, acting, sent):
        self.signer, self.label = signer, signer.label
        self.rows = here.to_sign(signer)
        self.mark = mark_of([text_of(here.traineeship, self.rows)]) if self.rows else ""
        self.own = OWN.get(acting.kind) == signer
        mine = sent is not None and sent.get("signer") == signer
        self.form = None
        if self.rows and (self.own or signer in GATHERED[acting.kind]):
            self.form = SignForm(
                sent if mine else None, own=self.own, initial={"shown": self.mark}, prefix=None, auto_id=f"{signer}-%s"
            )


@for_kinds(*SIGNERS)
@writes
def sign_register(request, traineeship, day):
    acting, now = request.acting, timezone.now()
    today = timezone.localdate(now)
    row = visible(request, traineeship)
    monday = monday_of(day, today)
    sunday = monday + 6 * ONE_DAY
    if sunday < row.starts or monday > row.ends:
        raise Http404
    (here,) = register.read([row], monday, sunday, acting=acting, today=today)
    sent = request.POST if request.method == "POST" else None
    sides = [Side(signer, here, acting, sent) for signer in Signer]
    if sent is not None:
        side = next((one for one in sides if one.signer == sent.get("signer") and one.form), None)
        if side is None:
            messages.info(request, _("Non c’è niente da firmare: è già tutto firmato, o non c’è niente di scritto."))
            return redirect(request.path)
        if side.form.is_valid() and signs(request, row, side, now=now):
            return redirect(request.path)
    wrong = any(side.form and side.form.errors for side in sides)
    context = {
        "traineeship": row,
        "monday": monday,
        "sunday": sunday,
        "days": [day for day in days_of(here, today=today) if day.row or day.says != "–"],
        "sides": sides,
        "evidence": evidence_of(here),
        "is_own": acting.kind == Kind.PERSON,
        "earlier": reverse("sign_register", args=[row.pk, monday - 7 * ONE_DAY]) if monday > row.starts else "",
        "later": reverse("sign_register", args=[row.pk, monday + 7 * ONE_DAY])
        if monday + 7 * ONE_DAY <= min(today, row.ends)
        else "",
        "month": f"{min(max(monday, row.starts), row.ends):%Y-%m}",
    }
    return render(request, "traineeships/sign_register.html", context, status=422 if wrong else 200)


def signs(request, row, side, *, now):
    """Write the signature. What stops it is said in the form."""
    try:
        made = register_signature.sign(
            days={row: side.rows},
            signer=side.signer,
            way=side.form.way,
            mark=side.form.cleaned_data["shown"],
            by=request.acting,
            now=now,
            strokes=side.form.strokes,
            name=str(request.user) if side.own and side.signer == Signer.HOST_TUTOR else "",
        )
    except register_signature.ShownHasChanged:
        side.form.add_error(None, _("Intanto il registro è cambiato: rileggilo qui sopra e firma di nuovo."))
        side.form.data = side.form.data.copy()
        side.form.data["shown"] = side.mark
        return False
    except Refused as stopped:
        side.form.add_error(None, " ".join(local(finding.sentence) for finding in stopped.findings))
        return False
    count = sum(len(one.lines) for one in made)
    sentence = ngettext("%(count)s giornata firmata.", "%(count)s giornate firmate.", count)
    messages.success(request, sentence % {"count": count})
    return True
