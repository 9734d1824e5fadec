"""A life written line by line, as the acts of the upper rooms would have written it. People, referral, case, plan here;
the traineeship in `placement_chapters`."""

from functools import cache
from operator import itemgetter

from accanto.access.log import Act, Reading
from accanto.access.relation import Relation
from accanto.access.subject import Subject
from accanto.cases import models as cases
from accanto.demonstration.household_chapters import HouseholdChapters
from accanto.demonstration.placement_chapters import PlacementChapters
from accanto.demonstration.sheets import array, as_json
from accanto.people import models as people
from accanto.people.person import name_key
from accanto.people.registry import STAY_AND_WORDS
from accanto.people.search_key import keys_of

name_key, keys_of = cache(name_key), cache(keys_of)
WHOSE = ("subject_id", "zone_id")


class Chapters:
    """Writes lives into the sheets of a book."""

    def __init__(self, book):
        sheet = book.sheet
        self.book = book
        self.subjects = sheet(Subject, "zone_id", "created_at")
        self.people = sheet(people.Person, *WHOSE, "given_name", "family_name", "name_key", "phone", "email")
        self.registries = sheet(
            people.Registry, *WHOSE, "person_id", "fiscal_code", "birth_date", "birth_place", "sex", "municipality_id",
            *STAY_AND_WORDS,
        )  # fmt: skip
        self.keys = sheet(people.SearchKey, *WHOSE, "key")
        self.referrals = sheet(
            cases.Referral, *WHOSE, "person_id", "received_on", "recorded_at", "recorded_by_id", "outcome", "reason",
            "answered_on",
        )  # fmt: skip
        self.origins = sheet(cases.ReferralOrigin, *WHOSE, "referral_id", "channel", "need")
        self.cases = sheet(
            cases.Case, *WHOSE, "person_id", "referral_id", "opened_on", "closed_on", "closing_reason",
            "closing_outcome", "manager_id",
        )  # fmt: skip
        self.areas = sheet(cases.CaseArea, *WHOSE, "case_id", "area")
        self.members = sheet(cases.CaseMember, *WHOSE, "case_id", "kind", "user_id", "relation_id", "starts", "ends")
        self.assessments = sheet(
            cases.Assessment, *WHOSE, "case_id", "kind", "day", "outcome", "recorded_at", "recorded_by_id"
        )
        self.domains = sheet(
            cases.AssessmentDomain, *WHOSE, "assessment_id", "domain", "text", "score", "recorded_at", "recorded_by_id"
        )
        self.plans = sheet(
            cases.PersonalPlan, *WHOSE, "case_id", "version", "reason", "review_on", "recorded_at", "recorded_by_id",
            "agreed_on", "superseded_at",
        )  # fmt: skip
        self.goals = sheet(cases.PlanGoal, *WHOSE, "plan_id", "own_words", "result")
        self.supports = sheet(cases.PlanSupport, *WHOSE, "plan_id", "kind", "text")
        self.actions = sheet(cases.PlanAction, *WHOSE, "plan_id", "party", "text", "due", "done_on", "superseded_at")
        self.signatures = sheet(cases.PlanSignature, *WHOSE, "plan_id", "signer", "how", "signed_on")
        self.participations = sheet(
            cases.Participation, *WHOSE, "case_id", "operation_id", "starts", "ends", "entry", "recorded_at",
            "superseded_at",
        )  # fmt: skip
        self.relations = sheet(Relation, *WHOSE, "kind", "user_id", "starts", "ends", "reason", "degrees")
        self.households = HouseholdChapters(book, self)
        self.benefits = sheet(
            cases.BenefitFact, *WHOSE, "case_id", "benefit", "kind", "day", "gepi_on", "recorded_at", "recorded_by_id"
        )
        self.measures = sheet(
            cases.Measure, *WHOSE, "case_id", "kind", "title", "children", "eligible_class", "starts", "recorded_at",
            "recorded_by_id", "operation_id",
        )  # fmt: skip
        self.measure_steps = sheet(
            cases.MeasureStep, *WHOSE, "measure_id", "measure_kind", "kind", "day", "reason", "recorded_at",
            "recorded_by_id",
        )  # fmt: skip
        self.profiles = sheet(
            cases.EmployabilityProfile, *WHOSE, "case_id", "licences", "transport", "shifts", "weekly_hours", "skills",
            "languages", "last_job", "last_job_year", "wishes", "readiness", "recorded_at", "recorded_by_id",
        )  # fmt: skip
        self.acts = sheet(
            Act, "at", "user_id", "role_id", "verb", "noun", "object_id", "subject_id", "zone_id", "detail"
        )
        self.looks = []  # the lines of the next sheet, until all the lives are told
        self.readings = sheet(Reading, "at", "user_id", "role_id", "page", "subject_ids", "refused", "detail")
        self.placements = PlacementChapters(book, self)

    def act(self, verb, noun, row, *, at, by, who, **detail):
        self.acts.add(at, by.user_id, by.role_id, verb, noun, row, *who, as_json(detail) if detail else "{}")

    def read(self, page, subjects, *, at, by, refused=False, **detail):
        self.looks.append((at, by.user_id, by.role_id, page, array(subjects), refused, as_json(detail)))

    def number_the_looks(self):
        """In the order of time: the pages of the log go by number, and lives are told person by person."""
        for look in sorted(self.looks, key=itemgetter(0)):
            self.readings.add(*look)
        self.looks = []

    def write(self, life, place):
        """All the lines of a life. Returns the subject's number, the person's and the case's (None if none)."""
        self.operation = place.operation.id
        subject = self.subjects.add(place.zone_id, life.registered_at)
        who = (subject, place.zone_id)
        person = self.person(life, who)
        referral = self.referral(life, who, person) if life.referral else None
        case = self.case(life, who, person, referral) if life.case else None
        if life.case and life.case.traineeship:
            self.placements.write(life, place, who, case)
        self.book.flush_if_full()
        return subject, person, case

    def person(self, life, who):
        given, family, by = life.given_name, life.family_name, life.by
        person = self.people.add(*who, given, family, name_key(given, family), life.phone, life.email)
        for key in keys_of(given, family):
            self.keys.add(*who, key)
        self.act("register", "person", person, at=life.registered_at, by=by, who=who)
        registry = self.registries.add(
            *who, person, life.fiscal_code, life.birth_date, life.birth_place, life.sex, life.municipality,
            *(life.stay[name] for name in STAY_AND_WORDS),
        )  # fmt: skip
        changed = ["fiscal_code", "birth_date", "birth_place", "sex", "municipality_id", *STAY_AND_WORDS]
        self.act("register", "registry", registry, at=life.registered_at, by=by, who=who, changed=changed)
        return person

    def referral(self, life, who, person):
        r, by = life.referral, life.by
        n = self.referrals.add(
            *who, person, r.received_on, r.recorded_at, by.user_id, r.outcome, r.reason, r.answered_on
        )
        self.origins.add(*who, n, r.channel, r.need)
        self.act("refer", "referral", n, at=r.recorded_at, by=by, who=who)
        if r.outcome:
            verb = "accept" if r.outcome == "accepted" else "decline"
            self.act(verb, "referral", n, at=r.answered_at, by=by, who=who, reason=r.reason)
        return n

    def case(self, life, who, person, referral):
        c, by = life.case, life.case.manager
        n = self.cases.add(
            *who, person, referral, c.opened_on, c.closed_on, c.closing_reason, c.closing_outcome, by.user_id
        )
        self.act("open", "case", n, at=c.opened_at, by=by, who=who)
        self.areas.add(*who, n, c.area)
        if c.around:
            self.households.write(c.around, who, person, by=by)
        self.member(who, n, "case_manager", by, starts=c.opened_on, ends=c.closed_on, at=c.opened_at, by=by,
                    left_at=c.closed_at)  # fmt: skip
        for a in c.assessments:
            assessment = self.assessments.add(*who, n, a.kind, a.day, a.outcome, a.at, by.user_id)
            for domain, found in a.domains.items():
                self.domains.add(*who, assessment, domain, found["text"], found["score"], a.at, by.user_id)
            self.act("assess", "assessment", assessment, at=a.at, by=by, who=who, kind=a.kind, instead_of=None)
        self.write_plans(c, who, n, by)
        if c.participation:
            p, operation = c.participation, self.operation
            entry = as_json(p.entry)
            row = self.participations.add(*who, n, operation, p.starts, None, entry, p.at, p.left_at)
            self.act("enter", "participation", row, at=p.at, by=by, who=who, operation=operation)
            if p.ends:
                left = self.participations.add(*who, n, operation, p.starts, p.ends, entry, p.left_at, None)
                self.act("leave", "participation", left, at=p.left_at, by=by, who=who, instead_of=row)
        for fact in c.benefits:
            row = self.benefits.add(*who, n, fact.benefit, fact.kind, fact.day, fact.gepi_on, fact.at, by.user_id)
            self.act("record", "benefitfact", row, at=fact.at, by=by, who=who)
        self.write_measures(c, who, n, by)
        if c.profile:
            said = [array(value) if isinstance(value, list) else value for value in c.profile.said.values()]
            row = self.profiles.add(*who, n, *said, c.profile.at, by.user_id)
            self.act("describe", "employabilityprofile", row, at=c.profile.at, by=by, who=who)
        if c.closed_on:
            self.act("close", "case", n, at=c.closed_at, by=by, who=who, reason=c.closing_reason,
                     outcome=c.closing_outcome)  # fmt: skip
        return n

    def member(self, who, case, kind, worker, *, starts, at, by, ends=None, left_at=None, relation=None):
        n = self.members.add(*who, case, kind, worker.user_id, relation, starts, ends)
        self.act("join", "casemember", n, at=at, by=by, who=who, kind=kind, user=worker.user_id)
        if ends:
            self.act("leave", "casemember", n, at=left_at, by=by, who=who, kind=kind, user=worker.user_id)
        return n

    def write_measures(self, c, who, case, by):
        for m in c.measures:
            n = self.measures.add(
                *who, case, m.kind, m.title, m.children, m.eligible_class, m.starts, m.at, by.user_id, None
            )
            self.act("begin", "measure", n, at=m.at, by=by, who=who)
            for step in m.steps:
                row = self.measure_steps.add(*who, n, m.kind, step.kind, step.day, step.reason, step.at, by.user_id)
                verb = "leave" if step.kind == "exit" else "add"
                self.act(verb, "measurestep", row, at=step.at, by=by, who=who)

    def write_plans(self, c, who, case, by):
        for place, plan in enumerate(c.plans):
            later = c.plans[place + 1] if place + 1 < len(c.plans) else None
            superseded_at = later.agreed_at if later else None
            n = self.plans.add(
                *who, case, plan.version, plan.reason, plan.review_on, plan.at, by.user_id, plan.agreed_on,
                superseded_at,
            )  # fmt: skip
            for own_words, result in plan.goals:
                self.goals.add(*who, n, own_words, result)
            for kind, text in plan.supports:
                self.supports.add(*who, n, kind, text)
            self.act("write", "personalplan", n, at=plan.at, by=by, who=who, version=plan.version)
            for action in plan.actions:
                row = self.actions.add(*who, n, action.party, action.text, action.due, action.done_on, superseded_at)
                if action.done_at:
                    self.act("fulfil", "planaction", row, at=action.done_at, by=by, who=who)
            if plan.agreed_on:
                for signer in ("person", "manager"):
                    self.signatures.add(*who, n, signer, plan.how, plan.agreed_on)
                self.act("agree", "personalplan", n, at=plan.agreed_at, by=by, who=who, version=plan.version,
                         how=plan.how)  # fmt: skip
