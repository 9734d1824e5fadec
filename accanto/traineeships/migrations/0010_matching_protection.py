from django.db import migrations

from accanto.access.permissions import of_zone, secret

# What a search asks is a limit like the others: the employment centre and the tutor of the promoter read it. What is
# proposed and answered is of the plan: the host knows of a person once the traineeship is theirs, not before.
DECIDED = ["first_place_id", "place_id", "points", "state", "reason", "missing", "decided_at", "decided_by_id", "traineeship_id"]


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0009_matching")]

    operations = [
        secret("traineeships_placesearch", "limits", update=["superseded_at"]),
        of_zone("traineeships_matchinground", "traineeship_plan", update=["ended_at"]),
        secret("traineeships_matchingproposal", "traineeship_plan", update=DECIDED),
    ]
