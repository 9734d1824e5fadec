"""What is due for who plans, watches over the data or keeps the users: figures and terms, nobody's name."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access import log
from accanto.access.role import Kind, Role
from accanto.access.user import User
from accanto.cases.referral import waiting_in_the_zone
from accanto.cases.zone_team import ZoneTeam
from accanto.indicators.release import Release
from accanto.norms.days import add_months
from accanto.norms.reader import in_force
from accanto.plan.operation import Operation
from accanto.plan.parameter import local_values
from accanto.staffing import staffing_return as returns
from accanto.staffing.staffing_return import StaffingReturn
from accanto.territory.zone import Zone
from accanto.web import advances, control_agenda, deadlines
from accanto.web.due import Due
from accanto.web.parts import numbers

SOON = dt.timedelta(days=90)  # returns and operations are prepared over months
ROLES_AHEAD, REFUSED_BACK, UNSEALED = dt.timedelta(days=14), dt.timedelta(days=7), dt.timedelta(days=2)


def of_office(*, acting, today, now):
    """In order: a few queries, whatever the region holds."""
    write = {
        Kind.ZONE_PLANNER: of_zone_planner,
        Kind.REGIONAL_OFFICER: of_regional_officer,
        Kind.DATA_PROTECTION_OFFICER: of_protector,
        Kind.ADMINISTRATOR: of_administrator,
        Kind.INSPECTOR: control_agenda.of_inspector,
    }[acting.kind]
    return sorted(write(acting, today, now), key=lambda due: due.order(today))


def of_zone_planner(acting, today, now):
    return [
        *own_returns(acting, today),
        *referrals(acting, today),
        *own_protocol(acting, today),
        *operations(acting, today),
        *deadlines.in_the_day(acting, today),
        *advances.in_the_day(acting, today),
        *control_agenda.of_planner(acting=acting, today=today),
    ]


def of_regional_officer(acting, today, now):
    return [
        *all_returns(today),
        *all_protocols(today),
        *release(today),
        *operations(acting, today),
        *deadlines.in_the_day(acting, today),
    ]


def years_asked(today):
    """The return whose term has gone by last, and the next one when it comes near: (year, last day)."""
    coming = returns.year_due_next(today)
    asked = [(coming - 1, returns.due(coming - 1))]
    if returns.due(coming) <= today + SOON:
        asked.append((coming, returns.due(coming)))
    return asked


def own_returns(acting, today):
    states = dict(StaffingReturn.objects.within(acting).order_by().values_list("year", "state"))
    done = StaffingReturn.State.FINALISED
    return [
        Due(
            title=_("Prospetto degli assistenti sociali del %(year)s") % {"year": year},
            what=gettext_lazy("prospetti degli assistenti sociali"),
            when=last,
            url=reverse("staffing_return", args=[acting.role.zone.code, year]),
            label=_("Apri"),
            note=_("inviato e non finalizzato") if states.get(year) == StaffingReturn.State.SENT else "",
        )
        for year, last in years_asked(today)
        if states.get(year) != done
    ]


def referrals(acting, today):
    """How many wait, since when, and how many beyond the term the zone gave itself: no act gives one (R-SIIL-11)."""
    limit = in_force(today, local=local_values(on=today, zone=acting.role.zone))["siil.first_meeting_days"]
    days = int(limit.decimal()) if limit.known else None
    waiting, oldest, late = waiting_in_the_zone(beyond=days)
    if not waiting:
        return []
    words = ngettext(
        "%(count)s segnalazione aspetta una risposta", "%(count)s segnalazioni aspettano una risposta", waiting
    )
    note = _("la più vecchia da %(days)s giorni") % {"days": (today - oldest).days}
    if days is not None:
        note += _("; %(late)s oltre i %(days)s giorni che la zona si è data") % {"late": late, "days": days}
    return [
        Due(
            title=words % {"count": waiting},
            what=gettext_lazy("risposte a segnalazioni"),
            since=oldest,
            url=reverse("dashboard"),
            label=_("Cruscotto"),
            note=note,
        )
    ]


def own_protocol(acting, today):
    if ZoneTeam.objects.by_protocol(today).filter(zone_id=acting.zone_id).exists():
        return []
    return [
        Due(
            title=_("L’équipe di zona (SIIL) non ha un protocollo noto"),
            what=gettext_lazy("protocolli d’équipe"),
            url=reverse("zone_teams"),
            label=_("Vedi"),
        )
    ]


def operations(acting, today):
    rows = Operation.objects.within(acting).filter(ends__gte=today, ends__lte=today + SOON).order_by("ends", "id")
    return [
        Due(
            title=_("Finisce l’operazione %(title)s") % {"title": row.title},
            what=gettext_lazy("operazioni che finiscono"),
            when=row.ends,
            url=reverse("operation", args=[row.pk]),
            label=_("Vedi"),
            note=row.cup,
            is_event=True,
        )
        for row in rows[:20]
    ]


def all_returns(today):
    zones, done = Zone.objects.count(), StaffingReturn.State.FINALISED
    found = []
    for year, last in years_asked(today):
        finalised = StaffingReturn.objects.filter(year=year, state=done).count()
        if finalised < zones:
            said = {"count": zones - finalised, "zones": zones, "year": year}
            found.append(
                Due(
                    title=_("Prospetti del %(year)s non finalizzati: %(count)s zone su %(zones)s") % said,
                    what=gettext_lazy("prospetti degli assistenti sociali"),
                    when=last,
                    url=reverse("staffing_returns"),
                    label=_("Vedi"),
                )
            )
    return found


def all_protocols(today):
    zones, there = Zone.objects.count(), ZoneTeam.objects.by_protocol(today).count()
    if there >= zones:
        return []
    said = {"count": zones - there, "zones": zones}
    return [
        Due(
            title=_("Équipe di zona senza un protocollo noto: %(count)s su %(zones)s") % said,
            what=gettext_lazy("protocolli d’équipe"),
            url=reverse("zone_teams"),
            label=_("Vedi"),
        )
    ]


def release(today):
    """The month just ended is published once, and then does not move."""
    month = add_months(today.replace(day=1), -1)
    if Release.objects.filter(month=month).exists():
        return []
    return [
        Due(
            title=_("Dati di %(month)s non ancora pubblicati") % {"month": numbers.spelled(month, "F Y")},
            what=gettext_lazy("dati da pubblicare"),
            since=today.replace(day=1),
            url=reverse("figures"),
            label=_("Vedi"),
            note=_("li pubblica chi gestisce il sistema"),
        )
    ]


def of_protector(acting, today, now):
    refused = log.page(only_refused=True, since=now - REFUSED_BACK, limit=200)
    found = []
    if refused:
        words = ngettext("%(count)s apertura rifiutata", "%(count)s aperture rifiutate", len(refused))
        found.append(
            Due(
                title=words % {"count": len(refused) if len(refused) < 200 else _("più di 200")},
                what=gettext_lazy("aperture rifiutate"),
                since=timezone.localdate(refused[-1]["at"]),
                url=f"{reverse('log')}?refused=on",
                label=_("Leggi"),
                note=_("negli ultimi %(days)s giorni") % {"days": REFUSED_BACK.days},
            )
        )
    for seal in log.seals():
        if seal["waiting"] and (seal["made_at"] is None or seal["made_at"] < now - UNSEALED):
            found.append(
                Due(
                    title=_("Registro degli atti da sigillare")
                    if seal["log"] == "act"
                    else _("Registro delle letture da sigillare"),
                    what=gettext_lazy("registri da sigillare"),
                    since=seal["made_at"] and timezone.localdate(seal["made_at"]),
                    url=reverse("log"),
                    label=_("Vedi"),
                    note=_("chiedi a chi gestisce il sistema"),
                )
            )
    return found


def of_administrator(acting, today, now):
    ending = Role.objects.filter(ends__gte=today, ends__lte=today + ROLES_AHEAD, user__is_active=True)
    found = [
        Due(
            title=_("Finisce il ruolo di %(user)s: %(role)s") % {"user": role.user, "role": role.label},
            what=gettext_lazy("ruoli che finiscono"),
            when=role.ends,
            url=reverse("user", args=[role.user_id]),
            label=_("Vedi"),
            is_event=True,
        )
        for role in ending.select_related("user").with_place().order_by("ends", "id")[:20]
    ]
    roleless = User.objects.filter(is_active=True).exclude(pk__in=Role.objects.on(today).values("user_id"))
    found += [
        Due(
            title=_("%(user)s può entrare e non ha un ruolo") % {"user": user},
            what=gettext_lazy("utenti senza ruolo"),
            url=reverse("user", args=[user.pk]),
            label=_("Vedi"),
        )
        for user in roleless.order_by("pk")[:20]
    ]
    return found
