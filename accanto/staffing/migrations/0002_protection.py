from django.db import migrations
from django.db.migrations import RunSQL

from accanto.access.permissions import APPLICATION, of_zone, reference


class Migration(migrations.Migration):
    dependencies = [("staffing", "0001_initial"), ("access", "0002_protection")]

    operations = [
        reference("staffing_universe", "staffing_regionalfigure"),
        of_zone("staffing_staffingreturn", "staffing", update=["state", "sent_at", "finalised_at"]),
        of_zone("staffing_stafffigure", "staffing", update=["superseded_at"]),
        # a finalised return is a public act: the public pages, which have no session, show it
        RunSQL(
            [
                "create policy staffing_staffingreturn_public on staffing_staffingreturn "
                f"for select to {APPLICATION} using (state = 'finalised')",
                "create policy staffing_stafffigure_public on staffing_stafffigure "
                f"for select to {APPLICATION} using (superseded_at is null and exists (select 1 "
                "from staffing_staffingreturn r where r.id = staffing_return_id and r.state = 'finalised'))",
            ],
            RunSQL.noop,
        ),
    ]
