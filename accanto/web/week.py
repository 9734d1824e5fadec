"""The register of a week for all the trainees of a tutor: confirm as planned, touch the exceptions, sign."""

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accanto.access.device import DAYS_KEPT
from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.norms.days import is_holiday
from accanto.norms.findings import Refused
from accanto.traineeships import attendance, register, register_signature
from accanto.traineeships.attendance import Absence, Entry
from accanto.traineeships.register import Register, RegisterDay
from accanto.traineeships.register_signature import Signer, Way, mark_of, text_of
from accanto.traineeships.traineeship import Traineeship
from accanto.web.limits import Beside, beside_hours
from accanto.web.parts.forms import Worked, WorkedField
from accanto.web.templatetags.parts import local

FIELD = re.compile(r"(hours|absence)-(\d{1,18})-(\d{4}-\d\d-\d\d)")
ONE_DAY, ONE_WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
DAY_OVER = dt.time(17)  # from then on today's hours are proposed too, where no usual times are known (our choice)
MOST = 80  # trainees on one page; beyond, the browser would send too many fields


@dataclass
class Cell:
    """A day of a trainee: what the register says, or what the plan proposes, or what was typed instead."""

    said: RegisterDay
    is_over: bool = True  # today's hours have been done already
    hours: str = ""
    absence: str = ""
    errors: list = field(default_factory=list)

    def __post_init__(self):
        if self.state == "open":
            self.hours = WorkedField().widget.format_value(self.proposed)

    traineeship = property(lambda cell: cell.said.traineeship)
    day = property(lambda cell: cell.said.day)
    row = property(lambda cell: cell.said.row)
    planned = property(lambda cell: cell.said.planned)

    @property
    def state(self):
        """Where the month is closed there is nothing to fill, and nobody confirms hours that are still to be done."""
        if self.said.closed and self.said.state in ("open", "unplanned"):
            return "closed"
        return "today" if self.said.state == "open" and not self.is_over else self.said.state

    @property
    def proposed(self):
        return Worked(self.said.planned, self.said.times)

    @property
    def key(self):
        return f"{self.traineeship.pk}-{self.day.isoformat()}"

    @property
    def worked(self):
        """What was typed. Raises ValidationError."""
        return WorkedField(required=False).clean(self.hours)

    @property
    def is_touched(self):
        """Whether what was sent is not what the plan proposed."""
        if self.absence or self.state != "open":
            return bool(self.absence or self.hours.strip())
        try:
            return self.worked != self.proposed
        except ValidationError:
            return True


@dataclass
class Line:
    register: Register
    cells: list
    limits: Beside

    @property
    def traineeship(self):
        return self.register.traineeship

    @property
    def open_days(self):
        return sum(cell.state in ("open", "today") for cell in self.cells)

    @property
    def recorded_by(self):
        """Who recorded the days of this week, and when last: one line a person."""
        last = {}
        for row in self.register.rows:
            before = last.get(row.recorded_by_id)
            at = max(before[1], row.recorded_at) if before else row.recorded_at
            last[row.recorded_by_id] = (str(row.recorded_by), at)
        return list(last.values())

    @property
    def unsigned(self):
        """Who has still to sign something of this week, in words."""
        return [signer.label for signer in Signer if self.register.to_sign(signer)]

    @property
    def is_signed(self):
        return bool(self.register.rows) and not self.unsigned

    @property
    def errors(self):
        return [(cell, error) for cell in self.cells for error in cell.errors]


@for_kinds(Kind.THIRD_SECTOR_TUTOR, Kind.HOST_TUTOR)
@writes
def week(request, day=None):
    now = timezone.now()
    today = timezone.localdate(now)
    monday = monday_of(day, today)
    lines = lines_of(request.acting, monday, today, now=now)
    signs = request.acting.kind == Kind.HOST_TUTOR
    to_sign = {line.traineeship: line.register.to_sign(Signer.HOST_TUTOR) for line in lines} if signs else {}
    mark = mark_of(text_of(row, days) for row, days in to_sign.items() if days)
    problems = []
    if request.method == "POST":
        problems = fill(lines, request.POST)
        signing = signs and "sign" in request.POST
        if signing and request.POST.get("shown") != mark:
            problems.append(_("Intanto il registro è cambiato: rileggilo qui sotto e firma di nuovo."))
        entries = None if problems or has_errors(lines) else chosen(lines, request.POST.get("confirm", "all"))
        if entries is not None and (done := save(entries, lines, by=request.acting, now=now)):
            signed = sign(to_sign, done, lines, by=request.acting, now=now) if signing else None
            say(request, done, signed)
            return redirect(request.path)
    context = {
        "lines": lines,
        "days": [(monday + n * ONE_DAY, is_holiday(monday + n * ONE_DAY)) for n in range(7)],
        "today": today,
        "monday": monday,
        "sunday": monday + 6 * ONE_DAY,
        "earlier": reverse("week", args=[monday - ONE_WEEK]),
        "later": reverse("week", args=[monday + ONE_WEEK]) if monday + ONE_WEEK <= today else "",
        "this_week": "" if monday <= today < monday + ONE_WEEK else reverse("week"),
        "absences": Absence.choices,
        # the same for every day that says nothing else: written once, not once a day
        "options": format_html_join(
            "", '<option value="{}">{}</option>', [("", _("presente")), *((one.value, one.label) for one in Absence)]
        ),
        "problems": problems,
        "mistakes": [(line, cell, error) for line in lines for cell, error in line.errors],
        "open_lines": sum(bool(line.open_days) for line in lines),
        "signs": signs,
        "mark": mark,
        "to_sign": sum(len(days) for days in to_sign.values()),
        "may_close": request.acting.kind == Kind.THIRD_SECTOR_TUTOR,
        "capped": len(lines) == MOST,
        "key_address": reverse("offline_key", args=[UUID(int=0)]),
        "days_kept": DAYS_KEPT,
    }
    status = 422 if problems or context["mistakes"] else 200
    return render(request, "traineeships/week.html", context, status=status)


