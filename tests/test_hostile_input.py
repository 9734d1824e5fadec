"""What a hostile hand can send: to every address, by every form found on its page. No page breaks (500), and where the
answer is a refusal nothing at all was written.

The forms are those the pages really draw, with the values they really hold; one field at a time then says something
else. A page or a field added tomorrow is tried without a line more here."""

import base64
import itertools
import os
import re
import zlib
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from accanto.access.role import Kind
from tests.test_permissions import ADDRESSES, EVERYBODY, OBJECTS, PAGES, somebody, url
from tests.test_permissions import scene as scene  # the fixture

pytestmark = pytest.mark.walk

MISSING = object()
# As bytes where no text can hold it: half a surrogate pair, what is not UTF-8.
VALUES = [
    MISSING,
    "",
    " ",
    "x" * 20_000,
    "a\x00b",
    b"\xed\xa0\x80",
    b"\xff\xfe",
    "-1",
    "0",
    "9" * 5_000,
    str(10**30),
    "1e999999",
    "NaN",
    "sNaN",
    "-Infinity",
    "1,5",
    "²",
    "٣",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "31/12/9999",
    "25:61",
    "{}",
    "[1]",
    "null",
    "%s %(x)s {0} {{x}}",
    "'; drop table access_user; --",
    "<script>alert(1)</script>",
    "\u202e\u200b\U0001f600",
]
ASKED = [
    "show",
    "after",
    "before",
    "from",
    "kind",
    "zone",
    "year",
    "indicator",
    "state",
    "q",
    "regime",
    "grade",
    "next",
    "since",
    "until",
    "only_refused",
    "confirm",
    "setting",
    "topic",
]
ODD = [
    "x",
    "%00",
    "²",
    "0000-00",
    "0001-01",
    "9999-12",
    "2026-13",
    "2026-1",
    "-1",
    "1" * 300,
    "%ED%A0%80",
    "..",
    "{}",
    "%0A",
]
# the log of what was asked, which a refusal writes, and what keeps a session or counts wrong passwords
WRITTEN_ALWAYS = {"access_reading", "access_session", "axes_accessattempt", "axes_accessattemptexpiration"}
ALL = os.environ.get("ACCANTO_HOSTILE") == "all"  # every value in every field: minutes instead of seconds


class Forms(HTMLParser):
    """The forms of a page: [(address, MultiValueDict of what a browser would send)]."""

    def __init__(self, html):
        super().__init__()
        self.found, self.form, self.choice, self.chosen = [], None, None, None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if tag == "form":
            self.form = (has.get("action") or "", (has.get("method") or "get").lower(), MultiValueDict())
            self.found.append(self.form)
        elif self.form is None or (not has.get("name") and tag != "option"):
            return
        elif tag == "select":
            self.choice = has["name"]
            self.form[2].setdefault(self.choice, "")
        elif tag == "option" and self.choice and ("selected" in has or not self.form[2].get(self.choice)):
            self.form[2][self.choice] = has.get("value") or ""
        elif tag == "input" and has.get("type") == "file":
            self.form[2].setdefault(has["name"], "")
        elif tag == "input" and has.get("type") in ("checkbox", "radio"):
            if "checked" in has:
                self.form[2].appendlist(has["name"], has.get("value") or "on")
            else:
                self.form[2].setlistdefault(has["name"], [])
        elif tag in ("input", "textarea", "button") and has.get("type") != "password":
            self.form[2].appendlist(has["name"], has.get("value") or "")
        elif tag == "input":
            self.form[2].appendlist(has["name"], "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.choice = None


def encoded(values):
    return urlencode(
        [(name, value) for name, many in values.lists() for value in many if value is not MISSING], quote_via=quote
    )


def attempts(fields, *, turns, known=False):
    """The bodies to send: what the page itself would send with one field wrong, all of them wrong, one said twice.

    Of a form that is known only the first of these; `turns` says whose turn each value is."""
    yield fields
    for name in fields:
        for value in VALUES if ALL else [VALUES[next(turns) % len(VALUES)]]:
            yield changed(fields, {name: [value]})
        if ALL:
            yield changed(fields, {name: [*fields.getlist(name), "1"]})
    for value in () if known and not ALL else VALUES:
        yield changed(fields, {name: [value] for name in fields})


def changed(fields, values):
    copy = fields.copy()
    for name, many in values.items():
        copy.setlist(name, many)
    copy.pop("csrfmiddlewaretoken", None)
    return copy


def contents():
    """A mark of every row of every table, but those that are always written."""
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names(cursor) if name not in WRITTEN_ALWAYS]
        cursor.execute(
            " union all ".join(
                f"select '{n}', count(*), coalesce(sum(hashtext(t::text)::bigint), 0) from {n} t" for n in names
            )
        )
        return {name: mark for name, *mark in cursor}


