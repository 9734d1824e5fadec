"""Some documents in the files of the zone of the cast, kept by the acts that keep them: pages are not empty."""

import datetime as dt
import hashlib

from accanto.access.role import Acting, Degree, Role
from accanto.cases.case import Case
from accanto.cases.personal_plan import PersonalPlan
from accanto.cases.plan_evidence import keep_paper
from accanto.demonstration.cast import ZONE
from accanto.demonstration.life import at
from accanto.documents.document import keep
from accanto.documents.file_type import FileType, LookedAt
from accanto.documents.render import render
from accanto.traineeships.traineeship import Traineeship

FILES = 12  # as many as the tutor's trainees


def tell(zones, *, today):
    """Of the first files of the zone: the notice that was signed, the agreement of the traineeship, the signed plan."""
    zone = next((zone for zone in zones if zone.code == ZONE), None)
    if zone is None:
        return
    cases = Case.objects.filter(zone_id=zone.pk, closed_on=None).select_related("person", "manager", "zone")
    for case in cases.order_by("id")[:FILES]:
        role = Role.objects.filter(user=case.manager).select_related("user").earliest("pk")
        by = Acting(user=role.user, role=role)
        if case.opened_on < today:
            put(case, "Informativa firmata", Degree.CASE, on=case.opened_on, by=by)
        placement = Traineeship.objects.filter(case=case, plan_signed_on__lt=today).order_by("id").first()
        if placement:
            put(case, "Progetto di tirocinio firmato", Degree.TRAINEESHIP_PLAN, on=placement.plan_signed_on, by=by)
        plan = PersonalPlan.objects.filter(case=case, agreed_on__lt=today).order_by("-version").first()
        if plan:
            title = f"Progetto firmato, versione {plan.version}"
            paper = put(case, title, Degree.PLAN, on=plan.agreed_on, by=by)
            keep_paper(plan=plan, document=paper, by=by, now=at(plan.agreed_on, 17))


def put(case, title, degree, *, on, by):
    """A paper with a title, the person and the signatures on it, kept the day it was signed."""
    day = f"{on:%d/%m/%Y}"
    data = {
        "title": title,
        "lead": str(case.person),
        "facts": [["Firmato il", day]],
        "paragraphs": ["Copia di prova di un documento firmato su carta."],
        "signatures": [{"who": str(case.person), "name": "", "how": f"su carta, {day}"}],
        "body": str(case.zone),
        "made_on": day,
        "data_of": day,
        "synthetic": True,
        "note": "Documento riservato: contiene dati personali.",
    }
    made = render("referral_outcome", data, moment=at(on, 16).astimezone(dt.UTC))
    file = LookedAt(made, FileType.PDF, hashlib.sha256(made).hexdigest())
    whose = {"subject_id": case.subject_id, "zone_id": case.zone_id}
    return keep(**whose, degree=degree, title=title, day=on, file=file, by=by, now=at(on, 17))
