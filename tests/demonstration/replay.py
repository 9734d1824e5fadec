"""A life told by the acts of the upper rooms, in the order in which it happened."""

from accanto.access.organisation import Organisation
from accanto.access.role import Acting, Role
from accanto.access.user import User
from accanto.cases import assessment, benefit, employability, measure, participation, personal_plan, referral
from accanto.cases import case as cases
from accanto.demonstration.placement import MINUTES, times_of
from accanto.people import household, privacy_notice, registry, representation
from accanto.people import person as people
from accanto.plan.operation import Operation
from accanto.territory.municipality import Municipality
from accanto.traineeships import allowance, attendance, closing, life, planning
from accanto.traineeships.agreement import Agreement
from accanto.traineeships.allowance import AllowanceTerms
from accanto.traineeships.attendance import AttendanceDay
from accanto.traineeships.facts import Sheets
from accanto.traineeships.host import Host
from accanto.traineeships.register_signature import Signer, Way, mark_of, sign, text_of
from accanto.traineeships.timetable import set_timetable
from accanto.traineeships.traineeship import Traineeship
from accanto.traineeships.traineeship_plan import Condition, TraineeshipPlan


def acting(worker):
    return Acting(user=User.objects.get(pk=worker.user_id), role=Role.objects.get(pk=worker.role_id))