def touched():
    """How many rows of each table this transaction has written, those undone too: many times quicker to ask than
    `contents`, and where nothing was touched nothing was written."""
    with connection.cursor() as cursor:
        cursor.execute("select relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_xact_user_tables")
        return {name: count for name, count in cursor if name not in WRITTEN_ALWAYS}


class Hand:
    """Sends, and undoes: each attempt finds the scene as it was."""

    def __init__(self, client, who):
        self.client, self.who, self.broken, self.half_written, self.sent = client, who, [], [], 0
        self.turns = itertools.count()  # which value's turn it is

    def send(self, method, address, **more):
        self.sent += 1
        so_far, after = touched() if method == "post" else None, None
        with transaction.atomic():
            try:
                answer = getattr(self.client, method)(address, **more)
            except Exception as error:
                frames, trace = [], error.__traceback__
                while trace:
                    frames.append(f"{trace.tb_frame.f_code.co_filename.split('/accanto/')[-1]}:{trace.tb_lineno}")
                    trace = trace.tb_next
                ours = [frame for frame in frames if not frame.startswith("/")]
                sent = str(more.get("data", ""))[:300]
                self.broken.append(f"{self.who} {method} {address[:80]}: {error!r:.200} at {ours[-3:]} {sent}")
                transaction.set_rollback(True)
                return None
            if answer.status_code >= 500:
                self.broken.append(f"{self.who} {method} {address[:80]}: {answer.status_code}")
            if answer.status_code >= 400 and method == "post" and touched() != so_far:
                after = contents()
            transaction.set_rollback(True)
        if after and after != (before := contents()):
            tables = sorted(name for name in after if after[name] != before.get(name))
            self.half_written.append(f"{self.who} {address[:80]}: {answer.status_code} wrote {tables}")
        return answer

    def fill_in(self, page, html, *, seen, known=frozenset()):
        """`seen`: the forms of this hand; `known`: those another has sent everything by."""
        for action, method, fields in Forms(html).found:
            address = page if action in ("", "#") else action
            key = (re.sub(r"\d+", "0", address), tuple(fields))
            if key in seen or address.startswith(("http:", "https:")):
                continue
            seen.add(key)
            for body in attempts(fields, turns=self.turns, known=key in known):
                if method == "get":
                    self.send("get", f"{address.partition('?')[0]}?{encoded(body)}")
                else:
                    self.send("post", address, data=encoded(body), content_type="application/x-www-form-urlencoded")

    def verdict(self):
        assert not self.broken, f"{len(self.broken)} of {self.sent}:\n" + "\n".join(self.broken[:40])
        assert not self.half_written, "\n".join(self.half_written[:40])


@pytest.mark.timeout(900)
def test_every_form_of_every_page_takes_anything(scene, enter):
    """Who finds a form first sends everything; who finds the same one after them sends one odd thing in each field."""
    hand, known = Hand(None, None), set()
    for kind in (None, *Kind):
        cache.clear()
        scene.asked.clear()
        with transaction.atomic():  # each finds the scene as it was
            if kind is None:
                client, rows = Client(), [name for name, row in PAGES.items() if row.public]
            else:
                client = enter(somebody(kind, scene.zone, tied_to=scene.case.subject))
                rows = [name for name, row in PAGES.items() if kind in row.kinds and row.kinds != EVERYBODY]
            hand.client, hand.who, seen = client, kind, set()
            for name in rows:
                address = url(name, scene)
                if not PAGES[name].post_only:
                    page = hand.send("get", address)
                    if page is not None and page.status_code == 200 and "html" in page["Content-Type"]:
                        hand.fill_in(address, page.content.decode(), seen=seen, known=known)
                else:
                    hand.send("post", address)
            known |= seen
            transaction.set_rollback(True)
    hand.verdict()


