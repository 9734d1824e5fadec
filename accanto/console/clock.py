"""What is run by the clock: the messages of the day, the controls, the seals of the log, the figures of a
month, what is not kept."""

import os

from accanto.console.preparation import Stop, as_owner, database, step


def release(options, _rest):
    import datetime as dt

    month = None
    if options.month:
        try:
            month = dt.date.fromisoformat(f"{options.month}-01")
        except ValueError:
            raise Stop(f"«{options.month}» non è un mese: scrivilo come 2026-10.") from None
    with database():
        as_owner()
        from django.utils import timezone

        from accanto.indicators import release as releases

        month = month or timezone.localdate().replace(day=1) - dt.timedelta(days=1)
        with step(f"figure di {month:%m/%Y}"):
            try:
                made = releases.make(month=month, now=timezone.now())
            except releases.ReleaseError as error:
                print()
                raise Stop(str(error)) from error
        print(f"  pubblicate il {timezone.localdate(made.released_at):%d/%m/%Y}, impronta {made.sha256}")


def remind(_options, _rest):
    """For the clock, once or more a day; works as the service, never as the owner. Ends with 1 where one failed."""
    with database():
        os.environ.pop("ACCANTO_OWNER_DATABASE_URL", None)
        if os.environ.get("ACCANTO_EMBEDDED") == "1":
            os.environ.setdefault("ACCANTO_SITE", f"http://127.0.0.1:{os.environ.get('PORT') or 8000}")
        if not os.environ.get("ACCANTO_SITE"):
            raise Stop("ACCANTO_SITE non è impostata: è l'indirizzo del servizio, per esempio https://accanto.example.")
        import django as framework

        framework.setup()
        from django.conf import settings
        from django.utils import timezone

        from accanto.web.reminders import send_digests

        told = send_digests(now=timezone.now(), site=settings.SITE)
    print(f"Messaggi partiti: {told.sent}; senza niente da dire: {told.nothing}; non riusciti: {told.failed}.")
    if told.unsure:
        print(f"Di {told.unsure} non si sa se sono partiti, perché un giro si è interrotto: non si rimandano.")
    if told.failed:
        raise Stop("quelli non riusciti si ritentano al prossimo giro: controlla il server di posta (ACCANTO_EMAIL_*).")
    return 0


def control(_options, _rest):
    """For the clock, once a night: look for what is unusual in the traineeships of every zone."""
    with database():
        as_owner()
        from django.utils import timezone

        from accanto.territory.zone import Zone
        from accanto.traineeships import controls

        now = timezone.now()
        for zone in Zone.objects.order_by("order", "pk"):
            done = controls.search(zone=zone, by=None, now=now)
            if done.looked:
                print(f"{zone}: {done.looked} tirocini; anomalie nuove {done.found}, non più vere {done.mended}.")
    return 0


def tidy(_options, _rest):
    """For the clock, once a day: what nobody finishes is a copy of personal data, and is not kept."""
    with database():
        as_owner()
        from django.utils import timezone

        from accanto.exchange import records

        dropped = records.drop_abandoned(now=timezone.now())
    print(f"Archivi lasciati a metà, di cui si cancellano le righe in attesa: {len(dropped)}.")
    return 0


def seal(options, _rest):
    """Seal what was written in the log since the last time, or verify what was sealed."""
    with database():
        as_owner()
        from django.utils import timezone

        from accanto.access import seal as seals

        if not options.verify:
            for made in seals.seal_log(now=timezone.now()):
                print(f"{made.get_log_display()}: righe {made.first}-{made.last} ({made.rows}), impronta {made.hash}")
            return 0
        broken = seals.verify()
        for batch in broken:
            print(f"{batch.log}: righe {batch.first}-{batch.last}, sigillate {batch.expected}, trovate {batch.found}")
        if options.expect and not seals.Seal.objects.filter(hash=options.expect).exists():
            raise Stop(f"il sigillo {options.expect} non c'è più: il registro è stato riscritto dopo la sua consegna.")
        if broken:
            raise Stop("il registro non è più quello sigillato: conserva la base dati com'è e avvisa il titolare.")
        print("Il registro è quello sigillato.")
        return 0
