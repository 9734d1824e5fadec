"""The answer that a PDF is: shown by the browser's own reader, with a name that says nothing of anybody."""

import datetime as dt
from functools import wraps

from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.functional import Promise

from accanto.documents.render import render
from accanto.web.frame import data_are_synthetic
from accanto.web.parts import numbers

# a document fetches nothing, runs nothing, is framed by nobody
NOTHING = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
RESERVED = "Documento riservato: contiene dati personali."


def body_of(acting, zone):
    """Whose letter it is: the body one acts for in the offices of a zone, the zone itself for everybody else."""
    return str(acting.role.organisation or zone) if acting.reads_by_zone else str(zone)


def made(template, data, *, acting, zone, moment, note=RESERVED):
    """The bytes of a document. Documents are in Italian, whatever the language of the screen."""
    with translation.override("it"):
        frame = {
            "body": body_of(acting, zone),
            "made_on": numbers.day(timezone.localtime(moment)),
            "data_of": numbers.moment(moment),
            "synthetic": data_are_synthetic(),
            "note": note,
        }
    return render(template, frame | data, moment=moment.astimezone(dt.UTC))


def in_italian(gather):
    """Whatever a document says is gathered in Italian, lazy words included."""

    @wraps(gather)
    def gathered(*args, **kwargs):
        with translation.override("it"):
            return resolved(gather(*args, **kwargs))

    return gathered


def resolved(data):
    if isinstance(data, dict):
        return {key: resolved(value) for key, value in data.items()}
    if isinstance(data, list):
        return [resolved(value) for value in data]
    return str(data) if isinstance(data, Promise) else data


def shown(data, name):
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Content-Security-Policy"] = NOTHING
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
