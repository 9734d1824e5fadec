"""The register where there is no network: the page that stands on the device, the least it takes along, and the days
that come in when the network is back. What the device does is in `static/offline*.js` and in ADR 15."""

import hashlib
import json
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db.models import prefetch_related_objects
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accanto.access.device import DAYS_KEPT, device_key, reader_mark
from accanto.access.door import for_kinds, writes
from accanto.traineeships import offline_entry, register
from accanto.traineeships.attendance import Absence, Correction
from accanto.traineeships.traineeship import Traineeship
from accanto.web.frame import TUTORS, data_are_synthetic
from accanto.web.offline_form import MOST_AT_ONCE, Unreadable, read_sent
from accanto.web.parts.forms import Worked, WorkedField
from accanto.web.templatetags.parts import local
from accanto.web.week import MOST, ONE_DAY, monday_of

DAYS_TAKEN = 14  # this week and the next
TEMPLATE = "traineeships/offline.html"
# all that the page loads, and nothing else, is kept by the browser
LOADED = (
    "accanto.svg",
    "vendor/bootstrap-italia/bootstrap-italia.min.css",
    "frame.css",
    "accanto.css",
    "people.css",
    "offline.css",
    "offline_store.js",
    "offline_keys.js",
    "offline_sending.js",
    "offline_words.js",
    "offline.js",
    "vendor/fonts/titillium-web-regular.woff2",
    "vendor/fonts/titillium-web-600.woff2",
    "vendor/fonts/titillium-web-700.woff2",
)


def loaded():
    """The addresses of what the page loads, and one mark of them all: they change with every new version."""
    files = [static(name) for name in LOADED]
    return files, hashlib.sha256("\n".join(files).encode()).hexdigest()[:16]


def words():
    """What the page says of itself: the same for everybody, since it is kept on devices without who reads it."""
    return {
        "absences": Absence.choices,
        "corrections": Correction.choices,
        "key_address": reverse("offline_key", args=[UUID(int=0)]),
        "frame": {"synthetic": data_are_synthetic()},
    }


@login_not_required
@require_safe
def offline(request):
    """No name, no session, no token: a signed-in tutor and a stranger are given the same page."""
    response = render(request, TEMPLATE, words())
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Loads"] = loaded()[1]  # the worker keeps it only beside the very files it loads
    return response


@login_not_required
@require_safe
def offline_worker(request):
    """The service worker of `/register/`: it is another one when the page, or anything it loads, has changed."""
    texts = []
    for language in ("it", "en"):
        with translation.override(language):
            texts.append(render_to_string(TEMPLATE, words()))
    files, loads = loaded()
    version = hashlib.sha256("\n".join([loads, *texts]).encode()).hexdigest()[:16]
    given = {"page": reverse("offline"), "files": files, "loads": loads, "version": version}
    text = f"self.CARRIED = {json.dumps(given)};\nimportScripts({json.dumps(static('offline_worker.js'))});\n"
    return HttpResponse(
        text,
        content_type="text/javascript",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": reverse("offline").removesuffix("offline/")},
    )


@for_kinds(*TUTORS)
@require_safe
def offline_week(request):
    """The least that can be taken along: names, and of two weeks what is planned and whether it is written."""
    today = timezone.localdate()
    monday = monday_of(None, today)
    last = monday + (DAYS_TAKEN - 1) * ONE_DAY
    rows = Traineeship.objects.for_register(request.acting).open_between(monday, last)
    rows = rows.select_related("subject__person").order_by(
        "subject__person__family_name", "subject__person__given_name", "pk"
    )[:MOST]
    found = register.read(rows, monday, last, acting=request.acting, today=today, names=False)
    return JsonResponse(
        {
            "owner": reader_mark(request.acting.user, request.acting.role),
            "first": monday,
            "last": last,
            "days_kept": DAYS_KEPT,
            "trainees": [
                {
                    "id": one.traineeship.pk,
                    "name": str(one.traineeship.person),
                    "days": [
                        {"day": day.day, "planned": proposed(day), "written": bool(day.row)}
                        for day in one.days
                        if day.state != "outside" and not day.closed
                    ],
                }
                for one in found
            ],
        }
    )


def proposed(day):
    return WorkedField().widget.format_value(Worked(day.planned, day.times)) if day.planned else ""


@for_kinds(*TUTORS)
@require_safe
def offline_key(request, packet):
    """Whose session this is, and the key of what it left on the device: with it no PIN is needed. A token for what will
    be sent comes along, as a cookie."""
    get_token(request)
    acting = request.acting
    return JsonResponse({"owner": reader_mark(acting.user, acting.role), "key": device_key(acting, packet)})


@for_kinds(*TUTORS)
@writes
@require_POST
def offline_entries(request):
    """Days written without network, and those their writer gives up. An answer for each: some may be written and others
    not. 400 and 413 are for what our page never sends."""
    try:
        sent, given_up, mistakes = read_sent(request.body)
    except Unreadable as why:
        return JsonResponse({"problem": str(why)}, status=why.status)
    now = timezone.now()
    answers = offline_entry.receive(entries=sent, by=request.acting, now=now)
    offline_entry.give_up(entries=given_up, by=request.acting, now=now)
    prefetch_related_objects([answer.there for answer in answers.values() if answer.there], "recorded_by")
    return JsonResponse(
        {
            "answers": [
                *(told(number, answer) for number, answer in answers.items()),
                *({"number": one.number, "state": "discarded"} for one in given_up),
                *({"number": number, "state": "wrong", "sentences": said} for number, said in mistakes.items()),
            ],
            "most_at_once": MOST_AT_ONCE,
        }
    )


def told(number, answer):
    """An answer as the device keeps it: what the register says instead, by whom, and the sentences of the law."""
    there = answer.there if answer.state != offline_entry.WRITTEN else None
    sentences = [sentence_of(finding) for finding in answer.findings]
    if answer.state == offline_entry.GONE:
        sentences = [
            _("Questo tirocinio non è tra quelli di cui tieni il registro: forse è finito o è passato ad altri.")
        ]
    return {
        "number": number,
        "state": answer.state,
        "sentences": sentences,
        "there": there
        and {
            "line": there.line,
            "said": there.get_absence_display()
            if there.absence
            else WorkedField().widget.format_value(Worked(there.hours, tuple(there.times))),
            "by": str(there.recorded_by),
            "at": there.recorded_at,
        },
    }


def sentence_of(finding):
    way_out = local(finding.way_out) if finding.way_out and finding.severity == "block" else ""
    return f"{local(finding.sentence)} {way_out}".strip()
