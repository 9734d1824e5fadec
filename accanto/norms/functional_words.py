"""Words that would tell somebody outside the services why a person is in charge: a diagnosis, a judicial measure, the
service they come from. No law lists them: it is a net under who writes limits for a tutor or a host (rulebook 5.4),
which forgives what it does not know."""

import re
import unicodedata

# beginnings of words, unaccented
BEGINNINGS = (
    # health
    "diagnos", "patolog", "malatt", "psichiatr", "psichic", "psicos", "psicot", "psicofarm", "neuropsich", "schizofr",
    "bipolar", "depress", "antidepress", "ansios", "autism", "autistic", "epiless", "dipendenz", "tossic", "alcol",
    "alcool", "metadon", "terapi", "invalid", "disabil", "handicap",
    # justice
    "carcer", "detenut", "detenzion", "condann", "magistrat", "semilibert", "giudiziar", "prigion", "penitenziar",
    # violence and trafficking
    "violenz", "antiviolenz", "maltratt",
)  # fmt: skip
# whole words
WORDS = (
    "csm", "serd", "sert", "uepe", "spdc", "dsm", "icd", "hiv", "aids", "icf", "rems", "farmaco", "farmaci", "giudice",
    "reato", "reati", "penale", "penali", "arresti", "psicologo", "psicologa",
)  # fmt: skip
# of more than one word, none of which tells anything by itself
PHRASES = re.compile(r"\b(?:salute|igiene|disagio|ritardo)\s+mentale\b|\bmessa\s+alla\s+prova\b", re.IGNORECASE)
# a name of letters with points between, or marks that are as good as points: «C.S.M.», «Ser.D», «ser-t»
SPELLED = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,3}(?:[.·/-][^\W\d_]{1,3}){1,4}(?![^\W\d_])")


def revealing(text: str) -> list[str]:
    """The words of a text that tell too much, as they were written, each once."""
    # characters one does not see part a word for a program and not for who reads
    text = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    found = [(match.start(), match[0]) for match in PHRASES.finditer(text)]
    for match in re.finditer(r"[^\W\d_]+", text):
        word = plain(match[0])
        if word.startswith(BEGINNINGS) or word in WORDS:
            found.append((match.start(), match[0]))
    for match in SPELLED.finditer(text):
        if plain(re.sub(r"[.·/-]", "", match[0])) in WORDS:
            found.append((match.start(), match[0]))
    return list(dict.fromkeys(word for _place, word in sorted(found)))


def plain(word: str) -> str:
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().lower()
