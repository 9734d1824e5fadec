"""Finding a person by name or fiscal code, within what the acting role may see."""

import re
from itertools import pairwise

from django.db import connection

from accanto.people.search_key import LONGEST, folded, sound, words

MOST = 20
SHORTEST = 3  # letters of a word by which a search begins


def ranges(text):
    """Where to look: (first key, pattern, how sure), the surest first.

    Two words are one range: the beginning of the first, filtered by that of the second; a longer search begins by its
    first two words. Particles may belong to a name («De Luca») or be the beginning of one («da prov»): both are
    tried. After the words as typed come their sounds, then, with nothing sure about them, what one mistyped letter may
    have been."""
    found = [line for typed in {tuple(words(text)): 1, tuple(folded(text).split()): 1} for line in ranges_of(typed)]
    return sorted(dict.fromkeys(found), key=lambda line: -line[2])


def ranges_of(typed):
    if not typed or max(map(len, typed)) < SHORTEST:
        return []
    typed = [word[:LONGEST] for word in typed]
    if len(typed) == 1:
        word, heard = typed[0], f"~{sound(typed[0])} "
        found = [(word, f"{word}%", 1.0), (heard, f"{heard}%", 0.1)]
        return found + [(low, f"{like}%", 0.0) for low, like in mistyped(word)]
    first, second = sorted(typed[:2], key=len, reverse=True) if len(typed[0]) < SHORTEST else typed[:2]
    heard = f"~{sound(first)} "
    found = [(first, f"{first}% {second}%", 1.0), (heard, f"{heard}{sound(second)}%", 0.1)]
    found += [(one, f"{one}% {other}%", 0.5) for one, other in pairwise(typed[1:]) if len(one) >= SHORTEST]
    for one, other in ((first, second), (second, first)):
        if len(one) >= SHORTEST:
            found += [(one[:3], f"{one[:3]}% {other[:2]}%", 0.0), (one, f"{one}% {other[:1]}%", 0.0)]
            found += [(one, f"{one} %{other[1:]}%", 0.0)] if len(other) > SHORTEST else []
    return found


def mistyped(word):
    """The patterns of a word with one letter wrong, missing, too many or swapped, from the third letter on, each with
    the letters that are certain: the range of the index to read. Words of less than five letters have none."""
    found = []
    for n in range(2, len(word)) if len(word) > 4 else ():
        head, tail = word[:n], word[n + 1 :]
        swapped = tail[:1] + word[n] + tail[1:]
        found += [(head, head + rest) for rest in (f"_{tail}", f"_{word[n:]}", tail, swapped)]
    return list(dict.fromkeys(found))


def code_in(text):
    """The fiscal code, or its beginning of six letters or more, that the text is; empty if it is none."""
    code = re.sub(r"[^A-Z0-9]", "", text.upper())
    looks_like = re.fullmatch(r"[A-Z]{6}[0-9LMNPQRSTUV]{0,2}[A-Z0-9]{0,8}", code) or re.fullmatch(r"[0-9]{11}", code)
    return code if looks_like and any(c.isdigit() for c in code) else ""


def find(text, *, most=MOST):
    """Ids of subjects by likeness to the text, likest first, at most `most`; none for less than three letters."""
    text = text.replace("\x00", " ")[:100]
    code, lines = code_in(text), ranges(text)
    if not code and not lines:
        return []
    lows, likes, sure = ([line[n] for line in lines] for n in range(3))
    with connection.cursor() as cursor:
        cursor.execute(
            "select subject_id from people_search(%s, %s, %s::text[], %s::text[], %s::real[], %s)",
            [folded(text), code, lows, likes, sure, most],
        )
        return [row[0] for row in cursor]
