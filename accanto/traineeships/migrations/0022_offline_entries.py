from django.db import migrations, models

from accanto.access.permissions import hangs_on
from accanto.access.tables import Together

OF_A_TRAINEESHIP = (
    "attendanceday", "registersignature", "monthlyclose", "timetable", "passage", "extension", "mandatorynotice",
    "traineeshipplan", "condition", "allowanceterms", "monthallowance",
)  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [("traineeships", "0021_counts")]

    operations = [
        Together([
            migrations.AddField(
                model_name="attendanceday",
                name="offline_at",
                field=models.DateTimeField(blank=True, null=True, verbose_name="scritta senza rete il"),
            ),
            migrations.AddField(
                model_name="attendanceday",
                name="offline_entry",
                field=models.UUIDField(blank=True, null=True, verbose_name="giornata scritta senza rete"),
            ),
            migrations.AddConstraint(
                model_name="attendanceday",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("offline_entry__isnull", False)),
                    fields=("traineeship", "offline_entry"),
                    name="traineeships_attendance_offline_once",
                ),
            ),
            migrations.AddConstraint(
                model_name="attendanceday",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("offline_at", None), ("offline_entry", None)),
                        models.Q(("offline_at__isnull", False), ("offline_entry__isnull", False)),
                        _connector="OR",
                    ),
                    name="traineeships_attendance_offline_when",
                ),
            ),
        ]),
        # and what hangs on a traineeship hangs on one of the same person: a device, a page, a hand name it
        *(hangs_on(f"traineeships_{noun}", "traineeship_id", "traineeships_traineeship") for noun in OF_A_TRAINEESHIP),
    ]
