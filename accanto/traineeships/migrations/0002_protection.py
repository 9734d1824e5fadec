from django.db import migrations

from accanto.access.permissions import DEFINER, function, narrowed, secret, written_by

# Bodies are written by administrators only; those who start traineeships may add the body of a new host, no other.
REGISTER_HOST_BODY = """
declare found bigint;
begin
  if (select s.kind from app_session() s) is distinct from 'social_worker'
     and (select s.kind from app_session() s) is distinct from 'case_manager' then
    raise exception 'only who starts traineeships may add a host' using errcode = '42501';
  end if;
  select o.id into found from access_organisation o where o.kind = 'host' and lower(o.name) = lower($1);
  if found is null then
    insert into access_organisation (kind, name, tax_code, source) values ('host', $1, $2, '') returning id into found;
  end if;
  return found;
end
"""

# A relation opens a person to a host: of their traineeships, it sees those it hosts. Each value is looked up by itself:
# joined to the session, whose rows PostgreSQL does not know to be one, the whole table would be read.
HOSTED = """
select coalesce(array_agg(t.id), '{}')
from traineeships_traineeship t
where t.host_tutor_id = (select s.user_id from app_session() s where s.kind = 'host_tutor')
  or t.host_id = (
    select h.id from traineeships_host h
    where h.organisation_id = (select s.organisation_id from app_session() s where s.kind = 'host_tutor')
  )
"""
UNLESS_A_HOST = (
    "(select s.kind from app_session() s) is distinct from 'host_tutor' "
    "or {id} = any((select app_traineeships_hosted())::bigint[])"
)
OF_HOSTS = ("mandatorynotice", "traineeshipplan", "passage", "extension", "attendanceday")


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0001_initial"), ("access", "0002_protection")]

    operations = [
        written_by("traineeships_host", "placement", update="all"),
        written_by("traineeships_agreement", "placement", update="all"),
        secret("traineeships_traineeship", "placement", update="all"),
        secret("traineeships_mandatorynotice", "placement", update=["due_on", "sent_on", "category", "reference", "sent_by"]),
        secret("traineeships_traineeshipplan", "traineeship_plan", update="all"),
        secret("traineeships_condition", "area", update="all"),
        # what happened stays as it was written
        secret("traineeships_passage", "placement"),
        secret("traineeships_passagereason", "area"),
        secret("traineeships_extension", "traineeship_plan"),
        # facts that feed figures and payments: only the mark that supersedes them can change
        secret("traineeships_attendanceday", "register", update=["superseded_at"]),
        secret("traineeships_allowanceterms", "allowance", update="all"),
        secret("traineeships_monthallowance", "payment", update=["superseded_at"]),
        migrations.RunSQL(f"grant usage on sequence access_organisation_id_seq to {DEFINER}", migrations.RunSQL.noop),
        function(
            "register_host_body(name text, tax_code text)",
            "bigint",
            REGISTER_HOST_BODY,
            reads=["select on access_organisation", "insert on access_organisation"],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "app_traineeships_hosted()",
            "bigint[]",
            HOSTED,
            reads=["select on traineeships_traineeship", "select on traineeships_host"],
        ),
        narrowed("traineeships_traineeship", UNLESS_A_HOST.format(id="id")),
        *(narrowed(f"traineeships_{noun}", UNLESS_A_HOST.format(id="traineeship_id")) for noun in OF_HOSTS),
    ]
