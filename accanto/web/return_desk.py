"""The desk of a yearly return: what stands on it now, and what its buttons do."""

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404
from django.urls import reverse

from accanto.staffing import return_filling, staff_figure
from accanto.staffing import staffing_return as returns_of
from accanto.staffing.residents import residents_of
from accanto.staffing.staffing_return import StaffingReturn
from accanto.web.full_time import by_name, place_names
from accanto.web.parts.keyset import whole_number
from accanto.web.return_form import ZONE_BODY, ChangeForm, FilledForm, TypedForm, place_of

PASSAGES = {"send": returns_of.send, "take_back": returns_of.take_back, "finalise": returns_of.finalise}


@dataclass
class Desk:
    """`from_contracts`: the zone has written contracts, and the return is filled from them."""

    zone: Any
    year: int
    row: Any
    from_contracts: bool
    posted: dict = field(default_factory=dict)  # the forms that came back, by name

    @property
    def is_draft(self):
        return self.row is None or self.row.state == StaffingReturn.State.DRAFT

    # --- forms --------------------------------------------------------------------------------------------------------

    @property
    def form(self):
        """The whole return where it is typed; how the year is averaged where it is filled."""
        if "form" not in self.posted:
            self.posted["form"] = self._filled_form() if self.from_contracts else self._typed_form()
        return self.posted["form"]

    @property
    def change_form(self):
        if "change" not in self.posted:
            self.posted["change"] = self._change_form()
        return self.posted["change"]

    def _filled_form(self, data=None):
        initial = {
            "reading": return_filling.reading_of(self.row),
            "all_delegated": bool(self.row and self.row.all_delegated),
        }
        return FilledForm(data, initial=initial)

    def _typed_form(self, data=None):
        initial = {}
        for figure in self.row.figures.standing() if self.row else ():
            initial |= {f"fte_{figure.year}": figure.permanent_fte, f"heads_{figure.year}": figure.headcount}
        return TypedForm(data, initial=initial, year=self.year)

    def _change_form(self, data=None):
        return ChangeForm(data, years=returns_of.years(self.year), names=place_names(self.zone))

    def groups(self):
        """The fields of the return that is typed, year by year, with the residents it will be reckoned on."""
        found = []
        for year, closed, fields in self.form.groups():
            residents, day, source = residents_of(self.zone, year=year)
            found.append(
                {
                    "year": str(year),
                    "closed": closed,
                    "fields": fields,
                    "residents": residents,
                    "day": day,
                    "source": source,
                }
            )
        return found

    # --- acts ---------------------------------------------------------------------------------------------------------

    def act(self, act, data, *, by, now) -> bool:
        """Do what a button says; False where what was typed must be mended. Raises Refused, and Http404 for a button
        that is not there."""
        if act in ("save", "send") and self.is_draft:
            if not self._save(data, by=by, now=now):
                return False
            if act == "send":
                returns_of.send(staffing_return=self.row, by=by, now=now)
            return True
        if act == "change" and self.from_contracts:
            return self._change(data, by=by, now=now)
        if act == "restore" and self.from_contracts:
            self._restore(data, by=by, now=now)
            return True
        if act == "save":  # no draft any more: the act says so
            return self._save(data, by=by, now=now)
        if act not in PASSAGES or self.row is None:
            raise Http404
        PASSAGES[act](staffing_return=self.row, by=by, now=now)
        return True

    def _save(self, data, *, by, now):
        form = self._filled_form(data) if self.from_contracts else self._typed_form(data)
        self.posted["form"] = form
        if not form.is_valid():
            return False
        if self.from_contracts:
            reading = form.cleaned_data["reading"]
            self.row = return_filling.fill(zone=self.zone, year=self.year, reading=reading, by=by, now=now)
            said = form.cleaned_data["all_delegated"]
            self.row = returns_of.say_all_delegated(staffing_return=self.row, all_delegated=said, by=by, now=now)
        else:
            self.row = returns_of.save_draft(zone=self.zone, year=self.year, entries=form.entries(), by=by, now=now)
        return True

    def _change(self, data, *, by, now):
        form = self.posted["change"] = self._change_form(data)
        if form.is_valid():
            self._fill(form.change(), by=by, now=now)
        return form.is_valid()

    def _restore(self, data, *, by, now):
        year = whole_number(data.get("year", ""))
        if year not in returns_of.years(self.year):
            raise Http404
        self._fill((year, place_of(data.get("place", "")), None), by=by, now=now)

    def _fill(self, change, *, by, now):
        self.row = return_filling.fill(
            zone=self.zone,
            year=self.year,
            reading=return_filling.reading_of(self.row),
            by=by,
            now=now,
            change=change,
        )

    # --- what is shown ------------------------------------------------------------------------------------------------

    def shown(self, *, live, opens):
        """The years of the return. `live`: as the contracts make them now; otherwise as they were written. `opens`: the
        reader may open a number into its contracts."""
        if live and self.from_contracts:
            return self._live()
        return self._written(opens)

    def _live(self):
        reading, names = return_filling.reading_of(self.row), place_names(self.zone)
        standing = {one.year: one for one in self.row.figures.standing()} if self.row else {}
        found = []
        for made in return_filling.as_it_is_now(self.zone, year=self.year, staffing_return=self.row, reading=reading):
            residents, day, source = residents_of(self.zone, year=made.year)
            before = standing.get(made.year)
            saved = before and (before.permanent_fte, before.headcount, before.reading)
            found.append(
                {
                    "year": str(made.year),
                    "status": returns_of.years(self.year)[made.year].label,
                    "rows": [
                        _row(part, part.place, names, made.year, reading, opens=True)
                        for part in sorted(made.parts, key=lambda part: by_name(part.place, names))
                    ],
                    "fte": made.fte,
                    "heads": made.headcount,
                    "reading": reading,
                    "residents": residents,
                    "day": day,
                    "source": source,
                    "moved": before if saved and saved != (made.fte, made.headcount, reading) else None,
                    "found": residents
                    and staff_figure.contribution_of(residents=residents, fte=made.fte, year=made.year),
                    "synthetic": made.synthetic or bool(self.row and self.row.synthetic),
                }
            )
        return found

    def _written(self, opens):
        if self.row is None:
            return []
        names, by_year = place_names(self.zone), {}
        for part in self.row.rows.standing().order_by("year", "id"):
            by_year.setdefault(part.year, []).append(part)
        for parts in by_year.values():
            parts.sort(key=lambda part: by_name(part.municipality_id, names))
        return [
            {
                "year": str(figure.year),
                "status": figure.get_status_display(),
                "rows": [
                    _row(part, part.municipality_id, names, figure.year, figure.reading, opens=opens)
                    for part in by_year.get(figure.year, [])
                ],
                "fte": figure.permanent_fte,
                "heads": figure.headcount,
                "reading": figure.reading,
                "residents": figure.residents,
                "day": figure.residents_on,
                "source": figure.residents_source,
                "moved": None,
                "found": staff_figure.contribution(figure),
                "synthetic": figure.synthetic,
            }
            for figure in self.row.figures.standing().order_by("year")
        ]


def _row(part, place, names, year, reading, *, opens):
    """A row of the return; its number opens into the contracts that make it."""
    word = place or ZONE_BODY
    return {
        "name": names.get(place, place),
        "place": word,
        "url": f"{reverse('full_time_year', args=[year])}?reading={reading or 'months'}&of={word}" if opens else "",
        "computed_fte": part.computed_fte,
        "computed_heads": part.computed_headcount,
        "fte": part.permanent_fte,
        "heads": part.headcount,
        "reason": part.reason,
    }
