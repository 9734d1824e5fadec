"""Households, representation, what was told and whom a person invited, line by line."""

from accanto.demonstration.sheets import array
from accanto.people import models as people
from accanto.people.advocacy import CHOICES
from accanto.people.search_key import folded

WHOSE = ("subject_id", "zone_id")


class HouseholdChapters:
    """Writes into the sheets of a book what `chapters` has a part for."""

    def __init__(self, book, chapters):
        sheet = book.sheet
        self.chapters = chapters
        self.households = sheet(people.Household, *WHOSE, "person_id", "recorded_at")
        self.members = sheet(
            people.HouseholdMember, *WHOSE, "household_id", "person_id", "name", "name_key", "birth_date", "kinship",
            "dependant", "starts", "recorded_at",
        )  # fmt: skip
        self.care = sheet(people.CareDuty, *WHOSE, "member_id", "needs_care", "carers", "recorded_at")
        self.told = sheet(people.PrivacyNotice, *WHOSE, "topic", "how", "told_on", "told_by_id", "recorded_at")
        self.representations = sheet(
            people.Representation, *WHOSE, "kind", "name", "court", "decree_on", "starts", "recorded_at",
            "recorded_by_id",
        )  # fmt: skip
        self.powers = sheet(people.RepresentationPower, *WHOSE, "representation_id", "power", "mode")
        self.invitations = sheet(
            people.Invitation, *WHOSE, "relation_id", "own_words", "shown", "starts", "recorded_at", "recorded_by_id"
        )

    def write(self, around, who, person, *, by):
        act, moment = self.chapters.act, around.at
        household = self.households.add(*who, person, moment)
        act("begin", "household", household, at=moment, by=by, who=who)
        own = self.members.add(
            *who, household, person, "", "", None, "reference", False, around.since, moment
        )  # fmt: skip
        act("join", "householdmember", own, at=moment, by=by, who=who)
        for r in around.relatives:
            starts = max(around.since, r.birth_date)
            member = self.members.add(
                *who, household, None, r.name, folded(r.name)[:170], r.birth_date, r.kinship, r.dependant, starts,
                moment,
            )  # fmt: skip
            act("join", "householdmember", member, at=moment, by=by, who=who)
            if r.needs_care:
                care = self.care.add(*who, member, True, r.carers, moment)
                act("note", "careduty", care, at=moment, by=by, who=who)
        told = [self.told.add(*who, topic, around.how, moment.date(), by.user_id, moment) for topic in around.told]
        act("tell", "privacynotice", told[0], at=moment, by=by, who=who, topics=list(around.told))
        if around.administrator:
            kind = "support_administrator"
            row = self.representations.add(
                *who, kind, around.administrator, around.court, around.decree_on, around.decree_on, moment, by.user_id
            )
            for power, mode in around.powers.items():
                self.powers.add(*who, row, power, mode)
            act("record", "representation", row, at=moment, by=by, who=who, kind=kind)

    def invite(self, who, advocate, *, shown, own_words, starts, reason, at, by):
        chapters = self.chapters
        relation = chapters.relations.add(
            *who, "advocate", advocate.user_id, starts, None, reason, array(d.value for d in CHOICES[shown])
        )
        chapters.act("open", "relation", relation, at=at, by=by, who=who)
        n = self.invitations.add(*who, relation, own_words, shown, starts, at, by.user_id)
        chapters.act("invite", "invitation", n, at=at, by=by, who=who)
