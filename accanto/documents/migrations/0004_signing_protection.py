from django.db import migrations

from accanto.access.permissions import APPLICATION, DEFINER, function, narrowed, secret

TODAY = "(now() at time zone 'Europe/Rome')::date"
KEPT = "interval '60 days'"  # how long an expired link still says that it has expired, and to its holder only
WRONG, CODES, RENEWED = 5, 10, 3  # wrong codes, codes of one link, new links a day for one signatory
CODE = "interval '15 minutes'"

# Who signs has no session. An address that is nobody's, one revoked and one too old are told the same: no row. One that
# does not sign any more says only why.
READ = f"""
with held as (
  select l.*, s.round_id, s.party, s.name, s.quality, s.delegated_by, s.email, s.phone, s.sees_annex, r.title, r.sha256,
    r.annex_sha256, g.signed_at,
    case when l.expires_at <= now() then 'expired'
      when g.id is not null then 'signed'
      when r.voided_at is not null then 'void'
      when l.wrong_codes >= {WRONG} then 'locked'
      when s.delegated_until < {TODAY} then 'delegation'
      else 'open' end standing
  from documents_signaturelink l
  join documents_signatory s on s.id = l.signatory_id
  join documents_signatureround r on r.id = s.round_id
  left join documents_signature g on g.signatory_id = s.id
  where l.hash = $1 and l.revoked_at is null and l.expires_at > now() - {KEPT}
)
select h.standing::text,
  case when shown.yes then h.round_id end,
  case when shown.yes then h.title else '' end::text,
  case when shown.yes then h.party else '' end::text,
  case when shown.yes then h.name else '' end::text,
  case when shown.yes then h.quality else '' end::text,
  case when shown.yes then h.delegated_by else '' end::text,
  coalesce(
    (select o.name from access_organisation o where o.kind = 'zone_authority' and o.zone_id = h.zone_id order by o.id limit 1),
    (select z.name from territory_zone z where z.id = h.zone_id))::text,
  case when shown.yes then h.sha256 else '' end::text,
  case when shown.yes and h.sees_annex then h.annex_sha256 else '' end::text,
  h.expires_at,
  case when shown.yes then h.signed_at end,
  h.in_person,
  h.code_hash <> '' and h.code_until > now(),
  h.code_channel::text,
  h.email <> '',
  h.phone <> '',
  greatest({WRONG} - h.wrong_codes, 0)::integer,
  case when shown.yes then array(
    select o.party::text from documents_signatory o where o.round_id = h.round_id
      and not exists (select from documents_signature d where d.signatory_id = o.id)
    group by o.party order by min(o.id)) else '{{}}'::text[] end
from held h cross join lateral (select h.standing in ('open', 'signed')) shown(yes)
"""
PAPER = f"""
select p.data
from signature_link_read($1) h
join documents_signaturepaper p on p.round_id = h.round_id and p.part = $2
where p.part = 'document' or p.part = 'annex' and h.annex_sha256 <> ''
"""
LOCKED = "select l.* into link from documents_signaturelink l where l.hash = $1 and l.revoked_at is null for update"
SIGNATORY = "select s.* into who from documents_signatory s where s.id = link.signatory_id"
MAY_STILL = f"""not exists (select from documents_signature g where g.signatory_id = who.id)
    and exists (select from documents_signatureround r
      where r.id = who.round_id and r.voided_at is null and r.completed_at is null)
    and coalesce(who.delegated_until >= {TODAY}, true)"""
# One a minute, ten in all; face to face the code is said and never sent.
ASK_CODE = f"""
declare link documents_signaturelink; who documents_signatory; by_way text; found text;
begin
  {LOCKED};
  if link.id is null or link.expires_at <= now() or link.wrong_codes >= {WRONG} or link.in_person
     or link.codes_sent >= {CODES} or link.code_until > now() + {CODE} - interval '1 minute' then
    return;
  end if;
  {SIGNATORY};
  by_way := case when $3 and who.phone <> '' then 'sms' when who.email <> '' then 'email' end;
  found := case by_way when 'sms' then who.phone else who.email end;
  if by_way is null or not ({MAY_STILL}) then
    return;
  end if;
  update documents_signaturelink
  set code_hash = $2, code_channel = by_way, code_until = now() + {CODE}, codes_sent = codes_sent + 1
  where id = link.id;
  return query select by_way, found;
end
"""
# What is left of an address in the evidence: enough to say which one it was to who knows it.
MASKED = """case link.code_channel
      when 'email' then left(who.email, 1) || '…@' || split_part(who.email, '@', 2)
      when 'sms' then '…' || right(regexp_replace(who.phone, '[^0-9]', '', 'g'), 3)
      else '' end"""
