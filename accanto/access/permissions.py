"""How a table is protected, in words a migration can say: one line a table.

The application role owns nothing and gets from PostgreSQL only what these lines grant. Rows about people have policies
of two shapes and no third: by the zone of the row, for those who work in its offices, and by its subject, for those
tied to it by a relation. Rows about nobody are read by all and written by a live session, or by a kind of role only.
Every shape asks a function that resolves the session's token, once a query (inside a `select`)."""

from django.db.migrations import RunSQL

from accanto.access.role import Degree

APPLICATION = "accanto_app"
DEFINER = "accanto_definer"
VISIBLE = (
    "(zone_id = any((select app_zones('{degree}'))::smallint[]) "
    "or {subject} = any((select app_subjects('{degree}'))::bigint[]))"
)
WRITABLE = (
    "(zone_id = any((select app_zones_writing('{degree}'))::smallint[]) "
    "or {subject} = any((select app_subjects_writing('{degree}'))::bigint[]))"
)

OF_ITS_ZONE = (
    "alter table {table} add constraint {table}_of_its_zone foreign key (subject_id, zone_id) "
    "references access_subject (id, zone_id) deferrable initially deferred"
)


def reference(*tables):
    """Public facts: everybody reads, only the owner writes (`init`, `migrate`)."""
    return RunSQL([f"grant select on {table} to {APPLICATION}" for table in tables], RunSQL.noop)


def read_by_all(table, *, written_where, update=(), delete=False):
    """Rows about nobody that everybody may read, written only where the condition holds."""
    return _protected(table, update, delete, "(true)", f"({written_where})")


def written_by(table, degree, *, update=(), delete=False):
    """Rows about nobody that everybody may read, written by the roles with the right of that degree."""
    return read_by_all(table, written_where=f"(select app_may_write('{Degree(degree)}'))", update=update, delete=delete)


def secret(table, degree, *, update=(), delete=False, subject="subject_id"):
    """Rows about subjects, of one degree. `update` names the columns that may change: facts that feed figures and
    payments give only the columns by which they are superseded.

    Subject and zone are tied together to the subject's own row: with a zone of their choice on it, workers could write
    rows (a relation, say) about somebody of another zone, and by them come to see the rest."""
    degree = Degree(degree)
    tied = OF_ITS_ZONE.format(table=table)
    return _protected(
        table,
        update,
        delete,
        VISIBLE.format(degree=degree, subject=subject),
        WRITABLE.format(degree=degree, subject=subject),
        *([tied] if subject == "subject_id" else []),
    )


def of_zone(table, degree, *, update=(), delete=False):
    """Rows of a zone that are about nobody (its staff, its funds)."""
    visible, writable = (
        f"(zone_id = any((select {function}('{Degree(degree)}'))::smallint[]))"
        for function in ("app_zones", "app_zones_writing")
    )
    return _protected(table, update, delete, visible, writable)


def of_zone_or_region(table, degree, *, columns=("zone_id",), written_if="true", update=()):
    """Rows about nobody of the zones that `columns` name, or of the Region where they name none: the Region's are read
    by all who have the degree and written by its officers, who write those of every zone too."""
    degree, region = Degree(degree), "(select s.kind from app_session() s) = 'regional_officer'"
    visible, writable = (
        [f"{column} = any((select {function}('{degree}'))::smallint[])" for column in columns]
        for function in ("app_zones", "app_zones_writing")
    )
    of_the_region = [f"{column} is null" for column in columns]
    return _protected(
        table,
        update,
        False,
        f"({' or '.join(visible)} or {' and '.join(of_the_region)} and (select app_may_write('{degree}')))",
        f"(({' and '.join(writable)} or {region}) and {written_if})",
    )


def secret_by_class(table, degrees, *, update=()):
    """Rows about subjects, each of which says its own degree in the column `degree`: the shape of `secret` once a
    degree, with that one condition before it. PostgreSQL asks the functions of the degrees it meets only."""
    policies = []
    for degree in map(Degree, degrees):
        visible, writable = (text.format(degree=degree, subject="subject_id") for text in (VISIBLE, WRITABLE))
        mine = f"degree = '{degree}'"
        policies += [
            f"create policy {table}_{degree}_read on {table} for select to {APPLICATION} using ({mine} and {visible})",
            f"create policy {table}_{degree}_insert on {table} for insert to {APPLICATION} "
            f"with check ({mine} and {writable})",
        ]
        if update:
            policies.append(
                f"create policy {table}_{degree}_update on {table} for update to {APPLICATION} "
                f"using ({mine} and {writable}) with check ({mine} and {writable})"
            )
    statements = [
        *_grants(table, update, False),
        OF_ITS_ZONE.format(table=table),
        f"alter table {table} enable row level security",
        *policies,
    ]
    return RunSQL(statements, RunSQL.noop)


