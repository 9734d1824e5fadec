import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations import RunSQL
from django.db.models import F, Q

from accanto.access.permissions import read_by_all
from accanto.plan.act import OF_A_ZONE, Act, ActLink

ZONE = "zone_id = any((select app_zones_writing('programme'))::smallint[])"
REGION = "(select s.kind from app_session() s) = 'regional_officer'"
# A value that a zone or a call had set named its act in words: the words become an act of their own.
ACTS_IN_WORDS = """
insert into plan_act (code, "order", kind, issuer, zone_id, number, subject, sheet_sources, grade, content_read, link,
  source, entered_at, entered_by_id)
select distinct on (md5(p.act_words)) 'altro-' || left(md5(p.act_words), 10), 1000, 'ALTRO', p.act_words, null, '',
  jsonb_build_object('it', p.act_words, 'en', p.act_words), '{}'::varchar[], 'SECONDARY', 'none', p.link, '', null, null
from plan_localparameter p order by md5(p.act_words), p.id
"""
POINT = """
update plan_localparameter p set act_id = a.id
from plan_act a where a.code = 'altro-' || left(md5(p.act_words), 10)
"""


def act(related_name, **more):
    return models.ForeignKey(
        to="plan.act", on_delete=django.db.models.deletion.PROTECT, related_name=related_name, verbose_name="atto", **more
    )


class Migration(migrations.Migration):
    dependencies = [("plan", "0002_protection"), ("territory", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(
            "act", {"ordering": ["order", "id"], "verbose_name": "atto", "verbose_name_plural": "atti"}
        ),
        migrations.AlterField(
            "act", "kind", models.CharField("tipo", max_length=20, choices=Act.Kind.choices)
        ),
        migrations.RemoveField("act", "later"),
        migrations.AddField(
            "act",
            "zone",
            models.ForeignKey(
                to="territory.zone", on_delete=django.db.models.deletion.PROTECT, null=True, blank=True,
                related_name="+", verbose_name="zona",
            ),
        ),
        migrations.AddField(
            "act",
            "sheet_sources",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=60), default=list, blank=True, verbose_name="fonti delle schede"
            ),
        ),
        migrations.AddField("act", "entered_at", models.DateTimeField("registrato il", null=True, blank=True)),
        migrations.AddField(
            "act",
            "entered_by",
            models.ForeignKey(
                to="access.user", on_delete=django.db.models.deletion.PROTECT, null=True, blank=True, related_name="+"
            ),
        ),
        migrations.AddConstraint(
            "act",
            models.CheckConstraint(
                condition=Q(entered_at=None, entered_by=None, zone=None)
                | Q(entered_at__isnull=False, entered_by__isnull=False),
                name="plan_act_entered_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            "act",
            models.CheckConstraint(condition=Q(code__regex=r"^[-a-z0-9_]+$"), name="plan_act_code_of_an_address"),
        ),
        migrations.AddConstraint(
            "act",
            models.CheckConstraint(condition=Q(link="") | Q(link__regex=r"^https?://"), name="plan_act_link_of_a_page"),
        ),
        migrations.AddConstraint(
            "act",
            models.CheckConstraint(
                condition=Q(entered_at=None) | Q(sheet_sources=[]), name="plan_act_sources_of_the_pack"
            ),
        ),
        migrations.AddConstraint(
            "act",
            models.CheckConstraint(condition=Q(zone=None) | Q(kind__in=OF_A_ZONE), name="plan_act_of_a_zone"),
        ),
        migrations.CreateModel(
            "ActLink",
            [
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "verb",
                    models.CharField("che cosa fa", max_length=12, choices=ActLink.Verb.choices),
                ),
                ("starts", models.DateField("dal", null=True, blank=True)),
                ("note", models.CharField("in che cosa", max_length=300, blank=True)),
                ("recorded_at", models.DateTimeField("registrato il", null=True, blank=True)),
                ("superseded_at", models.DateTimeField("tolto il", null=True, blank=True)),
                (
                    "act",
                    models.ForeignKey(
                        to="plan.act", on_delete=django.db.models.deletion.PROTECT, related_name="links"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        to="plan.act", on_delete=django.db.models.deletion.PROTECT, related_name="linked_by",
                        verbose_name="a quale atto",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        to="access.user", on_delete=django.db.models.deletion.PROTECT, null=True, blank=True,
                        related_name="+",
                    ),
                ),
            ],
            {
                "verbose_name": "legame tra atti",
                "verbose_name_plural": "legami tra atti",
                "ordering": ["act", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["act", "verb", "other"], condition=Q(superseded_at=None), name="plan_act_link_once"
                    ),
                    models.CheckConstraint(condition=~Q(act=F("other")), name="plan_act_link_of_two_acts"),
                ],
            },
        ),
        migrations.AddField("fundamount", "act", act("fund_amounts", null=True, blank=True)),
        migrations.AddField("body", "act", act("bodies", null=True, blank=True)),
        migrations.AddField("operation", "act", act("operations", null=True, blank=True)),
        migrations.RenameField("localparameter", "act", "act_words"),
        migrations.AddField("localparameter", "act", act("local_parameters", null=True)),
        RunSQL([ACTS_IN_WORDS, POINT], RunSQL.noop),
        RunSQL("set constraints all immediate", RunSQL.noop),
        migrations.AlterField("localparameter", "act", act("local_parameters")),
        migrations.RemoveField("localparameter", "act_words"),
        migrations.RemoveField("localparameter", "link"),
        # the pack's own rows are the owner's; an office enters and corrects its own
        read_by_all(
            "plan_act",
            written_where=f"(entered_at is not null and ({ZONE} or zone_id is null and {REGION}))",
            update=[
                "kind", "issuer", "number", "date", "year", "subject", "grade", "content_read", "link", "source",
            ],
        ),
        read_by_all(
            "plan_actlink",
            written_where=(
                "(recorded_at is not null and exists (select from plan_act a where a.id = act_id "
                f"and (a.{ZONE} or a.zone_id is null and {REGION})))"
            ),
            update=["superseded_at"],
        ),
    ]