class Replay:
    """`play` does everything a life tells; `events` are (moment, act), done from the first to the last."""

    def __init__(self, told, place):
        self.told, self.place, self.events = told, place, []
        self.by = acting(told.by)
        self.made = {}

    def play(self):
        self.person()
        if self.told.referral:
            self.referral()
        if self.told.case:
            self.case()
            if self.told.case.traineeship:
                self.traineeship()
        for _moment, act in sorted(self.events, key=lambda event: event[0]):
            act()
        return self.made["person"].subject_id

    def then(self, moment, act):
        self.events.append((moment, act))

    def person(self):
        t = self.told

        def register():
            self.made["person"] = person = people.register(
                zone_id=self.place.zone_id, given_name=t.given_name, family_name=t.family_name, phone=t.phone,
                email=t.email, by=self.by, now=t.registered_at,
            )  # fmt: skip
            registry.record(
                person=person, fiscal_code=t.fiscal_code, birth_date=t.birth_date, birth_place=t.birth_place, sex=t.sex,
                municipality=Municipality.objects.get(pk=t.municipality), by=self.by, now=t.registered_at, **t.stay,
            )  # fmt: skip

        self.then(t.registered_at, register)

    def referral(self):
        r = self.told.referral

        def refer():
            self.made["referral"] = referral.refer(
                person=self.made["person"], channel=r.channel, need=r.need, received_on=r.received_on, by=self.by,
                now=r.recorded_at,
            )  # fmt: skip

        self.then(r.recorded_at, refer)
        if r.outcome == "not_accepted":
            self.then(
                r.answered_at,
                lambda: referral.answer(
                    referral=self.made["referral"], outcome=r.outcome, reason=r.reason, on=r.answered_on, by=self.by,
                    now=r.answered_at,
                ),
            )  # fmt: skip

    def case(self):
        c = self.told.case

        def take_charge():
            self.made["case"] = cases.open_case(
                person=self.made["person"], manager=self.by.user, on=c.opened_on, area=c.area,
                referral=self.made.get("referral"), by=self.by, now=c.opened_at,
            )  # fmt: skip

        self.then(c.opened_at, take_charge)
        if c.around:
            self.then(c.around.at, lambda: self.around(c.around))
        for a in c.assessments:
            self.then(a.at, lambda a=a: self.assess(a))
        for plan in c.plans:
            self.plan(plan)
        if c.participation:
            self.take_part(c.participation)
        for fact in c.benefits:
            self.then(fact.at, lambda fact=fact: self.record_benefit(fact))
        for m in c.measures:
            self.follow_measure(m)
        if c.profile:
            self.then(
                c.profile.at,
                lambda: employability.describe(case=self.made["case"], by=self.by, now=c.profile.at, **c.profile.said),
            )
        if c.closed_on:
            self.then(
                c.closed_at,
                lambda: cases.close_case(
                    case=self.made["case"], on=c.closed_on, reason=c.closing_reason, outcome=c.closing_outcome,
                    by=self.by, now=c.closed_at,
                ),
            )  # fmt: skip

    def around(self, a):
        """With whom they live, what they were told, who represents them."""
        person, by = self.made["person"], {"by": self.by, "now": a.at}
        family = household.begin(person=person, starts=a.since, **by)
        for r in a.relatives:
            member = household.join(
                household=family, name=r.name, kinship=r.kinship, birth_date=r.birth_date, dependant=r.dependant,
                starts=max(a.since, r.birth_date), **by,
            )  # fmt: skip
            if r.needs_care:
                household.note_care(member=member, needs_care=True, carers=r.carers, school="", **by)
        privacy_notice.tell(person=person, topics=a.told, how=a.how, on=a.at.date(), **by)
        if a.administrator:
            representation.record(
                person=person, kind="support_administrator", name=a.administrator, court=a.court,
                decree_on=a.decree_on, starts=a.decree_on, powers=a.powers, **by,
            )  # fmt: skip

    def record_benefit(self, fact):
        benefit.record(
            case=self.made["case"], benefit=fact.benefit, kind=fact.kind, day=fact.day, gepi_on=fact.gepi_on,
            by=self.by, now=fact.at,
        )  # fmt: skip

    def follow_measure(self, m):
        def begin():
            self.made[m.kind] = measure.begin(
                case=self.made["case"], kind=m.kind, title=m.title, children=m.children,
                eligible_class=m.eligible_class, starts=m.starts, by=self.by, now=m.at,
            )  # fmt: skip

        self.then(m.at, begin)
        for step in m.steps:
            self.then(
                step.at,
                lambda step=step: measure.add_step(
                    measure=self.made[m.kind], kind=step.kind, day=step.day, reason=step.reason, by=self.by,
                    now=step.at,
                ),
            )  # fmt: skip

    def assess(self, a):
        assessment.assess(
            case=self.made["case"], kind=a.kind, day=a.day, outcome=a.outcome, domains=a.domains, by=self.by, now=a.at
        )

    def plan(self, p):
        def write():
            self.made[p.version] = personal_plan.write(
                case=self.made["case"],
                reason=p.reason,
                review_on=p.review_on,
                goals=[{"own_words": own_words, "result": result} for own_words, result in p.goals],
                supports=[{"kind": kind, "text": text} for kind, text in p.supports],
                actions=[{"party": action.party, "text": action.text, "due": action.due} for action in p.actions],
                by=self.by,
                now=p.at,
            )

        self.then(p.at, write)
        if p.agreed_on:
            self.then(
                p.agreed_at,
                lambda: personal_plan.agree(
                    plan=self.made[p.version], on=p.agreed_on, how=p.how,
                    signers=[("person", ""), ("manager", "")], by=self.by, now=p.agreed_at,
                ),
            )  # fmt: skip
        for action in p.actions:
            if action.done_at:
                self.then(action.done_at, lambda action=action: self.fulfil(p, action))

    def fulfil(self, p, action):
        row = self.made[p.version].actions.get(party=action.party, text=action.text)
        personal_plan.mark_done(action=row, on=action.done_on, by=self.by, now=action.done_at)

    def take_part(self, p):
        def enter():
            self.made["participation"] = participation.enter(
                case=self.made["case"], operation=self.operation(), starts=p.starts, entry=p.entry, by=self.by, now=p.at
            )

        self.then(p.at, enter)
        if p.ends:
            self.then(
                p.left_at,
                lambda: participation.leave(row=self.made["participation"], on=p.ends, by=self.by, now=p.left_at),
            )

    def operation(self):
        return Operation.objects.get(pk=self.place.operation.id)

    @property
    def row(self):
        return self.made["traineeship"]

    def traineeship(self):
        p, by = self.told.case.traineeship, self.by
        tutor = acting(p.tutor)
        self.then(p.written_at, lambda: self.write_plan(p, tutor))
        if p.signed_at:
            parties = ["promoter", "host", "body_in_charge", "trainee"]
            self.then(
                p.signed_at,
                lambda: life.sign_plan(
                    traineeship=self.row, on=p.signed_at.date(), signed_by=parties, by=by, now=p.signed_at
                ),
            )
        if p.agreement_at:
            self.then(
                p.agreement_at,
                lambda: life.activate_agreement(
                    traineeship=self.row, agreement=Agreement.objects.get(pk=p.host.agreement_id),
                    inail_reference="INAIL 00000000 (dato sintetico)", liability_reference="RC 0000 (dato sintetico)",
                    by=by, now=p.agreement_at,
                ),
            )  # fmt: skip
        if p.notice_at:
            self.then(
                p.notice_at,
                lambda: life.notify_start(
                    traineeship=self.row, sent_on=p.notice_at.date(), category="09", sent_by="promoter",
                    reference="CO (dato sintetico)", by=by, now=p.notice_at,
                ),
            )  # fmt: skip
        if p.started_at:
            self.then(
                p.started_at,
                lambda: life.start(traineeship=self.row, safety_training_on=p.starts, by=by, now=p.started_at),
            )
        self.changes(p, by)
        self.register(p, tutor)
        for month, at in p.allowances:
            self.then(
                at, lambda month=month, at=at: allowance.determine(traineeship=self.row, month=month, by=by, now=at)
            )

    def write_plan(self, p, tutor):
        case, host = self.made["case"], Host.objects.get(pk=p.host.id)
        who = {"subject_id": case.subject_id, "zone_id": case.zone_id}
        row = Traineeship(
            **who, case=case, host=host, seat=p.host.address, operation=self.operation() if p.operation else None,
            promoter_id=self.place.authority_id, promoter_type=p.promoter_type, case_manager=self.by.user,
            tutor=tutor.user, host_tutor_id=p.host.tutor and p.host.tutor.user_id,
            host_tutor_name="" if p.host.tutor else p.host_tutor_name, starts=p.starts, ends=p.ends_before or p.ends,
            weekly_hours=sum(p.pattern), hours_by_weekday=list(p.pattern), accommodations=p.accommodations,
            synthetic=True,
        )  # fmt: skip
        plan = TraineeshipPlan(
            **who, body_in_charge_id=self.place.authority_id, integrated_on=case.opened_on, repeats=False,
            integrated_with_id=self.place.employment_centre_id, path_agreed_on=self.told.case.agreed.agreed_on,
            reason=p.reason, inclusion_goals=p.inclusion_goals, autonomy_goals=p.autonomy_goals,
            training_goals=p.training_goals, activities=p.activities,
        )  # fmt: skip
        condition = Condition(**who, adi=p.adi, gepi_entered_on=p.written_at.date() if p.adi else None)
        if p.operation:
            terms = AllowanceTerms(
                **who, mode="hourly", hourly_rate=p.operation.hourly_rate,
                monthly_hours_max=p.operation.monthly_hours_max, payer="operation",
            )  # fmt: skip
        else:
            terms = AllowanceTerms(**who, mode="monthly", monthly_amount=p.monthly_amount, payer="body_in_charge")
        sheets = Sheets(traineeship=row, plan=plan, condition=condition, terms=terms, case=case)
        self.made["traineeship"] = planning.write(sheets=sheets, by=self.by, now=p.written_at)

    def changes(self, p, by):
        if p.suspended_at:
            self.then(
                p.suspended_at,
                lambda: life.suspend(
                    traineeship=self.row, on=p.suspended_on, reason=p.suspension_reason, by=by, now=p.suspended_at
                ),
            )
        if p.resumed_at:
            self.then(p.resumed_at, lambda: life.resume(traineeship=self.row, on=p.resumed_on, by=by, now=p.resumed_at))
        if p.extended_at:
            self.then(
                p.extended_at,
                lambda: life.extend(
                    traineeship=self.row, new_end=p.ends,
                    attested_by=Organisation.objects.get(pk=self.place.authority_id),
                    attested_on=p.extended_at.date(), need="Servono altri mesi per consolidare.", by=by,
                    now=p.extended_at,
                ),
            )  # fmt: skip
        if p.over:
            self.then(
                p.ended_at,
                lambda: life.close(
                    traineeship=self.row, ended_on=p.ended_on, reason=p.ending_reason, final_report=True, by=by,
                    now=p.ended_at,
                ),
            )  # fmt: skip
        if p.attested_at:
            self.then(
                p.attested_at,
                lambda: life.attest(traineeship=self.row, on=p.attested_at.date(), by=by, now=p.attested_at),
            )
        if p.archived_at:
            self.then(p.archived_at, lambda: life.archive(traineeship=self.row, by=by, now=p.archived_at))

    def register(self, p, tutor):
        weeks = {}
        for d in p.days:
            weeks.setdefault(d.at, []).append(d)
            if d.corrected_at:
                self.then(d.corrected_at, lambda d=d: self.correct(d, tutor))
        for at, days in weeks.items():
            self.then(at, lambda at=at, days=days: self.record(days, tutor, at))

        if p.started_at:
            at, week = p.started_at + MINUTES, [times_of(hours) for hours in p.pattern]
            self.then(at, lambda: set_timetable(traineeship=self.row, valid_from=p.starts, week=week, by=tutor, now=at))
        for moment, days in p.signings:
            self.then(moment, lambda moment=moment, days=days: self.sign(days, tutor, moment))
        for month, signed_at, closed_at in p.closes:
            days = [d for d in p.days if d.day.replace(day=1) == month]
            self.then(signed_at, lambda days=days, at=signed_at: self.sign(days, self.by, at))
            self.then(
                closed_at,
                lambda month=month, at=closed_at: closing.close(traineeship=self.row, month=month, by=self.by, now=at),
            )

    def sign(self, days, by, at):
        rows = AttendanceDay.objects.standing().filter(traineeship=self.row, day__in=[d.day for d in days])
        rows = list(rows.order_by("day"))
        for signer in Signer:
            mark = mark_of([text_of(self.row, rows)])
            sign(days={self.row: rows}, signer=signer, way=Way.PAPER, mark=mark, by=by, now=at)

    def record(self, days, tutor, at):
        entries = []
        for d in days:
            hours, absence = (d.mistyped, "") if d.corrected_at else (d.hours, d.absence)
            entries.append(attendance.Entry(self.row, d.day, hours, absence, tuple(times_of(hours))))
        attendance.record_all(entries=entries, by=tutor, now=at)

    def correct(self, d, tutor):
        attendance.record(
            traineeship=self.row, day=d.day, hours=d.hours, times=times_of(d.hours), absence=d.absence,
            correction="mistyped", by=tutor, now=d.corrected_at,
        )  # fmt: skip
