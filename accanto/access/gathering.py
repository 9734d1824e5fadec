"""Rows of many tables, read in one statement: a person's file has some thirty parts, a day twenty kinds of things and
the office's share of it a dozen more, and to ask for each apart takes longer than to find the rows."""

import json
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, Expression, Func, QuerySet

from accanto.access.role import Degree


class Given(Expression):
    """A value that comes with the page, in a statement that is written once: who asks, where, since when."""

    def __init__(self, name):
        super().__init__()
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


class Asking:
    """Who asks, to the rows of a part: whoever it is, the statement is the same. It reads by the zone."""

    reads_by_zone = True
    zone_id, user = Given("zone"), Given("user")


ASKING = Asking()


class Among(Func):
    """Whether a number is one of a given list: `Among("subject_id", Given("cases"))`."""

    template, arg_joiner = "%(expressions)s::bigint[])", " = any("
    output_field = BooleanField()


@dataclass(frozen=True)
class Part:
    """`rows` name nobody: the people, the zone, who asks and the days come with the page (`Given`). Related rows are
    not read along (`select_related`); single values of theirs may be, by an annotation."""

    degree: Degree
    rows: QuerySet
    most: int | None = None
    write: bool = False  # asked for only by who writes that degree

    def statement(self, given):
        """Written once a process, whoever asks: (SQL, its values)."""
        sql, values, _columns, _made = self._compiled
        return sql, [given[value.name] if isinstance(value, Given) else value for value in values]

    def made(self, told):
        """The rows of PostgreSQL's answer, as the queryset would have given them; of `values()`, with those names."""
        _sql, _values, columns, made = self._compiled
        rows = json.loads(told or "[]")
        return [made({name: as_python(field, row[column]) for name, column, field in columns}) for row in rows]

    @cached_property
    def _compiled(self):
        query = self.rows.query
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        if query.selected is not None:  # by `values()`
            columns = [(alias, alias, expression.output_field) for expression, _sql, alias in compiler.select]
            return sql, values, columns, lambda row: SimpleNamespace(**row)
        fields = [compiler.select[n][0].target for n in compiler.klass_info["select_fields"]]
        columns = [(field.attname, field.column, field) for field in fields]
        more = query.annotation_select
        columns += [(name, name, expression.output_field) for name, expression in more.items()]
        names = [field.attname for field in fields]

        def row_of_the_model(values):
            row = self.rows.model.from_db(DEFAULT_DB_ALIAS, names, [values[name] for name in names])
            for name in more:
                setattr(row, name, values[name])
            return row

        return sql, values, columns, row_of_the_model


def as_python(field, value):
    return None if value is None else field.to_python(value)


class Gathering(dict[str, Part]):
    """The parts of a page, by name."""

    def of(self, subjects, *, acting, **given):
        """{name: its rows, in the order of the part} for these people. A part of a degree that the acting role has not
        is not asked for; of the others PostgreSQL decides, as of every row."""
        if not subjects:
            return dict.fromkeys(self, ())
        narrow, whom = " where t.subject_id = any(%s::bigint[])", [list(subjects)]
        if acting.reads_by_zone:  # as `within` says
            narrow, whom = f"{narrow} and t.zone_id = %s", [*whom, acting.zone_id]
        return self._read(acting, given, narrow, whom)

    def of_zone(self, *, acting, **given):
        """The same where the rows say themselves whose they are, by `ASKING`."""
        return self._read(acting, given, "", [])

    def _read(self, acting, given, narrow, whom):
        read = {name: part for name, part in self.items() if acting.may(part.degree, write=part.write)}
        if not read:
            return dict.fromkeys(self, ())
        given |= {"zone": acting.zone_id, "user": acting.user.pk}
        columns, values = [], []
        for part in read.values():
            sql, own = part.statement(given)
            limit = f" limit {part.most}" if part.most else ""
            columns.append(f"(select json_agg(t) from (select * from ({sql}) t{narrow}{limit}) t)::text")
            values += [*own, *whom]
        with connection.cursor() as cursor:
            cursor.execute(f"select {', '.join(columns)}", values)
            answer = cursor.fetchone()
        return dict.fromkeys(self, ()) | {
            name: part.made(told) for (name, part), told in zip(read.items(), answer, strict=True)
        }