def own(table, *, delete=True):
    """Rows of one user (`user_id`), read, written and, where one may, thrown away by that user alone."""
    mine = "(user_id = (select app_user()))"
    return _protected(table, "all", delete, mine, mine)


def also_visible(table, degree, condition, *, write=False):
    """A second policy on a secret table: the rows that satisfy `condition` are of a lesser degree too."""
    visible, writable = (text.format(degree=Degree(degree), subject="subject_id") for text in (VISIBLE, WRITABLE))
    statements = [
        f"create policy {table}_{degree}_read on {table} for select to {APPLICATION} using ({condition} and {visible})"
    ]
    if write:
        statements += [
            f"create policy {table}_{degree}_insert on {table} for insert to {APPLICATION} "
            f"with check ({condition} and {writable})",
            f"create policy {table}_{degree}_update on {table} for update to {APPLICATION} "
            f"using ({condition} and {writable}) with check ({condition} and {writable})",
        ]
    return RunSQL(statements, RunSQL.noop)


def narrowed(table, read, *, write=None):
    """What narrows the degree of a secret table further: restrictive policies, which only take away. `read` and `write`
    (the same where it is not said) are conditions on columns of the row and on `(select app_…())`."""
    write = write or read
    statements = [
        f"create policy {table}_narrow_read on {table} as restrictive for select to {APPLICATION} using ({read})",
        f"create policy {table}_narrow_insert on {table} as restrictive for insert to {APPLICATION} "
        f"with check ({write})",
        f"create policy {table}_narrow_update on {table} as restrictive for update to {APPLICATION} "
        f"using ({write}) with check ({write})",
    ]
    return RunSQL(statements, RunSQL.noop)


def changed_only_where(table, condition):
    """Rows that all who read them do not change alike: a restrictive policy on the update alone."""
    return RunSQL(
        [
            f"create policy {table}_narrow_change on {table} as restrictive for update to {APPLICATION} "
            f"using ({condition}) with check ({condition})"
        ],
        RunSQL.noop,
    )


def hangs_on(table, column, parent):
    """A row about somebody hangs on a row of theirs that its writer sees. On somebody else's it would stand in the way
    of what belongs there (one answer, one attestation), and nobody there could see why."""
    return RunSQL(
        [
            f"create policy {table}_hangs_on_its_own on {table} as restrictive for insert to {APPLICATION} with check "
            f"(exists (select from {parent} p where p.id = {table}.{column} and p.subject_id = {table}.subject_id))"
        ],
        RunSQL.noop,
    )


def function(signature, returns, body, *, reads=(), language="sql", volatility="stable"):
    """A SECURITY DEFINER function of the role that owns nothing else: pinned search path, no EXECUTE for PUBLIC,
    and on the tables it reads just the right and the policy it needs. `reads` are «select on people_person» phrases."""
    statements = []
    for phrase in reads:
        right, table = phrase.split(" on ")
        statements += [
            f"grant {right} on {table} to {DEFINER}",
            f"drop policy if exists {table}_definer on {table}",
            f"create policy {table}_definer on {table} to {DEFINER} using (true) with check (true)",
        ]
    statements += [
        f"create or replace function {signature} returns {returns} language {language} {volatility} security definer "
        f"set search_path = pg_catalog, public, pg_temp as $body$ {body} $body$",
        f"alter function {_name(signature)} owner to {DEFINER}",
        f"revoke all on function {_name(signature)} from public",
        f"grant execute on function {_name(signature)} to {APPLICATION}",
    ]
    return RunSQL(statements, RunSQL.noop)


def _name(signature):
    """`f(a text, b bigint default 1)` as `f(text, bigint)`, which is how PostgreSQL names a function."""
    name, _, rest = signature.partition("(")
    types = [
        argument.split(" default ")[0].strip().split(" ", 1)[1]
        for argument in rest.rstrip(")").split(",")
        if argument.strip()
    ]
    return f"{name}({', '.join(types)})"


def _grants(table, update, delete):
    columns = f" ({', '.join(update)})" if update and update != "all" else ""
    statements = [f"grant select, insert on {table} to {APPLICATION}"]
    if update:
        statements.append(f"grant update{columns} on {table} to {APPLICATION}")
    if delete:
        statements.append(f"grant delete on {table} to {APPLICATION}")
    return statements


def _protected(table, update, delete, visible, writable, *more):
    statements = [
        *_grants(table, update, delete),
        *more,
        f"alter table {table} enable row level security",
        f"create policy {table}_read on {table} for select to {APPLICATION} using {visible}",
        f"create policy {table}_insert on {table} for insert to {APPLICATION} with check {writable}",
    ]
    if update:
        statements.append(
            f"create policy {table}_update on {table} for update to {APPLICATION} "
            f"using {writable} with check {writable}"
        )
    if delete:
        statements.append(f"create policy {table}_delete on {table} for delete to {APPLICATION} using {writable}")
    return RunSQL(statements, RunSQL.noop)
