"""A stranger, or somebody by mistake, sends more than anything we ask for."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse


def test_a_stranger_sends_a_large_file_and_nobody_reads_it(db):
    answer = Client().post(reverse("sign_in"), {"file": SimpleUploadedFile("a.bin", b"x" * 100_000)})
    assert answer.status_code == 413
    assert "25 MB" in answer.content.decode()


def test_who_is_signed_in_may_send_a_file_and_no_more_than_the_largest(enter, anna, settings):
    settings.LARGEST_REQUEST = 200_000
    client, url = enter(anna), reverse("record_batches")
    small, large = (SimpleUploadedFile("a.csv", b"x" * size) for size in (100_000, 300_000))
    assert client.post(url, {"file": small}).status_code == 422
    assert client.post(url, {"file": large}).status_code == 413


@pytest.mark.parametrize("length", ["", "x", "-1", "9" * 40, "²", "1e9"])
def test_a_length_that_is_none_breaks_nothing(db, length):
    assert Client(CONTENT_LENGTH=length).get(reverse("sign_in")).status_code in (200, 413)
