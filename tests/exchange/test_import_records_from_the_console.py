"""`accanto import records FILE --zone CODE --user NAME`: the same steps without pages, as the application."""

import datetime as dt
import os

import pytest

from accanto.access.log import Act
from accanto.access.session import Session
from accanto.console import main
from accanto.exchange import record_run, records
from accanto.exchange.record_batch import KEPT, RecordRow
from accanto.people.person import Person
from tests import factories
from tests.exchange.test_import_existing_records import DARIO, csv_of


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "archivio.csv"
    path.write_bytes(csv_of([DARIO, ["", *DARIO[1:]]]).read())
    return path


def test_a_file_comes_in_as_the_user_who_is_named(anna, file):
    by = record_run.acting(username="anna", zone_code="mugello")
    with record_run.Run(by) as run:
        batch = run.do(records.start, run.begin(file))
        broken, waiting = run.left(batch)
    assert (batch.imported, waiting) == (1, 0)
    assert [(line, column) for line, column, *_rest in broken] == [(3, "Cognome")]
    assert Person.objects.get().zone_id == anna.zone_id
    assert set(Act.objects.values_list("user_id", flat=True)) == {anna.user.pk}
    assert not Session.objects.exists()


def test_who_does_not_work_there_imports_nothing(anna, bruno, officer):
    for username in ("bruno", "officer", "nobody"):
        with pytest.raises(record_run.NobodyError):
            record_run.acting(username=username, zone_code="mugello")


def test_what_nobody_finished_is_tidied_by_the_clock(anna, mugello, monkeypatch, capsys):
    monkeypatch.setenv("ACCANTO_OWNER_DATABASE_URL", os.environ["ACCANTO_DATABASE_URL"])
    batch = factories.record_batch(mugello, by=anna)
    assert main(["tidy"]) == 0
    assert RecordRow.objects.filter(batch=batch).exists()
    batch.created_at -= KEPT + dt.timedelta(days=1)
    batch.save()
    assert main(["tidy"]) == 0
    assert "in attesa: 1." in capsys.readouterr().out
    assert not RecordRow.objects.filter(batch=batch).exists()
