"""The demonstration's sign-ins: kept in a private file of the installation, offered only on the machine itself."""

import json

from django.conf import settings

LOOPBACK = {"127.0.0.1", "::1"}


def sign_ins(request):
    """What may be offered as one-click sign-ins to this request: dicts with username, name, role; often none."""
    from accanto.access.installation import is_demonstration  # the console reads this file before Django is set up

    from_here = request.META.get("REMOTE_ADDR") in LOOPBACK and "HTTP_X_FORWARDED_FOR" not in request.META
    if not (settings.EMBEDDED and from_here and is_demonstration()):
        return []
    return kept()


def kept():
    """The sign-ins of this installation, passwords included; for the console, which prints them."""
    file = settings.HOME / "demonstration-sign-ins.json"
    return json.loads(file.read_text()) if file.exists() else []


def keep(entries):
    settings.HOME.mkdir(parents=True, exist_ok=True)
    file = settings.HOME / "demonstration-sign-ins.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(entries, ensure_ascii=False, indent=1))
