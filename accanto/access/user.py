import secrets

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from accanto.access import log

# no letters or figures that look alike: it is read from a screen and typed once
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Users(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(username__iexact=username)

    def register(self, *, username, name="", password=None):
        """A user who can sign in once given a role. Without a password the account cannot sign in."""
        user = self.model(username=username.strip().lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Someone who signs in. A person in charge has no name here: their name is in their own file, so that this table,
    which every session may read, never lists who is in charge."""

    # a sign-in is in the log, and the application has no right to write users before there is a session
    last_login = None
    username = models.CharField(_("nome utente"), max_length=150, unique=True)
    name = models.CharField(_("nome e cognome"), max_length=150, blank=True)
    email = models.EmailField(_("posta elettronica"), blank=True)
    is_active = models.BooleanField(_("attivo"), default=True)
    # given by somebody else: until its owner changes it the session acts in no role
    password_is_temporary = models.BooleanField(_("password provvisoria"), default=False)

    objects = Users()
    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = _("utente")
        verbose_name_plural = _("utenti")
        constraints = [
            models.UniqueConstraint(models.functions.Lower("username"), name="access_user_username_whatever_the_case")
        ]

    def __str__(self):
        return self.name or self.username

    def check_password(self, raw_password):
        """Without Django's renewal of old hashes, which would write a user before there is a session."""
        return check_password(raw_password, self.password)


def new_password():
    """Four groups of four: about 80 bits, to be read aloud and changed at the first sign-in."""
    return "-".join("".join(secrets.choice(PASSWORD_LETTERS) for _letter in range(4)) for _group in range(4))


def register(*, username, name, email, by, now):
    """A new user, and the password to hand over: it is kept nowhere else and must be changed at the first sign-in."""
    password = new_password()
    user = User(username=username.strip().lower(), name=name.strip(), email=email.strip(), password_is_temporary=True)
    user.set_password(password)
    user.save()
    log.act("register", user, by=by, now=now)
    return user, password


def renew_password(*, user, by, now):
    """A temporary password in the place of a forgotten one."""
    password = new_password()
    user.set_password(password)
    user.password_is_temporary = True
    user.save(update_fields=["password", "password_is_temporary"])
    log.act("renew password", user, by=by, now=now)
    return password


def correct(*, user, name, email, by, now):
    user.name, user.email = name.strip(), email.strip()
    user.save(update_fields=["name", "email"])
    log.act("correct", user, by=by, now=now)


def set_active(*, user, active, by, now):
    """Close an account, or open it again. PostgreSQL stops obeying its sessions with this very row."""
    user.is_active = active
    user.save(update_fields=["is_active"])
    log.act("open" if active else "close", user, by=by, now=now)


def change_own_password(*, user, password, by, now):
    """`user` must be who is signed in: PostgreSQL writes the row of the live session's user and no other."""
    user.password, user.password_is_temporary = make_password(password), False
    with connection.cursor() as cursor:
        cursor.execute("select set_own_password(%s)", [user.password])
    log.act("change password", user, by=by, now=now)
