"""The commands that make an installation: tables, region pack, first administrator, demonstration."""

import os

from accanto.console.preparation import Stop, as_owner, database, step


def migrate(_options, _rest):
    with database():
        if not os.environ.get("ACCANTO_SECRET_KEY"):
            raise Stop(
                "ACCANTO_SECRET_KEY non è impostata: `accanto migrate` vuole la stessa del servizio, perché PostgreSQL "
                "riconosca le sessioni."
            )
        as_owner()
        from django.core.management import call_command

        from accanto.access.role import write_rights
        from accanto.access.session import write_key

        refuse_another_version()
        with step("tabelle e permessi"):
            call_command("migrate", verbosity=0, interactive=False)
            write_rights()
            write_key()


def refuse_another_version():
    """A database whose tables were made by a version this program does not know is left as it is."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    known = {app for app, _name in loader.disk_migrations}
    strange = sorted(
        f"{a}.{name}" for a, name in loader.applied_migrations.keys() - loader.disk_migrations.keys() if a in known
    )
    if strange:
        raise Stop(
            f"questa base dati è di un'altra versione di Accanto (ha {', '.join(strange[:3])}): avviala con quella "
            "versione, oppure indica una base dati nuova (ACCANTO_HOME=un'altra cartella)."
        )


def init(_options, _rest):
    with database():
        as_owner()
        from django.conf import settings
        from django.utils import timezone

        from accanto.access import pack as bodies
        from accanto.cases import pack as teams
        from accanto.exchange import pnrr
        from accanto.plan import pack as plan
        from accanto.staffing import pack as staffing
        from accanto.territory import pack

        now = timezone.now()
        with step("pacchetto della regione"):
            pack.load(settings.REGION_PACK, now=now)
            bodies.load(settings.REGION_PACK, now=now)
            teams.load(settings.REGION_PACK, now=now)
        with step("piano, fondi, obiettivi"):
            plan.load(settings.REGION_PACK, now=now)
            staffing.load(settings.REGION_PACK, now=now)
        with step("estratti del PNRR"):
            for file in sorted((settings.REGION_PACK / "pnrr").glob("*.csv")):
                pnrr.bring_in(file.read_bytes(), file_name=file.name, by=None, now=now)


def administrator(options, _rest):
    """The first one of an installation: the others are given their roles from the pages."""
    with database():
        as_owner()
        from django.db import transaction
        from django.utils import timezone

        from accanto.access.role import Kind, give
        from accanto.access.user import User, register

        if User.objects.filter(username__iexact=options.username.strip()).exists():
            raise Stop(f"il nome utente «{options.username}» c'è già: scegline un altro.")
        now = timezone.now()
        with transaction.atomic():
            user, password = register(username=options.username, name=options.name, email="", by=None, now=now)
            give(user=user, kind=Kind.ADMINISTRATOR, starts=timezone.localdate(), by=None, now=now)
        print(f"{user.username}: {password} (da cambiare al primo accesso)")


def demo(options, _rest):
    with database():
        as_owner()
        from django.conf import settings

        if not settings.EMBEDDED:
            raise Stop("i dati di dimostrazione si creano solo sul server incorporato.")
        from django.utils import timezone

        from accanto.demonstration import build

        try:
            with step("regione di dimostrazione (dati sintetici)"):
                build.fill(
                    seed=options.seed,
                    people=options.people,
                    today=timezone.localdate(),
                    now=timezone.now(),
                )
        except build.NotEmpty as full:
            print(f"già presente: {full}")
        except build.Missing as missing:
            raise Stop(f"prima serve «{missing}».") from missing