SIGN = f"""
declare link documents_signaturelink; who documents_signatory; paper documents_signatureround; made bigint;
begin
  {LOCKED};
  if link.id is null then
    return null;
  end if;
  {SIGNATORY};
  select r.* into paper from documents_signatureround r where r.id = who.round_id for update;
  if exists (select from documents_signature g where g.signatory_id = who.id) then
    return case when link.expires_at > now() then 'already' else 'expired' end;
  elsif link.expires_at <= now() then
    return 'expired';
  elsif paper.voided_at is not null then
    return 'void';
  elsif link.wrong_codes >= {WRONG} then
    return 'locked';
  elsif who.delegated_until < {TODAY} then
    return 'delegation';
  elsif link.code_hash = '' or link.code_until <= now() then
    return 'no_code';
  elsif link.code_hash <> $2 then
    update documents_signaturelink set wrong_codes = wrong_codes + 1 where id = link.id;
    return case when link.wrong_codes + 1 >= {WRONG} then 'locked' else 'wrong' end;
  end if;
  insert into documents_signature (subject_id, zone_id, round_id, signatory_id, how, signed_at, sha256, annex_sha256,
    channel, sent_to, agent, strokes)
  values (who.subject_id, who.zone_id, paper.id, who.id, 'link', now(), paper.sha256,
    case when who.sees_annex then paper.annex_sha256 else '' end, link.code_channel, left({MASKED}, 120), left($3, 60), '')
  returning id into made;
  update documents_signaturelink set code_hash = '' where id = link.id;
  if not exists (select from documents_signatory s where s.round_id = paper.id
      and not exists (select from documents_signature g where g.signatory_id = s.id)) then
    update documents_signatureround set completed_at = now() where id = paper.id;
  end if;
  insert into access_act (at, verb, noun, object_id, subject_id, zone_id, detail)
  values (now(), 'sign', 'signature', made, who.subject_id, who.zone_id,
    jsonb_build_object('round', paper.id, 'how', 'link', 'link', link.id, 'sha256', paper.sha256));
  return 'signed';
end
"""
# A new link for the mailbox on file and nobody else's, in the place of one that has expired or was locked.
RENEW = f"""
declare link documents_signaturelink; who documents_signatory;
begin
  {LOCKED};
  if link.id is null or link.in_person or link.expires_at <= now() - {KEPT}
     or not (link.expires_at <= now() or link.wrong_codes >= {WRONG}) then
    return null;
  end if;
  {SIGNATORY};
  if who.email = '' or not ({MAY_STILL}) or {RENEWED} <= (
    select count(*) from documents_signaturelink n
    where n.signatory_id = who.id and n.made_by_id is null and n.made_at > now() - interval '1 day') then
    return null;
  end if;
  update documents_signaturelink set revoked_at = now() where id = link.id;
  insert into documents_signaturelink (subject_id, zone_id, signatory_id, hash, made_at, expires_at, in_person, code_hash,
    code_channel, codes_sent, wrong_codes, mail_failure)
  values (who.subject_id, who.zone_id, who.id, $2, now(), now() + interval '7 days', false, '', '', 0, 0, '');
  return who.email;
end
"""
MAILED = """
update documents_signaturelink set mailed_at = case when $2 = '' then now() end, mail_failure = left($2, 200)
where hash = $1 and mailed_at is null
"""
TABLES = {
    "documents_signatureround": ["completed_at", "voided_at", "void_reason"],
    "documents_signaturepaper": (),
    "documents_signatory": (),
    "documents_signature": (),
    "documents_signaturelink": ["revoked_at", "mailed_at", "mail_failure"],
}
COLLECTS = "(select s.kind from app_session() s) in ('social_worker', 'case_manager')"
# The contacts of a person are protected from now on: what was written to have them sign is emptied, their links end.
FORGET = f"""
begin
  if '{APPLICATION}' in (session_user, current_setting('role', true)) and not exists (select from access_subject j where j.id = $1 and (
    j.zone_id = any((select app_zones_writing('protected'))::smallint[])
    or j.id = any((select app_subjects_writing('protected'))::bigint[]))) then
    raise exception 'only who protects contacts may empty them' using errcode = '42501';
  end if;
  update documents_signaturelink l set revoked_at = now()
  from documents_signatory s where s.id = l.signatory_id and s.subject_id = $1 and s.party = any($2) and l.revoked_at is null;
  update documents_signatory set email = '', phone = '' where subject_id = $1 and party = any($2);
end
"""
HELD = (
    "table(standing text, round_id bigint, title text, party text, name text, quality text, delegated_by text, office text, "
    "sha256 text, annex_sha256 text, expires_at timestamptz, signed_at timestamptz, in_person boolean, code_live boolean, "
    "code_channel text, has_email boolean, has_phone boolean, tries_left integer, waiting text[])"
)


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_signing")]

    operations = [
        *(secret(table, "traineeship_plan", update=list(update)) for table, update in TABLES.items()),
        # where to write to who signs, and their links: for who collects the signatures, not for all who read the plan
        narrowed("documents_signatory", COLLECTS),
        narrowed("documents_signaturelink", COLLECTS),
        migrations.RunSQL(
            [
                "alter table documents_signaturepaper add constraint documents_signaturepaper_hash "
                "check (sha256 = encode(sha256(data), 'hex'))",
                "alter table documents_signaturepaper alter column data set storage external",
                f"grant usage on sequence documents_signature_id_seq, documents_signaturelink_id_seq to {DEFINER}",
                f"grant select on territory_zone to {DEFINER}",
            ],
            migrations.RunSQL.noop,
        ),
        function(
            "signature_link_read(hash text)",
            HELD,
            READ,
            reads=[
                "select on documents_signaturelink",
                "select on documents_signatory",
                "select on documents_signatureround",
                "select on documents_signature",
                "select on access_organisation",
            ],
        ),
        function(
            "signature_link_paper(hash text, part text)", "bytea", PAPER, reads=["select on documents_signaturepaper"]
        ),
        function(
            "signature_link_code(hash text, mark text, sms boolean)",
            "table(channel text, address text)",
            ASK_CODE,
            reads=["update on documents_signaturelink"],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "signature_link_sign(hash text, mark text, agent text)",
            "text",
            SIGN,
            reads=["insert on documents_signature", "update on documents_signatureround"],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "signature_link_renew(hash text, new_hash text)",
            "text",
            RENEW,
            reads=["insert on documents_signaturelink"],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "signature_contacts_forget(about bigint, parties text[])",
            "void",
            FORGET,
            reads=["update on documents_signatory", "select on access_subject"],
            language="plpgsql",
            volatility="volatile",
        ),
        function("signature_link_mailed(hash text, failure text)", "void", MAILED, volatility="volatile"),
    ]
