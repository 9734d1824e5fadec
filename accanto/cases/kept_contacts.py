"""What referrals, transfers and drafts keep of how to reach a person, as it was written then."""

from django.db import connection

from accanto.people.protected_address import FORGETTING


def forget(*, subject):
    """The contacts of a person are protected from now on: nothing written before tells them any more."""
    with connection.cursor() as cursor:
        cursor.execute("select contacts_forget(%s)", [subject])


FORGETTING.append(forget)
