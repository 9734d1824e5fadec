from django.db import migrations
from django.db.migrations import RunSQL

from accanto.access.permissions import APPLICATION, read_by_all, reference

ZONE = "zone_id = any((select app_zones_writing('programme'))::smallint[])"
REGION = "(select s.kind from app_session() s) = 'regional_officer'"


class Migration(migrations.Migration):
    dependencies = [("plan", "0001_initial"), ("access", "0002_protection")]

    operations = [
        reference(
            "plan_act",
            "plan_body",
            "plan_fundline",
            "plan_fundline_acts",
            "plan_fundamount",
            "plan_call",
            "plan_target",
        ),
        read_by_all("plan_operation", written_where=ZONE, update="all"),
        read_by_all(
            "plan_localparameter",
            written_where=f"({ZONE} or zone_id is null and {REGION})",
            update=["superseded_at", "ends"],
        ),
        read_by_all("plan_localisation", written_where=REGION, update=["superseded_at"]),
        read_by_all("plan_pnrrproject", written_where=REGION, update=["superseded_at"]),
        RunSQL(f"grant select, insert on plan_extract to {APPLICATION}", RunSQL.noop),
        RunSQL(
            [
                "alter table plan_extract enable row level security",
                f"create policy plan_extract_read on plan_extract for select to {APPLICATION} using (true)",
                f"create policy plan_extract_insert on plan_extract for insert to {APPLICATION} with check ({REGION})",
            ],
            RunSQL.noop,
        ),
    ]
