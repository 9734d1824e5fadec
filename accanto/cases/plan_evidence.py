"""What proves a signature of the personal plan: the drawing made on a screen, or the signed paper brought back."""

import json

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import SubjectRow, SubjectRows

# the sheet one signs on, in the units of the drawing
WIDTH, HEIGHT = 1000, 300
FEWEST_POINTS, MOST_POINTS, MOST_STROKES = 8, 6000, 300
NARROWEST = 60  # a signature is wider than a dot


class NoSignature(Exception):
    """What was drawn is no signature: nothing, a dot, or no drawing of ours."""


class AlreadyProved(Exception):
    """The same document is a proof of the same plan already."""


class PlanEvidence(SubjectRow):
    """Never changed once written. With a drawing: whose signature it is, who held the session, when, and the document
    that was shown, whose bytes are kept with their hash. Without: a document with the signatures on it."""

    plan = models.ForeignKey("cases.PersonalPlan", models.PROTECT, related_name="evidence")
    signature = models.OneToOneField(
        "cases.PlanSignature", models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="+")
    strokes = models.TextField(_("disegno"), blank=True)
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("raccolta il"))

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("prova di firma")
        verbose_name_plural = _("prove di firma")
        ordering = ["id"]
        indexes = [models.Index(fields=["zone", "subject"], name="cases_planevidence_of_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(strokes="", signature=None)
                | Q(strokes__regex=r"^M[0-9]+ [0-9]+([ML][0-9]+ [0-9]+)+$", signature__isnull=False),
                name="cases_planevidence_drawing_is_a_path",
            ),
            models.UniqueConstraint(
                fields=["plan", "document"], condition=Q(signature=None), name="cases_planevidence_paper_once"
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


def path_of(drawn):
    """The path of an SVG from what the page sends: a JSON list of strokes, each a list of x, y, x, y… in our units.

    Raises NoSignature. What comes out is digits, M, L and spaces: nothing a browser sends is kept as it was sent."""
    try:
        strokes = json.loads(drawn)
    except (ValueError, RecursionError):
        raise NoSignature from None
    if not isinstance(strokes, list) or not 0 < len(strokes) <= MOST_STROKES:
        raise NoSignature
    path, points = [], []
    for stroke in strokes:
        if not isinstance(stroke, list) or len(stroke) % 2 or len(stroke) > 2 * MOST_POINTS:
            raise NoSignature
        if any(type(value) is not int for value in stroke):
            raise NoSignature
        here = [(min(max(x, 0), WIDTH), min(max(y, 0), HEIGHT)) for x, y in zip(stroke[::2], stroke[1::2], strict=True)]
        path += [f"{'L' if n else 'M'}{x} {y}" for n, (x, y) in enumerate(here)]
        points += here
    if not FEWEST_POINTS <= len(points) <= MOST_POINTS:
        raise NoSignature
    across = [x for x, _y in points]
    if max(across) - min(across) < NARROWEST:
        raise NoSignature
    return "".join(path)


def svg_of(path):
    """The drawing as a picture by itself, for a document."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<path d="{path}" fill="none" stroke="#0b1f3a" stroke-width="6" stroke-linecap="round" '
        'stroke-linejoin="round"/></svg>'
    )


def keep_drawing(*, signature, path, shown, by, now):
    """The drawing of a signature just given, on the document that was shown."""
    return _keep(
        plan_id=signature.plan_id, of=signature, signature=signature, path=path, document=shown, by=by, now=now
    )


def keep_paper(*, plan, document, by, now):
    """A document with the signatures of the plan on it, brought back. Raises AlreadyProved."""
    try:
        with transaction.atomic():
            return _keep(plan_id=plan.pk, of=plan, signature=None, path="", document=document, by=by, now=now)
    except IntegrityError as error:
        if "cases_planevidence_paper_once" not in str(error):
            raise
        raise AlreadyProved from None


def _keep(*, plan_id, of, signature, path, document, by, now):
    row = PlanEvidence.objects.create(
        subject_id=of.subject_id,
        zone_id=of.zone_id,
        plan_id=plan_id,
        signature=signature,
        document=document,
        strokes=path,
        recorded_by=by.user,
        recorded_at=now,
    )
    log.act("prove", row, by=by, now=now, plan=plan_id, document=document.pk, sha256=document.sha256)
    return row
