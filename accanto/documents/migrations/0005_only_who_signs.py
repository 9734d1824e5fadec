from django.db import migrations

from accanto.access.permissions import APPLICATION

# A signature by a link is written by the function that the link calls, and by nobody's session. A code that reaches a
# mailbox is of the function too; the one said face to face is of who is there, under their own name.
POLICIES = [
    f"create policy documents_signature_by_link on documents_signature as restrictive for insert to {APPLICATION} "
    "with check (how <> 'link' and recorded_by_id = (select app_user()))",
    f"create policy documents_signaturelink_made on documents_signaturelink as restrictive for insert to {APPLICATION} "
    "with check (made_by_id = (select app_user()) and (code_hash = '' or in_person and code_channel = 'in_person'))",
    # complete is what all have signed
    f"create policy documents_signatureround_complete on documents_signatureround as restrictive for update "
    f"to {APPLICATION} using (true) with check (completed_at is null or not exists (select from documents_signatory s "
    "where s.round_id = documents_signatureround.id and not exists (select from documents_signature g "
    "where g.signatory_id = s.id)))",
    # what is signed of a traineeship is signed by `traineeship_sign`, which looks at the data too
    f"revoke execute on function signature_link_sign(text, text, text) from {APPLICATION}",
]


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_signing_protection")]

    operations = [migrations.RunSQL(POLICIES, migrations.RunSQL.noop)]
