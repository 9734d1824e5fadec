"""Messages to phones, by the backend the settings name: a class whose `send(number, text)` returns nothing or raises
`NotSent`. With none in the settings no message leaves, and codes go by e-mail.

    ACCANTO_SMS_BACKEND=accanto.access.sms.ConsoleBackend
    ACCANTO_SMS_BACKEND=accanto.access.sms.FileBackend     (writes in ACCANTO_SMS_FOLDER, for tests and rehearsals)
"""

import secrets
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string


class NotSent(Exception):
    """Why it did not leave, in a word without anybody's number."""


class ConsoleBackend:
    """On the console of the service: nobody gets it."""

    def send(self, number, text):
        print(f"SMS {number}: {text}", flush=True)


class FileBackend:
    """A file a message, in a folder that the service alone may read."""

    def send(self, number, text):
        folder = Path(settings.SMS_FOLDER)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = folder / f"{secrets.token_hex(8)}.txt"
            file.touch(mode=0o600)
            file.write_text(f"{number}\n{text}\n")
        except OSError as problem:
            raise NotSent(type(problem).__name__) from None


def is_there():
    return bool(settings.SMS_BACKEND)


def send(number, text):
    """Raises NotSent."""
    import_string(settings.SMS_BACKEND)().send(number, text)
