import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from accanto.console import installation, preparation


@pytest.mark.django_db
def test_our_own_database_is_taken():
    installation.refuse_another_version()


@pytest.mark.django_db
def test_tables_of_a_version_not_known_here_are_left_as_they_are():
    MigrationRecorder(connection).record_applied("cases", "0999_of_tomorrow")
    with pytest.raises(preparation.Stop, match=r"cases\.0999_of_tomorrow.*ACCANTO_HOME"):
        installation.refuse_another_version()
