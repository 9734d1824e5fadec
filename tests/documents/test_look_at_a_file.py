"""A file is what its bytes say: what could run is refused with its sentence, what was made to break breaks nothing."""

import inspect
import re
import zlib

import pikepdf
import pytest

from accanto.documents import inspection
from accanto.documents.file_type import LARGEST, REFUSALS, FileType, Refused, look_at
from tests.documents import files

DANGEROUS = {
    files.javascript: "javascript",
    files.javascript_by_name: "javascript",
    files.javascript_deep_in_a_page: "javascript",
    files.launch: "launch",
    files.sends_away: "launch",
    files.embedded: "embedded",
    files.film: "media",
    files.xfa: "form",
}


def refusal(data):
    return inspection.verdict(data).get("refused")


@pytest.mark.parametrize("change", DANGEROUS, ids=lambda change: change.__name__)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "in object streams"])
def test_a_pdf_in_which_something_could_run_is_refused(change, packed):
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    assert refusal(files.pdf_with(change, object_stream_mode=mode)) == DANGEROUS[change]


def test_what_is_put_in_by_hand_is_found_though_the_table_of_objects_does_not_tell():
    data = files.pdf_with(lambda pdf: None)
    broken_table = data.replace(b"/Type /Catalog", b"/Type /Catalog /AA << /WC << /JS (x) >> >>")
    nobody_points_to = data.replace(b"trailer", b"99 0 obj\n<< /S /JavaScript /JS (x) >>\nendobj\ntrailer")
    assert broken_table != data != nobody_points_to
    assert refusal(broken_table) == "javascript"
    assert refusal(nobody_points_to) == "javascript"


@pytest.mark.parametrize(
    "written",
    [b"/AA << /WC << /S /J#61vaScript /#4aS (x) >> >>", b"/AA << /WC << /S 99 0 R >> >>", b"/X [ [ << /JS (x) >> ] ]"],
)
def test_a_name_written_otherwise_or_elsewhere_is_the_same_name(written):
    data = files.pdf_with(lambda pdf: None).replace(b"/Type /Catalog", b"/Type /Catalog " + written)
    data = data.replace(b"trailer", b"99 0 obj\n/JavaScript\nendobj\ntrailer")
    assert refusal(data) == "javascript"


@pytest.mark.parametrize(
    "uri", ["javascript:alert(1)", " JavaScript:x", "file:///etc/passwd", "data:text/html,x", "\\\\host\\x"]
)
def test_an_address_that_is_no_page_is_refused(uri):
    assert refusal(files.pdf_with(files.address_of(uri))) == "launch"


@pytest.mark.parametrize(
    "uri", ["https://example.org/a:b", "www.example.org", "mailto:a@example.org", "#due", "pagina.html"]
)
def test_an_address_that_is_a_page_is_kept(uri):
    assert refusal(files.pdf_with(files.address_of(uri))) is None


def test_an_encrypted_pdf_hides_nothing_and_one_with_a_password_is_refused():
    owner_only = pikepdf.Encryption(owner="x", user="")
    assert refusal(files.pdf_with(files.javascript, encryption=owner_only)) == "javascript"
    assert refusal(files.pdf_with(lambda pdf: None, encryption=owner_only)) is None
    assert refusal(files.pdf_with(lambda pdf: None, encryption=pikepdf.Encryption(owner="x", user="y"))) == "password"


def test_honest_files_are_kept_with_their_type_whatever_their_name():
    for data, media_type in (
        (files.pdf_with(files.link_and_first_page), FileType.PDF),
        (files.picture("PNG"), FileType.PNG),
        (files.picture("JPEG"), FileType.JPEG),
    ):
        found = look_at(data)
        assert found.media_type == media_type
        assert len(found.sha256) == 64


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00", "unknown"),
        (b"<html><script>alert(1)</script>", "unknown"),
        (b"GIF89a", "unknown"),
        (b"PK\x03\x04", "unknown"),
        (b"\n%PDF-1.7 hidden behind a line", "unknown"),
        (b"%PDF-1.7", "broken"),
        (b"%PDF-1.7" + b"\x00" * 5000, "broken"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "broken"),
        (b"\xff\xd8\xff" + b"x" * 100, "broken"),
        (files.picture("JPEG", size=(900, 900))[:-2000], "broken"),
        (b"x" * (LARGEST + 1), "too_large"),
    ],
    ids=str,
)
def test_what_is_no_document_is_refused_with_a_sentence(data, code):
    with pytest.raises(Refused) as refused:
        look_at(data)
    assert refused.value.code == code
    assert str(refused.value.sentence)


def test_every_refusal_of_the_inspection_has_its_sentence():
    for code in set(re.findall(r'Refused\("(\w+)"\)', inspect.getsource(inspection))):
        assert code in REFUSALS
    assert {"javascript", "embedded", "launch", "media"} <= set(REFUSALS)


def test_a_bomb_breaks_only_the_process_that_looks_at_it():
    """An object stream of gigabytes in a few kilobytes: it is given little memory and time, and a sentence comes."""
    bomb = zlib.compress(b"\x00" * (50 * 1024 * 1024), 9)
    for _again in range(2):
        bomb = zlib.compress(bomb, 9)
    head = b"%PDF-1.5\n"
    stream = (
        b"1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Length %d" % len(bomb)
        + b" /Filter [/FlateDecode /FlateDecode /FlateDecode] >>\nstream\n"
        + bomb
        + b"\nendstream\nendobj\n"
    )
    data = head + stream + b"trailer << /Root 2 0 R /Size 3 >>\nstartxref\n0\n%%EOF"
    with pytest.raises(Refused) as refused:
        look_at(data)
    assert refused.value.code in ("broken", "too_complicated")


def test_a_picture_of_too_many_dots_is_refused():
    header = files.picture("PNG")
    wide = header[:16] + (60_000).to_bytes(4, "big") * 2 + header[24:29]
    data = wide + zlib.crc32(wide[12:29]).to_bytes(4, "big") + header[33:]
    assert refusal(data) in ("too_complicated", "broken")


def test_arrays_within_arrays_without_end_are_refused():
    deep = b"[" * 400 + b"]" * 400
    data = files.pdf_with(lambda pdf: None).replace(b"/Type /Catalog", b"/Type /Catalog /X " + deep)
    assert refusal(data) in ("too_complicated", "broken")
