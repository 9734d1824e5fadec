"""The releases as files, each with its fingerprint, its licence and what its columns mean."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accanto.indicators.card import cards
from accanto.indicators.release import Release, as_csv
from accanto.web.public import release_or_404

COLUMNS = [
    ("mese", _("mese della pubblicazione, AAAA-MM")),
    ("indicatore, nome, unita", _("codice, nome e unità dell’indicatore")),
    ("zona_codice, zona", _("zona-distretto; vuote per tutta la regione")),
    ("distribuzione, gruppo", _("area, sex o age e il gruppo; vuote per il totale")),
    ("figura_al", _("giorno di cui è la figura, AAAA-MM-GG")),
    ("valore", _("numero con il punto decimale; vuoto se non pubblicato o se manca il dato")),
    ("non_pubblicato", _("«sì» dove il numero è di poche persone o ne farebbe ricavare un altro")),
    ("soglia_persone", _("di quante persone almeno è una cella pubblicata")),
    ("dati", _("«dati sintetici» nelle installazioni di dimostrazione")),
]


@login_not_required
@require_safe
def open_data(request):
    context = {"releases": list(Release.objects.all()[:60]), "columns": COLUMNS, "cards": list(cards().values())}
    return render(request, "public/open_data.html", context)


@login_not_required
@require_safe
def open_data_csv(request, month):
    release = release_or_404(month)
    answer = HttpResponse(as_csv(release), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="accanto-{release.month:%Y-%m}.csv"'
    return answer
