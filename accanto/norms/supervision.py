"""Supervision of the workers of the social service, a LEPS of L. 234/2021: what is told of a session, who attends.

AD-52 and rulebook section 6. The sheet with the least hours was looked for and not found: nothing is judged by hours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Text

GROUP, INDIVIDUAL, TEAM = KINDS = ("A1", "A2", "A3")
SOCIAL_WORKER = "social_worker"


@rule("AD-52")
def hours_not_read(*, on: date) -> Finding:
    """What every sum of hours carries with it."""
    return in_force(on)["pnrr.supervision_hours"].finding(
        Severity.CAUTION,
        Text(
            "Le ore minime di supervisione sono state cercate e non trovate: qui si contano, e non si giudicano.",
            "The least hours of supervision were looked for and not found: here they are counted, not judged.",
        ),
        field="hours",
    )


@rule("AD-52")
def told_of_session(
    *, kind: str, supervisor_profession: str, professions: Sequence[str], on: date
) -> tuple[Finding, ...]:
    """What is unusual in a session of a kind. `professions` are those of who is in the group, one for each of them."""
    return tuple(ordered(_told(kind, supervisor_profession, professions, on)))


def _told(kind: str, supervisor: str, professions: Sequence[str], on: date) -> Iterable[Finding]:
    numbers = in_force(on)
    kinds = numbers["pnrr.supervision_kinds"]
    others = {one for one in professions if one != SOCIAL_WORKER}
    if kind in (GROUP, INDIVIDUAL) and supervisor != SOCIAL_WORKER:
        yield numbers["pnrr.supervisor_same_profession"].finding(
            Severity.CAUTION,
            Text(
                "Il supervisore è di un'altra professione: nel gruppo e individuale è un assistente sociale.",
                "The supervisor is of another profession: in groups and alone it is a social worker.",
            ),
            field="supervisor_profession",
            way_out=Text(
                "Se è di un'équipe di più professioni, è del tipo A3.",
                "If it is of a team of several professions, it is of kind A3.",
            ),
        )
    if kind in (GROUP, INDIVIDUAL) and others:
        yield kinds.finding(
            Severity.CAUTION,
            Text(
                "A1 e A2 sono per assistenti sociali: qui c'è anche chi non lo è.",
                "A1 and A2 are for social workers: somebody here is not one.",
            ),
            field="present",
            way_out=Text("Un'équipe di più professioni è del tipo A3.", "A team of several professions is A3."),
        )
    if kind == INDIVIDUAL and len(professions) > 1:
        yield kinds.finding(
            Severity.CAUTION,
            Text("A2 è individuale: qui ci sono più persone.", "A2 is individual: there are several people here."),
            field="present",
            way_out=Text("In più di uno è un gruppo, A1.", "More than one is a group, A1."),
        )
    if kind == TEAM and len(set(professions)) == 1:
        yield kinds.finding(
            Severity.CAUTION,
            Text(
                "A3 è di un'équipe di più professioni: qui ce n'è una sola.",
                "A3 is of a team of several professions: there is one only here.",
            ),
            field="present",
            way_out=Text("Di una professione sola è A1.", "Of one profession it is A1."),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Of one worker: hours of the sessions of their group, and how many of them they were there. `enough` is for the
    training credits, None where no session was held."""

    held: Decimal
    attended: Decimal
    enough: bool | None

    @property
    def share(self) -> Decimal | None:
        """Of the hours held, a fraction of one."""
        return self.attended / self.held if self.held else None


@rule("AD-52")
def presence(*, held: Decimal, attended: Decimal, on: date) -> Presence:
    """Raises ValueError where more hours were attended than held."""
    if not 0 <= attended <= held:
        raise ValueError("Attended hours go from 0 to the hours held.")
    least = Fraction(least_presence(on=on), 100)
    enough = Fraction(attended) / Fraction(held) >= least if held else None
    return Presence(held=held, attended=attended, enough=enough)


@rule("AD-52")
def least_presence(*, on: date) -> int:
    """The percent of the hours that the credits ask one to attend."""
    return in_force(on)["pnrr.supervision_presence_percent"].integer()