def monday_of(text, today):
    """The Monday of the week asked for, this one if none; a day that is no day, or out of reason, is not a page."""
    if text is None:
        return today - dt.timedelta(days=today.weekday())
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    monday = day - dt.timedelta(days=day.weekday())
    if not monday.year >= 2000 or monday > today:
        raise Http404
    return monday


def lines_of(acting, monday, today, *, now):
    sunday = monday + 6 * ONE_DAY
    rows = Traineeship.objects.for_register(acting).open_between(monday, sunday).with_person()
    rows = rows.order_by("subject__person__family_name", "subject__person__given_name", "pk")[:MOST]
    found = register.read(rows, monday, sunday, acting=acting, today=today)
    limits = beside_hours(acting, [one.traineeship.subject_id for one in found], monday, sunday)
    return [
        Line(
            one,
            [Cell(day, is_over=day.day < today or is_over(day.times, now)) for day in one.days],
            limits[one.traineeship.subject_id],
        )
        for one in found
    ]


def is_over(times, now):
    """Whether the hours of today have been done: after the usual time of going out, or the end of the day."""
    here = timezone.localtime(now).time()
    return here.hour * 60 + here.minute >= times[-1] if times else here >= DAY_OVER


def fill(lines, sent):
    """Put what was sent in its cells. Returns what belongs to no cell of this page."""
    cells = {cell.key: cell for line in lines for cell in line.cells}
    for cell in cells.values():
        cell.hours = cell.absence = ""
    problems = []
    for name, value in sent.items():
        match = FIELD.fullmatch(name)
        if not match:
            continue
        cell = cells.get(f"{match[2]}-{match[3]}")
        if cell is None:
            problem = _("Una delle giornate inviate non è in questa pagina del registro: ricaricala e riprova.")
            problems = [problem]
            continue
        setattr(cell, match[1], value)
    for cell in cells.values():
        if cell.absence:
            if cell.absence not in Absence.values:
                cell.errors.append(_("Scegli il motivo dell’assenza dall’elenco."))
                cell.absence = ""
            continue
        try:
            worked = cell.worked
        except ValidationError as error:
            cell.errors += [str(message) for message in error.messages]
            continue
        if worked is not None and worked.hours == 0:
            cell.errors.append(_("Con zero ore scegli il motivo dell’assenza."))
    return problems


def has_errors(lines):
    return any(line.errors for line in lines)


def chosen(lines, confirm):
    """The entries to write: of the trainee whose button was pressed, or of all; of the others what was touched."""
    entries = []
    for line in lines:
        whole = confirm in ("all", str(line.traineeship.pk))
        for cell in line.cells:
            if not (cell.absence or cell.hours.strip()) or not (whole or cell.is_touched):
                continue
            worked = Worked(Decimal(0)) if cell.absence else cell.worked
            entries.append(Entry(line.traineeship, cell.day, worked.hours, cell.absence, worked.times))
    return entries


def save(entries, lines, *, by, now):
    try:
        return attendance.record_all(entries=entries, by=by, now=now)
    except attendance.DaysRefused as refused:
        for line in lines:
            for cell in line.cells:
                for finding in refused.by_day.get((line.traineeship.pk, cell.day), ()):
                    if finding.severity == "block":
                        way_out = local(finding.way_out) if finding.way_out else ""
                        cell.errors.append(f"{local(finding.sentence)} {way_out} ({finding.code})".replace("  ", " "))
        return None


def sign(to_sign, done, lines, *, by, now):
    """The host's tutor signs in one act what was shown to be signed and what this very press has written."""
    for line in lines:
        already = {row.day for row in to_sign[line.traineeship]}
        written = [
            row
            for cell in line.cells
            if (row := done.rows.get((line.traineeship.pk, cell.day))) and not cell.row and cell.day not in already
        ]
        to_sign[line.traineeship] += written
    mark = mark_of(text_of(row, days) for row, days in to_sign.items() if days)
    try:
        return register_signature.sign(
            days=to_sign, signer=Signer.HOST_TUTOR, way=Way.SESSION, mark=mark, by=by, now=now, name=str(by.user)
        )
    except (register_signature.NothingToSign, Refused):
        return []


def say(request, done, signed):
    if signed:
        count = sum(len(row.lines) for row in signed)
        sentence = ngettext("%(count)s giornata firmata.", "%(count)s giornate firmate.", count)
        messages.success(request, sentence % {"count": count})
    if not done.new:
        if not signed:
            messages.info(request, _("Non c’era niente di nuovo da registrare."))
        return
    sentence = ngettext("%(count)s giornata registrata.", "%(count)s giornate registrate.", done.new)
    messages.success(request, sentence % {"count": done.new})
    said = dict.fromkeys(
        f"{key[1]:%d/%m}: {local(finding.sentence)}"
        for key, findings in done.remarks.items()
        for finding in findings
        if finding.severity == "caution"
    )
    for sentence in list(said)[:5]:
        messages.warning(request, sentence)
