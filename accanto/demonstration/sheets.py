"""Rows by COPY: each table a sheet of lines, with the model's own defaults in the columns nobody names.

Values are written as Python writes them, which PostgreSQL reads: dates, moments, numbers, True; None is the mark of
is not there. Lists and JSON are written by `array` and `as_json`; no other text has tabs, newlines or backslashes."""

import json

MOST_LINES = 20_000
encode = json.JSONEncoder(ensure_ascii=False, default=str).encode


def as_json(value):
    return encode(value).replace("\\", "\\\\")


def array(values):
    """Of simple words and numbers."""
    return "{" + ",".join(map(str, values)) + "}"


def default(field):
    value = field.get_default()
    if isinstance(value, list) and field.get_internal_type() != "JSONField":
        return array(value)
    return as_json(value) if isinstance(value, list | dict) else str(value)


class Sheet:
    """The lines of one table. `add` numbers them one after the other from `first` and returns the number."""

    def __init__(self, model, columns, *, first=1):
        self.table = model._meta.db_table
        fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
        fields.pop("id", None)
        unknown = set(columns) - set(fields)
        if unknown:
            raise KeyError(f"{self.table} has no {', '.join(sorted(unknown))}")
        self.first, self.next, self.lines = first, first, []
        rest = [field for name, field in fields.items() if name not in columns]
        key = model._meta.pk.column
        names = [fields[name].column for name in columns] + [field.column for field in rest]
        named = ", ".join(f'"{name}"' for name in (key, *names))
        self.statement = f"copy {self.table} ({named}) from stdin (null 'None')"
        self.tail = "".join("\t" + default(field) for field in rest) + "\n"

    def add(self, *values):
        n = self.next
        self.next = n + 1
        self.lines.append(f"{n}\t" + "\t".join(map(str, values)) + self.tail)
        return n


class Book:
    """All the sheets of a loading; `flush` sends what was gathered, in the order the sheets were opened.

    `cursor` is psycopg's. The lines of a table are numbered after those it has, or from `first(table)`."""

    def __init__(self, cursor, *, first=None):
        self.cursor, self.first, self.sheets, self.rows = cursor, first or self.after_the_last, {}, 0

    def after_the_last(self, table):
        return self.cursor.execute(f"select coalesce(max(id), 0) + 1 from {table}").fetchone()[0]

    def sheet(self, model, *columns):
        opened = Sheet(model, columns, first=self.first(model._meta.db_table))
        self.sheets[opened.table] = opened
        return opened

    def flush_if_full(self):
        if sum(len(sheet.lines) for sheet in self.sheets.values()) >= MOST_LINES:
            self.flush()

    def flush(self):
        for sheet in self.sheets.values():
            if sheet.lines:
                with self.cursor.copy(sheet.statement) as copy:
                    copy.write("".join(sheet.lines))
                self.rows += len(sheet.lines)
                sheet.lines = []
