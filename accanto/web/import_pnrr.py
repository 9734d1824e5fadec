"""A PNRR extract comes in: chosen, looked at before anything is written, then imported whole or not at all."""

import base64
import binascii
import zlib

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.exchange import pnrr
from accanto.exchange.sheet import LARGEST
from accanto.plan.extract import Extract
from accanto.web.plan import sections

SHOWN = 50


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File dell’estratto"),
        help_text=gettext_lazy("CSV in UTF-8, fino a 5 MB: l’universo delle localizzazioni o i progetti validati."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": gettext_lazy("Scegli il file da importare."),
            "empty": gettext_lazy("Il file è vuoto: scegli quello dell’estratto."),
        },
    )


def pack(content: bytes) -> str:
    return base64.b64encode(zlib.compress(content)).decode()


def unpack(text: str) -> bytes | None:
    """The file that was previewed; None where what came back is not one. Never more than the largest file allowed."""
    try:
        packed = base64.b64decode(text, validate=True)
        reader = zlib.decompressobj()
        content = reader.decompress(packed, LARGEST + 1)
    except (ValueError, binascii.Error, zlib.error):
        return None
    return content if len(content) <= LARGEST and reader.eof else None


@for_kinds(Kind.REGIONAL_OFFICER)
@writes
def import_pnrr(request):
    now = timezone.now()
    form, preview, kept = FileForm(), None, ""
    if request.method == "POST" and "content" in request.POST:
        content = unpack(request.POST["content"])
        name = request.POST.get("name", "").replace("\x00", "")[:200] or "estratto.csv"
        if content is None:
            messages.error(request, _("L’anteprima non è più leggibile: scegli di nuovo il file."))
            return redirect("import_pnrr")
        try:
            done = pnrr.bring_in(content, file_name=name, by=request.acting, now=now)
        except pnrr.Refused as refused:
            preview = refused.preview
        else:
            messages.success(request, _outcome(done))
            return redirect("import_pnrr")
    elif request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            content = file.read(LARGEST + 1)
            preview = pnrr.preview(content, file_name=file.name[:200], today=timezone.localdate(now))
            kept = pack(content) if preview.importable else ""
    context = {
        "sections": sections(request, "import_pnrr"),
        "form": form,
        "preview": preview,
        "kept": kept,
        "errors": preview.errors[:SHOWN] if preview else [],
        "more_errors": max(0, len(preview.errors) - SHOWN) if preview else 0,
        "new": preview.difference.new[:SHOWN] if preview else [],
        "more_new": max(0, len(preview.difference.new) - SHOWN) if preview else 0,
        "changed": _changes(preview.difference.changed[:SHOWN]) if preview else [],
        "absent": preview.difference.absent[:SHOWN] if preview else [],
        "inner_areas": preview.elsewhere.get(pnrr.INNER_AREAS) if preview else None,
        "extracts": Extract.objects.all()[:10],
    }
    refused = form.errors or (preview and preview.errors)
    return render(request, "plan/import_pnrr.html", context, status=422 if refused else 200)


def _outcome(done):
    written = len(done.difference.new) + len(done.difference.changed)
    if not written:
        return _("Il file era già importato: niente è cambiato.")
    return ngettext("%(count)s riga importata.", "%(count)s righe importate.", written) % {"count": written}


def _changes(changed):
    """(row, [(field, before, after)]) with the names of the fields as people read them."""
    return [
        (
            row,
            [
                (row._meta.get_field(name.removesuffix("_id")).verbose_name, getattr(before, name), getattr(row, name))
                for name in names
            ],
        )
        for before, row, names in changed
    ]
