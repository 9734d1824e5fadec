"""Findings are values: what a rule has to say about some facts, with the act that says it and the way out."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from accanto.norms.text import Text


class Severity(StrEnum):
    BLOCK = "block"  # not allowed
    AUTHORISE = "authorise"  # allowed only if someone in charge takes it on, with a reason
    CAUTION = "caution"  # allowed, with a notice
    PASS = "pass"  # the rule was looked at and is met


class Grade(StrEnum):
    VERIFIED = "VERIFIED"  # read in the act or on an official page
    SECONDARY = "SECONDARY"  # read on a page that reports the act
    UNVERIFIED = "UNVERIFIED"  # not read, or looked for and not found: it never blocks
    DESIGN = "DESIGN"  # no law: a declared convention, or something that cannot be true


GRADE_WORDS = {
    Grade.VERIFIED: Text("letto nell'atto", "read in the act"),
    Grade.SECONDARY: Text("letto in una fonte che riporta l'atto", "read in a source reporting the act"),
    Grade.UNVERIFIED: Text("non letto o non trovato", "not read or not found"),
    Grade.DESIGN: Text("scelta del sistema", "choice of the system"),
}
ORDER = tuple(Severity)
THE_LAW = Text("la norma", "the law")
RESERVED = ("R-CAR-",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule says of some facts. Raises ValueError where a rule nobody has read would block or need leave."""

    code: str
    severity: Severity
    sentence: Text
    source: str
    grade: Grade
    field: str | None = None
    way_out: Text | None = None
    link: str = ""
    speaker: Text = THE_LAW

    @property
    def reserved(self) -> bool:
        """The rule itself would tell that the person is under a judicial measure: outsiders get `for_outsiders`."""
        return self.code.startswith(RESERVED)

    def __post_init__(self) -> None:
        if self.grade is Grade.UNVERIFIED and self.severity in (Severity.BLOCK, Severity.AUTHORISE):
            raise ValueError(
                f"{self.code}: a rule graded UNVERIFIED may only caution or pass. "
                "Read the act and raise its grade in the sheet, or lower the severity."
            )

    def as_dict(self) -> dict[str, object]:
        return {
            "code": self.code,
            "severity": self.severity.value,
            "sentence": self.sentence.as_dict(),
            "source": self.source,
            "grade": self.grade.value,
            "field": self.field,
            "way_out": self.way_out.as_dict() if self.way_out else None,
            "link": self.link,
            "speaker": self.speaker.as_dict(),
        }


def blocks(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.BLOCK for finding in findings)


def needs_authorisation(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.AUTHORISE for finding in findings)


def of_severity(findings: Iterable[Finding], severity: Severity) -> list[Finding]:
    return [finding for finding in findings if finding.severity is severity]


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Blocks first, then what needs leave, cautions, passes; by code within each. Repeated findings are said once."""
    unique = dict.fromkeys(findings)
    return sorted(unique, key=lambda finding: (ORDER.index(finding.severity), finding.code, finding.field or ""))


def for_outsiders(findings: Iterable[Finding]) -> list[Finding]:
    """The same findings for hosts, third-sector tutors and employment centres.

    A rule that would reveal the person's area keeps its severity and loses its code, sentence, source and link.
    """
    return [
        replace(
            finding,
            code="ACC-LEAVE",
            source="",
            link="",
            speaker=THE_LAW,
            sentence=Text(
                "Manca un passo che spetta all'ufficio: le date o il programma non valgono ancora.",
                "A step of the office is missing: the dates or the programme do not hold yet.",
            ),
            way_out=Text("Chiedi al case manager.", "Ask the case manager."),
        )
        if finding.reserved and finding.severity is not Severity.PASS
        else finding
        for finding in findings
        if not (finding.reserved and finding.severity is Severity.PASS)
    ]


def from_dict(said: dict[str, Any]) -> Finding:
    """A finding as `as_dict` wrote it."""
    texts: dict[str, Any] = {name: Text(**said[name]) for name in ("sentence", "way_out", "speaker") if said[name]}
    rest = {name: said[name] for name in ("code", "source", "field", "link")}
    return Finding(severity=Severity(said["severity"]), grade=Grade(said["grade"]), **rest, **texts)


def as_json(findings: Iterable[Finding]) -> str:
    return json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False, sort_keys=True)


class Refused(Exception):
    """The law, or what cannot be true, stops the act: all the findings at once. Nothing was written."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = ordered(findings)
        super().__init__("; ".join(str(finding.sentence) for finding in self.findings))


def allow(findings: Iterable[Finding], *, leave_reason: str = "") -> list[str]:
    """Let pass what has no block and, if someone must answer for it, has their reason; otherwise raise `Refused`.

    Returns the codes that were taken on with that reason."""
    found = list(findings)
    codes = sorted({finding.code for finding in found if finding.severity is Severity.AUTHORISE})
    if blocks(found) or (codes and not leave_reason.strip()):
        raise Refused(found)
    return codes
