"""The sittings of the zones' teams: two held, one to come, each with some of the people in charge."""

import random

from accanto.access.role import Kind
from accanto.cases import models as cases
from accanto.cases.zone_team import ZoneTeam
from accanto.demonstration.chapters import WHOSE
from accanto.demonstration.life import at, days, working

FIRST, EVERY = 6, 8  # the first people of a zone, then one in so many
PLACE, BEGINS = "sala riunioni", "09:30:00"
DECISIONS = (
    ("employment_centre", "Aggiorna il profilo e propone tre offerte"),
    ("person", "Porta il curriculum e il documento"),
    ("manager", "Telefona alla persona per fissare il prossimo incontro"),
    ("manager", "Verifica con il Comune l’abbonamento ai mezzi"),
    ("employment_centre", "Iscrive la persona all’incontro di orientamento"),
)
MINUTES = "Si è parlato di come va il percorso e di che cosa manca. La persona è d’accordo con quanto deciso."


class Sittings:
    def __init__(self, book, chapters):
        sheet = book.sheet
        self.all = chapters
        self.members = sheet(cases.ZoneTeamMember, "team_id", "user_id", "kind", "organisation_id", "starts")
        self.sittings = sheet(cases.Sitting, "zone_id", "day", "begins", "place", "recorded_by_id")
        self.meetings = sheet(
            cases.Meeting, *WHOSE, "case_id", "sitting_id", "turn", "day", "begins", "place", "recorded_by_id",
            "held_at",
        )  # fmt: skip
        self.attendees = sheet(cases.MeetingAttendee, *WHOSE, "meeting_id", "user_id", "kind", "organisation_id")
        self.decisions = sheet(
            cases.MeetingDecision, *WHOSE, "meeting_id", "text", "party", "due", "done_on", "recorded_at"
        )
        self.minutes = sheet(cases.MeetingMinutes, *WHOSE, "meeting_id", "text", "recorded_at", "recorded_by_id")
        self.teams = dict(ZoneTeam.objects.values_list("zone_id", "pk"))

    def of_zone(self, zone, lives, *, operator, authority, centre, seed, today):
        """`lives` are (life, subject, case) of the open cases of a zone; `operator` is its employment operator."""
        chosen = [one for n, one in enumerate(lives) if n < FIRST or n % EVERY == 0]
        if not chosen:
            return
        rng = random.Random(f"{seed}/sittings/{zone.code}")
        writer = chosen[0][0].case.manager
        since = today - days(700)
        if team := self.teams.get(zone.pk):
            self.members.add(team, writer.user_id, Kind.SOCIAL_WORKER.value, authority, since)
            self.members.add(team, operator.user_id, Kind.EMPLOYMENT_OPERATOR.value, centre, since)
        dates = [working(today - days(28)), working(today - days(12)), working(today + days(6))]
        of_day = {day: [] for day in dates}
        for n, one in enumerate(chosen):
            of_day[dates[n % len(dates)]].append(one)
        self.first_subject = chosen[0][1]
        self.around_one(zone, chosen[0], writer, today)
        for day, treated in of_day.items():
            treated = [one for one in treated if one[0].case.opened_on <= day]
            if treated:
                self.sitting(zone, day, treated, rng, writer, operator, (authority, centre), today)

    def around_one(self, zone, one, writer, today):
        """The first of the zone is expected at a meeting of their own."""
        _life, subject, case = one
        who = (subject, zone.pk)
        day = working(today + days(4))
        meeting = self.meetings.add(*who, case, None, 1, day, "11:00:00", PLACE, writer.user_id, None)
        self.all.act("call", "meeting", meeting, at=at(today - days(1), 10), by=writer, who=who)

    def sitting(self, zone, day, treated, rng, writer, operator, bodies, today):
        convened_at = at(day - days(20), 8)
        sitting = self.sittings.add(zone.pk, day, BEGINS, PLACE, writer.user_id)
        self.all.act("convene", "sitting", sitting, at=convened_at, by=writer, who=(None, zone.pk))
        for turn, (life, subject, case) in enumerate(treated, 1):
            who, called_at = (subject, zone.pk), at(max(day - days(7), life.case.opened_on), 15)
            held_at = at(day, 9, 10 * turn % 60) if day < today else None
            meeting = self.meetings.add(
                *who, case, sitting, turn, day, BEGINS, PLACE, writer.user_id, held_at
            )  # fmt: skip
            self.all.act("call", "meeting", meeting, at=called_at, by=writer, who=who)
            self.all.member(who, case, Kind.EMPLOYMENT_OPERATOR.value, operator, starts=life.case.opened_on,
                            at=called_at, by=writer)  # fmt: skip
            if held_at:
                self.held(who, meeting, day, held_at, rng, writer, operator, bodies, today)

    def held(self, who, meeting, day, held_at, rng, writer, operator, bodies, today):
        authority, centre = bodies
        self.attendees.add(*who, meeting, writer.user_id, Kind.SOCIAL_WORKER.value, authority)
        self.attendees.add(*who, meeting, operator.user_id, Kind.EMPLOYMENT_OPERATOR.value, centre)
        if rng.random() < 0.6:
            self.attendees.add(*who, meeting, None, Kind.PERSON.value, None)
        taken = rng.sample(DECISIONS, rng.choice((1, 2, 2)))
        first = who[0] == self.first_subject  # whose file may be the cast's: they have something to do
        if first:
            taken = [DECISIONS[1]]
        for party, text in taken:
            due = working(day + days(rng.randrange(7, 30)))
            done_on = min(working(day + days(5)), today) if rng.random() < 0.5 and not first else None
            n = self.decisions.add(*who, meeting, text, party, due, done_on, held_at)
            if done_on:
                by = operator if party == "employment_centre" else writer
                self.all.act("fulfil", "meetingdecision", n, at=at(done_on, 12), by=by, who=who)
        self.minutes.add(*who, meeting, MINUTES, held_at, writer.user_id)
        self.all.act("hold", "meeting", meeting, at=held_at, by=writer, who=who, decisions=len(taken))
