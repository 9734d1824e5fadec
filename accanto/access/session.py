"""Django's sessions kept under the hash of their token, with the user and the acting role as columns under a seal.

The door hands the token to PostgreSQL, which resolves it here to a live session. The application has no right on the
table: it goes through functions that want the token, so that nobody lists sessions or reads what they hold; and the
user and role of a session count only under a seal made with a key that statements of SQL never see, so that a row
written by an injection opens nothing."""

import hashlib
import hmac
import re

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import connection, models

BLOCK = 64  # bytes of a block of SHA-256, by which HMAC pads its key


def fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def sealing_key() -> bytes:
    return hashlib.sha256(b"accanto.access.session" + settings.SECRET_KEY.encode()).digest()


def seal(*, token, user_id, role_id, expires) -> str:
    """`expires` in whole seconds since 1970. PostgreSQL makes the same text and compares."""
    text = f"{fingerprint(token)}:{user_id}:{role_id or ''}:{expires}"
    return hmac.new(sealing_key(), text.encode(), hashlib.sha256).hexdigest()


def write_key():
    """Tell PostgreSQL the key of the seals, made from ACCANTO_SECRET_KEY. Runs after every migration, as the owner."""
    key = sealing_key().ljust(BLOCK, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in key) for pad in (0x36, 0x5C))
    SealingKey.objects.update_or_create(id=1, defaults={"inner": inner, "outer": outer})


class SealingKey(models.Model):
    """The key padded for the two rounds of HMAC. Read only inside `app_user()`."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    inner = models.BinaryField()
    outer = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="access_sealing_key_one_row")]

    def __str__(self):
        return "key"


class Session(models.Model):
    session_key = models.CharField(max_length=64, primary_key=True)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    user = models.ForeignKey("access.User", models.CASCADE, null=True, related_name="+")
    role = models.ForeignKey("access.Role", models.SET_NULL, null=True, related_name="+")
    seal = models.CharField(max_length=64, blank=True)

    def __str__(self):
        return self.session_key[:8]


def _value(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


class SessionStore(SessionBase):
    def _validate_session_key(self, key):
        """A cookie is what a stranger wrote: only what could be a token goes on to PostgreSQL."""
        return bool(key) and bool(re.fullmatch(r"[a-z0-9]{32}", key))

    def load(self):
        data = _value("select session_load(%s)", [self.session_key]) if self.session_key else None
        if data is None:
            self._session_key = None
            return {}
        return self.decode(data)

    def exists(self, session_key):
        return bool(session_key) and _value("select session_load(%s)", [session_key]) is not None

    def create(self):
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create=False):
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)
        user, role, expires = data.get(SESSION_KEY), data.get("role"), int(self.get_expiry_date().timestamp())
        token = self.session_key
        mark = seal(token=token, user_id=user, role_id=role, expires=expires) if user else ""
        if not _value(
            "select session_save(%s, %s, %s, %s::bigint, %s::bigint, %s, %s)",
            [token, self.encode(data), expires, user, role, mark, must_create],
        ):
            raise CreateError if must_create else UpdateError

    def delete(self, session_key=None):
        session_key = session_key or self.session_key
        if session_key:
            _value("select session_delete(%s)", [session_key])

    @classmethod
    def clear_expired(cls):
        _value("select session_clear_expired()", [])
