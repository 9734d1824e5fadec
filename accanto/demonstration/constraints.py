"""Foreign keys checked all together at the end of a loading, by a join a table instead of a look-up a row."""

from contextlib import contextmanager

FOREIGN_KEYS = """
select c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid)
from pg_constraint c where c.contype = 'f' and c.conrelid::regclass::text = any(%s) order by 1, 2
"""


@contextmanager
def checked_at_the_end(cursor, tables):
    """Inside a transaction, as the owner. Raises IntegrityError on the way out where a key points nowhere."""
    cursor.execute("set constraints all immediate")  # what waits to be checked would forbid the change
    cursor.execute(FOREIGN_KEYS, [list(tables)])
    keys = cursor.fetchall()
    alter(cursor, keys, 'drop constraint "{name}"')
    yield
    for table in tables:
        cursor.execute(f"analyze {table}")
    alter(cursor, keys, 'add constraint "{name}" {definition}')


def alter(cursor, keys, change):
    by_table = {}
    for table, name, definition in keys:
        by_table.setdefault(table, []).append(change.format(name=name, definition=definition))
    for table, changes in by_table.items():
        cursor.execute(f"alter table {table} {', '.join(changes)}")
