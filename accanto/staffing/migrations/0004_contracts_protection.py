from django.db import migrations
from django.db.migrations import RunSQL

from accanto.access.permissions import APPLICATION, narrowed, of_zone, read_by_all

# What hangs on a row of a zone is of that zone: otherwise one zone would write rows into the return of another.
TIED = (
    "alter table {table} add constraint {table}_of_its_zone foreign key ({column}, zone_id) "
    "references {parent} (id, zone_id) deferrable initially deferred"
)
# AD-07: who enters the return is the officer of the ambito; the Region reads it.
OF_THE_ZONE = "(select s.kind from app_session() s) = 'zone_planner'"


def tied(table, column, parent):
    return RunSQL([TIED.format(table=table, column=column, parent=parent)], RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("staffing", "0003_contracts"), ("access", "0005_workforce")]

    operations = [
        # not in the glimpse of the Region, nor of who follows people: they tell of the health of who works there
        of_zone("staffing_worker", "workforce", update=["name", "withdrawn_at"]),
        of_zone("staffing_contract", "workforce", update=["superseded_at"]),
        of_zone("staffing_absence", "workforce", update=["superseded_at"]),
        of_zone("staffing_returnrow", "staffing", update=["superseded_at"]),
        # tables of decrees, which are public; the zone copies its own row, the Region any
        read_by_all(
            "staffing_decreesum",
            written_where="zone_id = any((select app_zones_writing('staffing'))::smallint[])",
            update=["superseded_at"],
        ),
        tied("staffing_contract", "worker_id", "staffing_worker"),
        tied("staffing_absence", "worker_id", "staffing_worker"),
        tied("staffing_returnrow", "staffing_return_id", "staffing_staffingreturn"),
        tied("staffing_stafffigure", "staffing_return_id", "staffing_staffingreturn"),
        RunSQL([f"grant update (all_delegated) on staffing_staffingreturn to {APPLICATION}"], RunSQL.noop),
        *(
            narrowed(table, "true", write=OF_THE_ZONE)
            for table in ("staffing_staffingreturn", "staffing_stafffigure", "staffing_returnrow")
        ),
    ]
