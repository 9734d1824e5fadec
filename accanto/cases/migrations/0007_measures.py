from django.db import migrations

from accanto.access.permissions import also_visible, secret

# a step is of the kind of its measure: the policies read it on the row itself
SAME_KIND = (
    "alter table cases_measurestep add constraint cases_measurestep_of_its_kind "
    "foreign key (measure_id, measure_kind) references cases_measure (id, kind) deferrable initially deferred"
)
OF_WORK = "('training', 'active_labour')"


class Migration(migrations.Migration):

    dependencies = [("cases", "0006_secrecy")]

    operations = [
        secret("cases_measure", "measure", update=["superseded_at"]),
        secret("cases_measurestep", "measure", update=["superseded_at"]),
        migrations.RunSQL(SAME_KIND, migrations.RunSQL.noop),
        also_visible("cases_measure", "employability", f"kind in {OF_WORK}", write=True),
        also_visible("cases_measurestep", "employability", f"measure_kind in {OF_WORK}", write=True),
    ]