ASKING = {
    Kind.SOCIAL_WORKER: [
        "people",
        "hosts",
        "places",
        "directory",
        "traineeships",
        "dashboard",
        "indicator",
        "indicator_records",
        "indicator_csv",
    ],
    Kind.REGIONAL_OFFICER: ["operations", "staffing_returns", "staffing", "norms", "figures", "gallery", "sign_in"],
    Kind.ADMINISTRATOR: ["users", "organisations"],
    Kind.DATA_PROTECTION_OFFICER: ["log"],
}


def test_what_stands_after_the_question_mark(scene, enter):
    """Filters, pages and searches asked by hand, with the words the pages know and values they do not."""
    for kind, names in ASKING.items():
        hand = Hand(enter(somebody(kind, scene.zone, tied_to=scene.case.subject)), kind)
        for place, name in enumerate(names):
            for value in VALUES[1:] if ALL else [VALUES[9], "²", *VALUES[1 + place % 4 :: 4]]:
                hand.send("get", f"{url(name, scene)}?" + "&".join(f"{asked}={quote(value)}" for asked in ASKED))
            hand.send("get", f"{url(name, scene)}?show=x&kind=x")
        hand.verdict()


def test_odd_words_in_the_address(scene, enter):
    """In the place of every word that is no number: what is no month, no day, no code."""
    client = enter(somebody(Kind.SOCIAL_WORKER, scene.zone, tied_to=scene.case.subject))
    planner = enter(somebody(Kind.REGIONAL_OFFICER, scene.zone))
    tutor = enter(somebody(Kind.THIRD_SECTOR_TUTOR, scene.zone, tied_to=scene.case.subject))
    for name, words in ADDRESSES.items():
        free = [word for word in words if word in ("day", "month", "name", "code", "step", "zone")]
        if not free or name.endswith("_csv"):
            continue
        kinds = PAGES[name].kinds
        one = tutor if Kind.SOCIAL_WORKER not in kinds and Kind.THIRD_SECTOR_TUTOR in kinds else client
        address, held = url(name, scene), {word: OBJECTS[word](scene) for word in free}
        hand = Hand(one if Kind.SOCIAL_WORKER in kinds or one is tutor else planner, name)
        for value in held.values():
            for odd in ODD:
                for method in ("get", "post"):
                    hand.send(method, address.replace(f"/{value}/", f"/{odd}/"))
        hand.verdict()


def test_odd_headers_and_cookies(db):
    for headers in (
        {"HTTP_COOKIE": "accanto_session=" + "x" * 3000},
        {"HTTP_COOKIE": "accanto_session=" + "a" * 32 + "; accanto_csrf=\x00; accanto_language=../../x"},
        {"HTTP_COOKIE": "accanto_session=\xed\xa0\x80; =; ;;"},
        {"HTTP_ACCEPT_LANGUAGE": "it," * 900},
        {"HTTP_ACCEPT_LANGUAGE": "\x00;q=nan"},
        {"HTTP_REFERER": "http://[::1", "HTTP_USER_AGENT": "\xff" * 900},
        {"HTTP_X_FORWARDED_FOR": "x" * 300},
        {"CONTENT_TYPE": "multipart/form-data"},
        {"CONTENT_TYPE": "application/json; charset=nothing"},
    ):
        for method in ("get", "post"):
            for name in ("public_home", "sign_in", "norms"):
                answer = getattr(Client(), method)(reverse(name), **headers)
                assert answer.status_code < 500, (headers, name)
    assert Client(HTTP_HOST="evil.example").get(reverse("sign_in")).status_code == 400


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 1000,
        b"\xff\xfe" + "submeasure;cup".encode("utf-16-le"),
        b"PK\x03\x04" + b"\x00" * 200,
        b'"' * 5000,
        b"submeasure,submeasure\n" + b"1," * 3000,
        ("submeasure,cup\n" + "x" * 200_000).encode(),
        "codice\r\r\n\u2028;\x85".encode(),
        b"\xef\xbb\xbf",
    ],
)
def test_a_file_that_is_no_extract(content, enter, officer):
    hand = Hand(enter(officer), "officer")
    for name in ("a.csv", "../../etc/passwd", "x" * 400 + ".csv", "a.zip"):
        hand.send("post", reverse("import_pnrr"), data={"file": SimpleUploadedFile(name, content)})
    packed = base64.b64encode(zlib.compress(content)).decode()
    for text in (packed, packed[:-4], "%%%", "", base64.b64encode(zlib.compress(b"0" * 50_000_000)).decode()):
        hand.send("post", reverse("import_pnrr"), data={"content": text, "name": "a\x00/../b" * 100})
    hand.verdict()
