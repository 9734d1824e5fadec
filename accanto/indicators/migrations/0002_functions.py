from django.db import migrations

from accanto.access.permissions import APPLICATION, function, reference
from accanto.indicators.catalogue import OF_PERSONS
from accanto.indicators.indicator import operations

# Counts are not suppressed here yet: publishing does that. Through the application only the roles that have a dashboard
# ask for them; the owner does, to publish a month.
READS_FIGURES = f"""
select session_user <> '{APPLICATION}' and coalesce(current_setting('role', true), '') <> '{APPLICATION}'
  or exists (select from app_session() s
    where s.kind in ('regional_officer', 'zone_planner', 'social_worker', 'case_manager'))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0001_initial"),
        ("plan", "0002_protection"),
        ("people", "0003_two_files"),
        ("cases", "0007_measures"),
        ("traineeships", "0018_ending_protection"),
    ]

    operations = [
        reference("indicators_release", "indicators_releasedfigure"),
        function("app_reads_figures()", "boolean", READS_FIGURES),
        *operations(list(OF_PERSONS.values())),
    ]
