from django.db import migrations

from accanto.access.permissions import function, secret

# Everything that a document to be signed says, as one mark: where it changes, what was ready to be signed is no more.
# The state too: a plan that was signed on paper, withdrawn or opened again is not the one that waits.
MARK = """
select encode(sha256(convert_to(jsonb_build_array(
  (select jsonb_build_array(t.kind, t.host_id, t.seat, t.promoter_id, t.promoter_type, t.case_manager_id, t.tutor_id,
      t.host_tutor_id, t.host_tutor_name, t.starts, t.ends, t.weekly_hours, t.hours_by_weekday, t.accommodations,
      t.inail_reference, t.liability_reference, t.state,
      (select jsonb_build_array(p.given_name, p.family_name) from people_person p where p.subject_id = t.subject_id),
      (select jsonb_build_array(g.birth_date, g.birth_place, g.fiscal_code) from people_registry g
        where g.subject_id = t.subject_id),
      (select jsonb_build_array(n.body_in_charge_id, n.reason, n.inclusion_goals, n.autonomy_goals, n.training_goals,
        n.activities) from traineeships_traineeshipplan n where n.traineeship_id = t.id),
      (select jsonb_build_array(a.mode, a.hourly_rate, a.monthly_amount, a.monthly_hours_max, a.payer)
        from traineeships_allowanceterms a where a.traineeship_id = t.id))
    from traineeships_traineeship t where t.id = $1),
  (select jsonb_build_array(a.promoter_id, a.host_id, a.body_in_charge_id, a.reference, a.valid_from, a.valid_to, a.places,
      a.signed_on)
    from traineeships_agreement a where a.id = $2),
  (select jsonb_build_array(o.name, o.tax_code, h.type, h.address, h.municipality_id)
    from traineeships_host h join access_organisation o on o.id = h.organisation_id
    where h.id = coalesce((select t.host_id from traineeships_traineeship t where t.id = $1),
      (select a.host_id from traineeships_agreement a where a.id = $2)))
)::text, 'UTF8')), 'hex')
"""
OF_LINK = """
traineeships_signing s
  join documents_signatory w on w.round_id = s.round_id
  join documents_signaturelink l on l.signatory_id = w.id and l.hash = $1 and l.revoked_at is null
"""
HOLDS = f"""
select coalesce((
  select s.registered_at is not null or s.mark = signing_mark(s.traineeship_id, s.agreement_id) from {OF_LINK}), false)
"""
SIGN = f"""
declare found traineeships_signing;
begin
  perform from documents_signaturelink k where k.hash = $1 for update;
  select s.* into found from {OF_LINK};
  if found.registered_at is null and found.mark <> signing_mark(found.traineeship_id, found.agreement_id) then
    update documents_signatureround set voided_at = now(), void_reason = 'changed'
    where id = found.round_id and voided_at is null and completed_at is null;
  end if;
  return signature_link_sign($1, $2, $3);
end
"""


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0011_signing"), ("documents", "0004_signing_protection"), ("people", "0002_protection")]

    operations = [
        secret("traineeships_signing", "traineeship_plan", update=["registered_at"]),
        function(
            "signing_mark(of_traineeship bigint, of_agreement bigint)",
            "text",
            MARK,
            reads=[
                "select on people_person",
                "select on people_registry",
                "select on traineeships_traineeship",
                "select on traineeships_traineeshipplan",
                "select on traineeships_allowanceterms",
                "select on traineeships_agreement",
                "select on traineeships_host",
                "select on access_organisation",
            ],
        ),
        function("signing_holds(hash text)", "boolean", HOLDS, reads=["select on traineeships_signing"]),
        function(
            "traineeship_sign(hash text, mark text, agent text)", "text", SIGN, language="plpgsql", volatility="volatile"
        ),
    ]
