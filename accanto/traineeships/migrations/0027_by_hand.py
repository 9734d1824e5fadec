from django.db import migrations

from accanto.access.permissions import hangs_on


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0026_control_search")]

    operations = [
        hangs_on("traineeships_paymentline", "traineeship_id", "traineeships_traineeship"),
    ]
