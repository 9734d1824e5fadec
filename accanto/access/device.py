"""What a device that works without network is told, so that what it keeps is nobody else's: whose it is, and a key.

Neither stands in a table: they are made again, the same, for the same user in the same role."""

from base64 import b64encode

from django.utils.crypto import salted_hmac

DAYS_KEPT = 10  # names leave the device after as many days, or when somebody leaves or another signs in (our choice)


def reader_mark(user, role):
    """Of a user in a role, as a browser compares it: it tells nothing of who they are."""
    return salted_hmac("accanto.device.reader", f"{user.pk}:{role.pk if role else ''}", algorithm="sha256").hexdigest()


def device_key(acting, packet):
    """256 bits that open what this user, in this role, left on a device under that number, when the PIN does not."""
    text = f"{acting.user.pk}:{acting.role.pk}:{packet}"
    return b64encode(salted_hmac("accanto.device.key", text, algorithm="sha256").digest()).decode()
