"""An address that is a key: who holds it opens one thing without an account. Only the hash of its secret is kept, so
that who reads the tables opens nothing."""

import hashlib
import hmac
import secrets

from django.conf import settings

DIGITS = 6  # of the code that goes by another way


def new_token() -> str:
    """256 bits, as an address can hold them."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def new_code() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def code_mark(token: str, code: str) -> str:
    """What is kept of a code. A million codes are tried in a second: the mark is made with a key that stands in no
    table and with the secret of the address, so that tables alone tell neither."""
    key = hashlib.sha256(b"accanto.access.secret_link" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, f"{token}:{code}".encode(), hashlib.sha256).hexdigest()
