import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from accanto.access.permissions import APPLICATION, secret
from accanto.cases.participation_outcome import Moment, ParticipationOutcome


# An answer is of somebody who left that operation, in that case, and is written under one's own name.
OF_WHO_LEFT = f"""
create policy cases_participationoutcome_of_who_left on cases_participationoutcome as restrictive for insert
to {APPLICATION} with check (recorded_by_id = (select app_user()) and exists (
  select from cases_participation p where p.subject_id = cases_participationoutcome.subject_id
    and p.operation_id = cases_participationoutcome.operation_id and p.case_id = cases_participationoutcome.case_id
    and p.superseded_at is null and p.ends is not null))
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_documents_of_few"), ("plan", "0003_acts_and_their_chain")]

    operations = [
        migrations.CreateModel(
            "ParticipationOutcome",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("moment", models.CharField("quando", max_length=12, choices=Moment.choices)),
                (
                    "status",
                    models.CharField("che cosa fa", max_length=15, choices=ParticipationOutcome.Status.choices),
                ),
                ("training", models.BooleanField("studia o si forma", default=False)),
                ("qualification", models.BooleanField("ha ottenuto una qualifica", default=False)),
                (
                    "improvement",
                    models.CharField(
                        "sta meglio sul lavoro che aveva", max_length=10, blank=True,
                        choices=ParticipationOutcome.Improvement.choices,
                    ),
                ),
                ("known_on", models.DateField("saputo il")),
                ("recorded_at", models.DateTimeField("registrato il")),
                ("superseded_at", models.DateTimeField("sostituito il", null=True, blank=True)),
                (
                    "case",
                    models.ForeignKey(
                        to="cases.case", on_delete=django.db.models.deletion.PROTECT,
                        related_name="participation_outcomes",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        to="plan.operation", on_delete=django.db.models.deletion.PROTECT,
                        related_name="participation_outcomes",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        to="access.user", on_delete=django.db.models.deletion.PROTECT, related_name="+"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(to="access.subject", on_delete=django.db.models.deletion.PROTECT, related_name="+"),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        to="territory.zone", on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        db_index=False,
                    ),
                ),
            ],
            {
                "verbose_name": "esito della partecipazione",
                "verbose_name_plural": "esiti delle partecipazioni",
                "ordering": ["-recorded_at", "-id"],
                "indexes": [models.Index(fields=["zone", "operation"], name="cases_participationoutcome_of")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["subject", "operation", "moment"],
                        condition=Q(superseded_at=None),
                        name="cases_participationoutcome_one_standing",
                    ),
                    models.CheckConstraint(
                        condition=Q(improvement="") | Q(moment="six_months", status="job"),
                        name="cases_participationoutcome_improves_a_job",
                    ),
                    models.CheckConstraint(
                        condition=Q(moment="exit") | Q(training=False, qualification=False),
                        name="cases_participationoutcome_training_at_exit",
                    ),
                ],
            },
        ),
        secret("cases_participationoutcome", "participation", update=["superseded_at"]),
        migrations.RunSQL(OF_WHO_LEFT, migrations.RunSQL.noop),
    ]
