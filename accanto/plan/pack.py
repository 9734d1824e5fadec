"""Loads the plan's part of a region pack: acts, bodies, funds, calls and targets. Loading twice changes nothing."""

from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accanto.norms.sheet_file import sheets
from accanto.plan import found_allocation
from accanto.plan.act import Act, ActLink
from accanto.plan.body import Body
from accanto.plan.call import Call
from accanto.plan.fund import FundAmount, FundLine
from accanto.plan.grade import Grade
from accanto.plan.target import Target
from accanto.territory.pack import Loaded, Problems, Record, read_yaml
from accanto.territory.zone import Zone

GRADES = list(Grade)


def load(pack_folder, *, now) -> dict[str, Loaded]:
    """Brings the plan to what acts, bodies, funds, calls and targets of the pack say. The territory is loaded before.

    Raises PackError, with nothing written, naming every file, line and field that is wrong.
    """
    folder, problems = Path(pack_folder), Problems()
    files = {
        name: read_yaml(folder / f"{name}.yaml", required=required, problems=problems)
        for name, required in (
            ("pack", ["population_in_use"]),
            ("acts", ["acts"]),
            ("bodies", ["bodies"]),
            ("funds", ["funds", "source"]),
            ("calls", ["calls"]),
            ("targets", ["targets", "source", "act"]),
        )
    }
    problems.stop_if_any()
    with transaction.atomic():
        act_records = files["acts"].blocks("acts")
        wanted = [_act(r, n) for n, r in enumerate(act_records, 1)]
        acts, act_rows = bring(Act, wanted, among=Act.objects.of_the_pack())
        links = _bring_links(act_records, act_rows)
        bodies, _rows = bring(Body, [_body(r, act_rows) for r in files["bodies"].blocks("bodies")])
        targets = files["targets"].blocks("targets")
        for_people = {r.get("fund") for r in targets if r.get("unit") == "people"}
        fund_records = files["funds"].blocks("funds")
        funds, fund_rows = bring(FundLine, _funds(fund_records, for_people))
        amounts = _bring_amounts(fund_records, fund_rows, act_rows, files["funds"])
        calls, _rows = bring(
            Call, [_call(r, n, fund_rows, act_rows) for n, r in enumerate(files["calls"].blocks("calls"), 1)]
        )
        counted_on = files["pack"].day("population_in_use")
        prospects = files["targets"].blocks("prospects") if "prospects" in files["targets"] else []
        wanted = [
            _target(r, n, promised, files["targets"], fund_rows, act_rows, counted_on)
            for n, (r, promised) in enumerate([*((r, True) for r in targets), *((r, False) for r in prospects)], 1)
        ]
        aims, _rows = bring(Target, wanted)
        allocations = found_allocation.bring(folder, fund_rows, act_rows, problems, now=now)
        for name, file in files.items():
            _say_twice(file, name)
        problems.stop_if_any()
    return {
        "acts": acts,
        "links": links,
        "bodies": bodies,
        "funds": funds,
        "amounts": amounts,
        "calls": calls,
        "targets": aims,
        "allocations": allocations,
    }


def bring(model, wanted, *, key="code", forget=False, among=None):
    """Adds what is new and writes what differs. The rows the pack no longer has stay, and are named: other rows may
    point at them. `forget` deletes them instead. `among` are the rows that are the pack's own, where not all are."""
    columns = [f for f in model._meta.concrete_fields if f.name not in ("id", key)]
    present = {getattr(row, key): row for row in (model.objects.all() if among is None else among)}
    loaded, rows = Loaded(), {}
    for row in wanted:
        code = getattr(row, key)
        if not code or code in rows:
            continue  # already noted as a problem, or said twice
        before = present.pop(code, None)
        row.pk = before.pk if before else None
        rows[code] = row
        if before and all(getattr(before, f.attname) == getattr(row, f.attname) for f in columns):
            loaded.unchanged += 1
        elif not row_is_whole(row):
            rows[code] = None  # already noted as a problem
        else:
            loaded.changed += bool(before)
            loaded.added += not before
            row.save(force_insert=not before, force_update=bool(before))
    for code, row in sorted(present.items()):
        if forget:
            row.delete()
        else:
            loaded.left.append(str(code))
    return loaded, rows


def row_is_whole(row):
    return all(f.null or getattr(row, f.attname) is not None for f in row._meta.concrete_fields if not f.primary_key)


def _say_twice(file, name):
    first = {}
    for record in file.blocks(name, optional=True) if name != "pack" else ():
        code = record.get("code")
        if code in first:
            record.wrong("code", _("«%(code)s» c’è già alla riga %(line)s") % {"code": code, "line": first[code]})
        first.setdefault(code, record.line)


