from functools import lru_cache

from django.conf import settings
from django.db import models


class Installation(models.Model):
    """One row: what this database is. Demonstration data carry the mark here, and `accanto serve` obeys it."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    demonstration = models.BooleanField(default=False)
    made_at = models.DateTimeField(null=True)
    seed = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="access_installation_one_row")]

    def __str__(self):
        return "demonstration" if self.demonstration else "production"


def is_demonstration() -> bool:
    return Installation.objects.filter(demonstration=True).exists()


def is_marked() -> bool:
    """The same, asked once by each process that serves: `accanto serve` makes the demonstration before it serves, and
    refuses to serve one that is not on the embedded server."""
    return settings.EMBEDDED and _asked_once()


@lru_cache(maxsize=1)
def _asked_once():
    return is_demonstration()
