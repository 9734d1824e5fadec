from django.db import migrations, models

from accanto.access.tables import Together


class Migration(migrations.Migration):

    dependencies = [("traineeships", "0024_signed_attestations")]

    operations = [
        Together([
            migrations.AddField(
                model_name="traineeship",
                name="inail_to",
                field=models.DateField(blank=True, null=True, verbose_name="copertura INAIL fino al"),
            ),
            migrations.AddField(
                model_name="traineeship",
                name="liability_to",
                field=models.DateField(blank=True, null=True, verbose_name="polizza fino al"),
            ),
            migrations.AddConstraint(
                model_name="traineeship",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("inail_to", None), models.Q(("inail_reference", ""), _negated=True), _connector="OR"),
                        models.Q(("liability_to", None), models.Q(("liability_reference", ""), _negated=True), _connector="OR"),
                    ),
                    name="traineeships_traineeship_cover_named",
                ),
            ),
        ]),
    ]