def _code(record):
    return record.pattern("code", r"[a-z0-9]+([-_][a-z0-9]+)*", example="dgr-557-2022")


def _list(record, field):
    found = record.get(field) or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        record.wrong(field, _("qui va un elenco di codici fra parentesi quadre"))
        return []
    return found


def _named(record, field, rows, *, optional=False):
    """The row that a code points to; a problem where none has it."""
    code = record.one_of(field, rows, optional=optional)
    return rows[code] if code else None


def _years(record):
    """The years of an amount: `year: 2022`, `years: "2021-2027"`, or `years: null` where nobody says them."""
    if "years" in record:
        if record["years"] is None:
            return None, None
        words = record.pattern("years", r"\d{4}-\d{4}", example="2021-2027")
        return tuple(int(word) for word in words.split("-")) if words else (None, None)
    year = record.whole("year", least=1990, most=2100)
    return year, year


def _act(r, order):
    keys = _list(r, "sheet_sources")
    for key in keys:
        if key not in sheets().sources:
            r.wrong("sheet_sources", _("«%(key)s» non è fra le fonti delle schede") % {"key": key})
    return Act(
        code=_code(r),
        order=order,
        kind=r.one_of("kind", list(Act.Kind)),
        issuer=r.text("issuer", longest=120),
        number=r.text("number", optional=True, longest=20),
        date=r.day("date", optional=True),
        year=r.whole("year", optional=True, least=1900, most=2100),
        subject=dict(r.both("subject") or {}),
        sheet_sources=keys,
        grade=r.one_of("grade", GRADES),
        content_read=r.one_of("content_read", list(Act.Read)),
        link=r.text("link", optional=True, longest=300),
        source=r.text("source", optional=True, longest=300),
    )


def _bring_links(records, acts):
    """What the pack's acts do to one another. Those that an office entered are its own."""
    wanted = set()
    for r in records:
        for link in r.blocks("links", optional=True):
            other, verb = _named(link, "act", acts), link.one_of("verb", list(ActLink.Verb))
            starts, note = link.day("starts", optional=True), link.text("note", optional=True, longest=300)
            act = acts.get(r.get("code"))
            if act and other and verb and other.pk != act.pk:
                wanted.add((act.pk, verb, other.pk, starts, note))
    own = ActLink.objects.filter(recorded_at=None)
    before = {(row.act_id, row.verb, row.other_id, row.starts, row.note): row.pk for row in own}
    gone = [pk for said, pk in before.items() if said not in wanted]
    ActLink.objects.filter(pk__in=gone).delete()
    fresh = sorted(wanted - set(before), key=str)
    ActLink.objects.bulk_create(
        ActLink(act_id=act, verb=verb, other_id=other, starts=starts, note=note)
        for act, verb, other, starts, note in fresh
    )
    changed = min(len(fresh), len(gone))
    return Loaded(added=len(fresh) - changed, changed=changed, unchanged=len(before) - len(gone))


def _body(r, acts):
    return Body(
        code=_code(r),
        order=r.whole("order", least=1, most=1000),
        level=r.one_of("level", list(Body.Level)),
        name=dict(r.both("name") or {}),
        description=dict(r.both("description") or {}),
        quorum=r.whole("quorum", optional=True, least=1, most=1000),
        meetings_a_year=r.whole("meetings_a_year", optional=True, least=0, most=366),
        members=dict(r.both("members", optional=True) or {}) or None,
        grade=r.one_of("grade", GRADES),
        source=r.text("source", longest=300),
        act=_named(r, "act", acts, optional=True),
    )


def _funds(records, for_people):
    """The lines one by one, as they are written: a line within another finds it already there."""
    before = []
    for r in records:
        parent = r.one_of("parent", before, optional=True)
        yield _fund(r, for_people, FundLine.objects.filter(code=parent).first() if parent else None)
        before.append(r.get("code"))


def _fund(r, for_people, parent):
    name = r.both("name") or {}
    return FundLine(
        code=_code(r),
        order=r.whole("order", least=1, most=1000),
        parent=parent,
        name=name.get("it"),
        name_en=name.get("en"),
        submeasures=_list(r, "submeasures"),
        note=dict(r.both("note", optional=True) or {}),
        counts_for_targets=r.get("code") in for_people,
    )


