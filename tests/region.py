"""The demonstration region as the scene of a test: full pages, long words, somebody of every kind. All synthetic."""

from django.conf import settings
from django.utils import timezone

from accanto.access import pack as bodies
from accanto.access.role import Acting, Role
from accanto.cases import pack as teams
from accanto.cases import participation as participations
from accanto.cases.case import Case, close_case
from accanto.demonstration import build, cast
from accanto.exchange import pnrr
from accanto.plan import pack as plan
from accanto.staffing import pack as staffing
from accanto.territory import pack
from accanto.traineeships.allowance import AllowanceTerms
from accanto.traineeships.host import Host
from accanto.traineeships.traineeship import State
from accanto.traineeships.traineeship_plan import Condition, TraineeshipPlan
from tests import factories


def make(*, people=300):
    """What `accanto init` and `accanto demo` write, one case whose plans are still drafts, and one that is closed."""
    now, folder = timezone.now(), settings.REGION_PACK
    for loader in (pack, bodies, teams, plan, staffing):
        loader.load(folder, now=now)
    for file in sorted((folder / "pnrr").glob("*.csv")):
        pnrr.bring_in(file.read_bytes(), file_name=file.name, by=None, now=now)
    today = timezone.localdate(now)
    build.fill(seed="prova", people=people, today=today, now=now, passwords=False)
    anna, tutor = in_role("social_worker"), in_role("tutor")
    case = factories.person_in_charge(anna.role.zone, by=anna, family_name="Abaco")
    factories.papers(case, by=anna)
    factories.document(case, by=anna)
    row = factories.traineeship(case, tutor=tutor, by=anna)
    row.state, row.plan_signed_on, row.starts = State.DRAFT, None, row.ends  # the next to start is first of its list
    row.save()
    for sheet in (TraineeshipPlan, Condition, AllowanceTerms):
        sheet.objects.create(traineeship=row, subject=row.subject, zone=row.zone)
    factories.signing(row, by=anna)
    unsigned = factories.traineeship(
        factories.person_in_charge(anna.role.zone, by=anna, family_name="Abacuc"), tutor=tutor, by=anna
    )
    unsigned.state, unsigned.plan_signed_on, unsigned.starts = State.DRAFT, None, unsigned.ends
    unsigned.save()
    for sheet in (TraineeshipPlan, Condition, AllowanceTerms):
        sheet.objects.create(traineeship=unsigned, subject=unsigned.subject, zone=unsigned.zone)
    participations.leave(row=case.participations.get(), on=today, by=anna, now=now)
    factories.act("1", zone=anna.role.zone, day=today)
    gone = factories.person_in_charge(anna.role.zone, by=anna, family_name="Abate")
    finished = factories.traineeship(gone, tutor=tutor, by=anna)
    finished.state, finished.ends = State.CONCLUDED, today
    finished.save()
    TraineeshipPlan.objects.create(traineeship=finished, subject=finished.subject, zone=finished.zone)
    factories.attestation(finished, by=anna)
    for host in Host.objects.near_first(anna.role.zone_id)[:8]:
        factories.seat(host, by=anna)
    factories.esf_declaration(anna.role.zone)
    for zone, kind, versions in (
        (anna.role.zone, "staffing", ("2025", "2026")), (None, "esf", ("202512", "202606")),
    ):  # fmt: skip
        for version, state in zip(versions, ("sent", "validated"), strict=True):
            factories.submission(zone, state, kind=kind, version=version)
    factories.record_batch(anna.role.zone, by=anna)
    factories.second_file(anna.role.zone, by=anna)
    over = factories.person_in_charge(anna.role.zone, by=anna, family_name="Abbaco")
    close_case(
        case=over,
        on=today,
        reason=Case.ClosingReason.values[0],
        outcome=Case.ClosingOutcome.values[0],
        by=anna,
        now=now,
    )


def in_role(part):
    """Somebody of the cast in the first of their roles."""
    username, _name = cast.CAST[part]
    role = Role.objects.filter(user__username=username).select_related("user", "zone", "organisation").earliest("pk")
    return Acting(user=role.user, role=role)


def one_of_each():
    """The cast, one for each kind of role."""
    return [in_role(part) for part in cast.CAST if part != "elsewhere"]
