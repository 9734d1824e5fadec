from django.db import migrations

from accanto.indicators import esf_outputs, esf_results


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0002_functions"),
        ("cases", "0009_participation_outcomes"),
        ("plan", "0006_esf_declarations"),
    ]

    operations = [*esf_outputs.operations(), *esf_results.operations()]
