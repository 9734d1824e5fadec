"""Rows of many tables about the same people, read in one statement: a person's file has some thirty parts and a day
twenty kinds of things, and to ask for each apart takes longer than to find the rows."""

import json
from dataclasses import dataclass
from functools import cached_property

from django.db import DEFAULT_DB_ALIAS, connection

from accanto.access.role import Degree
from accanto.access.subject import SubjectRows


@dataclass(frozen=True)
class Part:
    """`rows` names no person and no zone: they come with the page. Related rows are not read along (`select_related`);
    single values of theirs may be, by an annotation."""

    degree: Degree
    rows: SubjectRows
    most: int | None = None  # of a page about one person only

    @cached_property
    def statement(self):
        """The same for whoever asks, and therefore written once a process: (SQL, its values)."""
        return self._compiled[0]

    def made(self, told):
        """The rows of PostgreSQL's answer, as the queryset would have given them."""
        _statement, fields, annotations = self._compiled
        names = [field.attname for field in fields]
        rows = []
        for values in json.loads(told or "[]"):
            told_of = [as_python(field, values[field.column]) for field in fields]
            row = self.rows.model.from_db(DEFAULT_DB_ALIAS, names, told_of)
            for name, field in annotations.items():
                setattr(row, name, as_python(field, values[name]))
            rows.append(row)
        return rows

    @cached_property
    def _compiled(self):
        compiler = self.rows.query.get_compiler(DEFAULT_DB_ALIAS)
        statement = compiler.as_sql()
        fields = [compiler.select[n][0].target for n in compiler.klass_info["select_fields"]]
        annotations = {name: expression.output_field for name, expression in self.rows.query.annotation_select.items()}
        return statement, fields, annotations


def as_python(field, value):
    return None if value is None else field.to_python(value)


class Gathering(dict[str, Part]):
    """The parts of a page, by name."""

    def of(self, subjects, *, acting):
        """{name: its rows, in the order of the part} for these people. A part of a degree that the acting role has not
        is not asked for; of the others PostgreSQL decides, as of every row."""
        read = {name: part for name, part in self.items() if subjects and acting.may(part.degree)}
        found = dict.fromkeys(self, ())
        if not read:
            return found
        of_whom, whom = "t.subject_id = any(%s::bigint[])", [list(subjects)]
        if acting.reads_by_zone:  # as `within` says
            of_whom, whom = f"{of_whom} and t.zone_id = %s", [*whom, acting.zone_id]
        columns, values = [], []
        for part in read.values():
            sql, own = part.statement
            limit = f" limit {part.most}" if part.most else ""
            columns.append(f"(select json_agg(t) from (select * from ({sql}) t where {of_whom}{limit}) t)::text")
            values += [*own, *whom]
        with connection.cursor() as cursor:
            cursor.execute(f"select {', '.join(columns)}", values)
            answer = cursor.fetchone()
        return found | {name: part.made(told) for (name, part), told in zip(read.items(), answer, strict=True)}