def _bring_amounts(records, funds, acts, file):
    total = Loaded()
    for r in records:
        fund = funds.get(r.get("code"))
        if fund is None:
            continue
        fund.acts.set([acts[code] for code in _list(r, "acts") if _known_act(r, code, acts) and acts[code]])
        wanted = []
        for of_the_plan, name in ((True, "amounts"), (False, "other_figures")):
            for amount in r.blocks(name):
                first, last = _years(amount)
                wanted.append(
                    FundAmount(
                        fund_line=fund,
                        order=len(wanted) + 1,
                        of_the_plan=of_the_plan,
                        first_year=first,
                        last_year=last,
                        amount=amount.number("amount", least=0, most=10**11),
                        perimeter=dict(amount.both("perimeter") or {}),
                        grade=amount.one_of("grade", GRADES),
                        rule=amount.text("rule", optional=True, longest=20),
                        source=amount.text("source", optional=True, longest=300) or file.text("source", longest=300),
                        act=_named(amount, "act", acts, optional=True),
                    )
                )
        if not all(row_is_whole(row) for row in wanted):
            continue  # already noted as a problem
        names = [f.attname for f in FundAmount._meta.concrete_fields if f.name != "id"]
        before = list(fund.amounts.values(*names))
        if before == [{name: getattr(row, name) for name in names} for row in wanted]:
            total.unchanged += len(wanted)
        else:
            fund.amounts.all().delete()
            FundAmount.objects.bulk_create(wanted)
            total.changed += min(len(before), len(wanted))
            total.added += max(0, len(wanted) - len(before))
    return total


def _known_act(record, code, acts):
    if code not in acts:
        record.wrong("acts", _("«%(code)s» non è in acts.yaml") % {"code": code})
    return code in acts


def _call(r, order, funds, acts):
    said = {}

    def value(field, read):
        block = r.get(field)
        if not isinstance(block, Record):
            r.wrong(field, _("qui va un blocco con value e grade, per esempio {value: 36, grade: SECONDARY}"))
            return None
        said[field] = {"grade": block.one_of("grade", GRADES), "note": block.both("note", optional=True) or {}}
        return read(block)

    return Call(
        code=_code(r),
        order=order,
        activity=r.text("activity", longest=20),
        activity_grade=r.one_of("activity_grade", GRADES),
        fund_line=_named(r, "fund", funds),
        act=_named(r, "act", acts, optional=True),
        name=dict(r.both("name") or {}),
        main_tool=r.text("main_tool", optional=True, longest=20),
        amount=value("amount", lambda block: block.number("value", optional=True, least=0, most=10**11)),
        months=value("months", lambda block: block.whole("value", optional=True, least=1, most=120)),
        projects=value("projects", lambda block: block.whole("value", optional=True, least=1, most=10000)),
        applications_until=value("applications_until", lambda block: block.day("value", optional=True)),
        said=said,
        source=r.text("source", optional=True, longest=300),
        link=r.text("link", optional=True, longest=300),
        note=dict(r.both("note", optional=True) or {}),
    )


def _target(r, order, promised, file, funds, acts, counted_on):
    derivation = r.get("value_from")
    if derivation is None:
        value, derived_on = r.whole("value", least=0, most=10**9), None
    else:
        value, derived_on = _derived(r, derivation, counted_on)
    return Target(
        code=_code(r),
        order=order,
        promised=promised,
        fund_line=_named(r, "fund", funds, optional=not promised),
        act=_named(file, "act", acts) if promised else None,
        indicator=r.text("indicator", optional=not promised, longest=60),
        submeasures=_list(r, "submeasures"),
        name=dict(r.both("name") or {}),
        definition=dict(r.both("definition") or {}),
        value=value,
        at_least=bool(r.get("at_least")),
        unit=r.one_of("unit", list(Target.Unit)),
        derivation=dict(derivation) if derivation else None,
        derived_on=derived_on,
        deadline=r.day("deadline", optional=True),
        grade=r.one_of("grade", GRADES),
        rule=r.text("rule", optional=True, longest=20),
        source=r.text("source", optional=True, longest=300) or file.text("source", longest=300),
    )


def _derived(record, derivation, counted_on):
    """A value that follows from the territory, and the day of the residents it was counted on."""
    match derivation:
        case {"count": "zones"}:
            return Zone.objects.count(), None
        case {"count": "zones_with_municipality_over", "residents": int(residents), "counted_on": "population_in_use"}:
            zones = Zone.objects.with_municipality_over(residents, on=counted_on)
            return zones.count(), counted_on
    record.wrong(
        "value_from",
        _(
            "vale {count: zones}, oppure {count: zones_with_municipality_over, residents: 75000, "
            "counted_on: population_in_use}"
        ),
    )
    return None, None
