import django.db.models.deletion
from django.db import migrations, models

from accanto.access.permissions import APPLICATION, function
from accanto.access.tables import Together

# The document of an attestation is the one that was issued: it changes where another takes its place, or it is withdrawn.
MARK = """
select encode(sha256(convert_to(jsonb_build_array(a.sha256, a.superseded_at)::text, 'UTF8')), 'hex')
from traineeships_attestation a where a.id = $1
"""
OF_LINK = """
traineeships_signing s
  join documents_signatory w on w.round_id = s.round_id
  join documents_signaturelink l on l.signatory_id = w.id and l.hash = $1 and l.revoked_at is null
"""
NOW = "coalesce(attestation_mark({0}.attestation_id), signing_mark({0}.traineeship_id, {0}.agreement_id))"
HOLDS = f"""
select coalesce((select s.registered_at is not null or s.mark = {NOW.format("s")} from {OF_LINK}), false)
"""
SIGN = f"""
declare found traineeships_signing;
begin
  perform from documents_signaturelink k where k.hash = $1 for update;
  select s.* into found from {OF_LINK};
  if found.registered_at is null and found.mark <> {NOW.format("found")} then
    update documents_signatureround set voided_at = now(), void_reason = 'changed'
    where id = found.round_id and voided_at is null and completed_at is null;
  end if;
  return signature_link_sign($1, $2, $3);
end
"""
OF_ITS_ATTESTATION = f"""
create policy traineeships_signing_of_its_attestation on traineeships_signing as restrictive for insert to {APPLICATION}
with check (attestation_id is null or exists (select from traineeships_attestation a
  where a.id = attestation_id and a.subject_id = traineeships_signing.subject_id
    and a.traineeship_id = traineeships_signing.traineeship_id))
"""


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0023_listed_months")]

    operations = [
        migrations.AlterModelOptions(
            name="signing",
            options={
                "ordering": ["-id"],
                "verbose_name": "firma di progetto, convenzione o attestazione",
                "verbose_name_plural": "firme di progetti, convenzioni e attestazioni",
            },
        ),
        Together([
            migrations.AddField(
                model_name="signing",
                name="attestation",
                field=models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="signings",
                    to="traineeships.attestation",
                ),
            ),
            migrations.RemoveConstraint(model_name="signing", name="traineeships_signing_of_one_thing"),
            migrations.AddConstraint(
                model_name="signing",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("agreement", None), ("subject__isnull", False), ("traineeship__isnull", False)),
                        models.Q(
                            ("agreement__isnull", False), ("attestation", None), ("subject", None), ("traineeship", None)
                        ),
                        _connector="OR",
                    ),
                    name="traineeships_signing_of_one_thing",
                ),
            ),
        ]),
        migrations.RunSQL(OF_ITS_ATTESTATION, migrations.RunSQL.noop),
        function("attestation_mark(of_attestation bigint)", "text", MARK),
        function("signing_holds(hash text)", "boolean", HOLDS),
        function(
            "traineeship_sign(hash text, mark text, agent text)", "text", SIGN, language="plpgsql", volatility="volatile"
        ),
    ]
