from django.db import migrations

from accanto.access.permissions import function, secret_by_class

# The classes of the day this was written: a degree that becomes one later has a migration of its own.
CLASSES = [
    "contact", "registry", "referral", "case", "area", "health", "justice", "protected", "limits", "accommodations",
    "representation", "assessment", "employability", "plan", "diary", "measure", "benefits", "placement",
    "traineeship_plan", "allowance", "participation",
]  # fmt: skip
TRUE_TO_ITS_BYTES = [
    "alter table documents_content add constraint documents_content_hash "
    "check (sha256 = encode(sha256(data), 'hex'))",
    "alter table documents_content add constraint documents_content_of_its_document "
    "foreign key (document_id, degree, sha256) references documents_document (id, degree, sha256) "
    "deferrable initially deferred",
    # pictures and PDF are compressed already: PostgreSQL would try again, and for nothing
    "alter table documents_content alter column data set storage external",
]

# Whose contacts are protected: papers kept under a class that many read may say where they live. Only who protects moves
# them, only to the protected class, withdrawn ones too; the same bytes already there are moved withdrawn.
PROTECT = """
declare moved bigint[];
begin
  if not exists (select from access_subject j where j.id = about and j.zone_id = any(app_zones_writing('protected'))) then
    raise exception 'only who protects the contacts of a person may do this' using errcode = '42501';
  end if;
  moved := array(
    select d.id from documents_document d
    where d.subject_id = about and d.id = any(chosen) and d.degree in ('contact', 'registry'));
  update documents_document d set withdrawn_at = now(), withdrawn_by_id = app_user(),
    withdrawal_reason = 'lo stesso file è già tra i documenti riservati'
  where d.id = any(moved) and d.withdrawn_at is null and exists (
    select from documents_document o where o.subject_id = about and o.sha256 = d.sha256 and o.withdrawn_at is null
      and (o.degree = 'protected' or o.id = any(moved) and o.id < d.id));
  set constraints documents_content_of_its_document deferred;
  update documents_content set degree = 'protected' where document_id = any(moved);
  update documents_document set degree = 'protected' where id = any(moved);
  perform log_act(now(), null, null, 'protect', 'document', d.id, d.subject_id, d.zone_id, '{}')
  from documents_document d where d.id = any(moved);
  return coalesce(array_length(moved, 1), 0);
end
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial"), ("access", "0002_protection")]

    operations = [
        secret_by_class(
            "documents_document", CLASSES, update=["withdrawn_at", "withdrawn_by_id", "withdrawal_reason"]
        ),
        secret_by_class("documents_content", CLASSES),
        migrations.RunSQL(TRUE_TO_ITS_BYTES, migrations.RunSQL.noop),
        function(
            "documents_protect(about bigint, chosen bigint[])",
            "integer",
            PROTECT,
            reads=[
                "select on access_subject",
                "select on documents_document",
                "update on documents_document",
                "select on documents_content",
                "update on documents_content",
            ],
            language="plpgsql",
            volatility="volatile",
        ),
    ]
