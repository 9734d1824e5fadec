"""Many tables made by one migration, in the time of one."""

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation


class CreateTables(Operation):
    """The tables of an app, each written after those it points at.

    Django works out the whole of the models again after each `CreateModel` by itself, which at a hundred tables takes
    most of a first start and of every run of the tests; here it does so once."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, tables: list[CreateModel]):
        self.tables = tables

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return "Create " + ", ".join(table.name for table in self.tables)


class Together(CreateTables):
    """Fields, indexes and constraints added one after the other, worked out once for the same reason. A table and its
    constraints, where they stand apart, are two of these: a table is made with the constraints known by then."""

    def describe(self):
        return "; ".join(change.describe() for change in self.tables)
