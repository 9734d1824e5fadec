from django.db import models


class StandingFacts(models.QuerySet):
    """Of rows with `superseded_at`: a correction supersedes, nothing is overwritten."""

    def standing(self):
        """Those that hold now."""
        return self.filter(superseded_at=None)
