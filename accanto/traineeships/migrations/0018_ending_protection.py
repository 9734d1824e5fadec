from django.db import migrations

from accanto.access.permissions import APPLICATION, DEFINER, function, hangs_on, secret

TRUE_TO_ITS_BYTES = [
    "alter table traineeships_attestationpaper add constraint traineeships_attpaper_hash "
    "check (sha256 = encode(sha256(data), 'hex') and octet_length(data) <= 10485760)",
    "alter table traineeships_attestationpaper alter column data set storage external",
]

# The next number of the attestations of a zone in a year. The lock lasts as long as the transaction: whoever asks
# meanwhile waits, and then sees what was written.
NUMBER = f"""
declare may boolean;
begin
  select '{APPLICATION}' not in (session_user, current_setting('role', true))
    or $1 = any(app_zones_writing('traineeship_plan'))
    or exists (select from app_session() s join traineeships_traineeship t on t.promoter_id = s.organisation_id
      where s.kind = 'third_sector_tutor' and t.zone_id = $1 and t.subject_id = any(app_subjects_writing('register')))
    into may;
  if not may then
    raise exception 'only who attests asks for a number' using errcode = '42501';
  end if;
  perform pg_advisory_xact_lock(-2, $1 * 10000 + $2);
  return (select coalesce(max(a.number), 0) + 1 from traineeships_attestation a where a.zone_id = $1 and a.year = $2);
end
"""
# Tutors of the body that promotes attest too. They write no plan and no state: this is the one thing they write of them.
PROMOTED = """
  select s.user_id, s.kind, s.organisation_id into acting from app_session() s;
  select t.* into row from traineeships_traineeship t
  where t.id = {of} and t.promoter_id = acting.organisation_id and t.subject_id = any(app_subjects_writing('register'));
  if acting.kind is distinct from 'third_sector_tutor' or row is null
    or row.state not in ('concluded', 'interrupted', 'attested') then
    raise exception 'only the promoter of a traineeship that ended attests it' using errcode = '42501';
  end if;
"""
ISSUE = f"""
declare acting record; row record; before bigint; made bigint;
begin
  {PROMOTED.format(of="of_traineeship")}
  if of_number is distinct from attestation_number(row.zone_id, of_year) then
    raise exception 'numbers are taken one after the other' using errcode = '42501';
  end if;
  update traineeships_attestation a set superseded_at = now()
  where a.traineeship_id = row.id and a.superseded_at is null returning a.id into before;
  insert into traineeships_attestation (subject_id, zone_id, traineeship_id, year, number, wording, activities, hours,
    skills, sha256, instead_of_id, reason, issued_at, issued_by_id, withdrawal_reason)
  values (row.subject_id, row.zone_id, row.id, of_year, of_number, how, did, hours_done, skills_shown,
    encode(sha256(document), 'hex'), before, why, now(), acting.user_id, '') returning id into made;
  insert into traineeships_attestationpaper (subject_id, zone_id, attestation_id, part, media_type, sha256, data)
  values (row.subject_id, row.zone_id, made, 'document', 'application/pdf', encode(sha256(document), 'hex'), document);
  return made;
end
"""
HAND_OVER = f"""
declare acting record; row record; paper record;
begin
  select a.* into paper from traineeships_attestation a
  where a.id = of_attestation and a.superseded_at is null and a.handed_on is null
  for update;
  {PROMOTED.format(of="paper.traineeship_id")}
  if on_day is null or on_day > (now() at time zone 'Europe/Rome')::date then
    raise exception 'nothing was handed over on a day to come' using errcode = '42501';
  end if;
  update traineeships_attestation a set handed_on = on_day where a.id = paper.id;
  if signed is not null then
    insert into traineeships_attestationpaper (subject_id, zone_id, attestation_id, part, media_type, sha256, data)
    values (row.subject_id, row.zone_id, paper.id, 'signed', type, encode(sha256(signed), 'hex'), signed);
  end if;
  if row.state <> 'attested' then
    update traineeships_traineeship t set state = 'attested' where t.id = row.id;
    insert into traineeships_passage (subject_id, zone_id, traineeship_id, before, after, "on", ends_before, ends_after,
      recorded_at, recorded_by_id)
    values (row.subject_id, row.zone_id, row.id, row.state, 'attested', on_day, row.ends, row.ends, now(),
      acting.user_id);
  end if;
  return paper.id;
end
"""
# The one answer that who was a trainee writes, once; the page offers it from the day it is asked.
ANSWER = """
declare acting record; row record; made bigint;
begin
  select s.user_id, s.kind into acting from app_session() s;
  select t.* into row from traineeships_traineeship t
  where t.id = of_traineeship and t.subject_id = any(app_subjects('participation'))
    and t.state in ('concluded', 'interrupted', 'attested', 'archived') and of_moment in ('exit', 'six_months');
  if acting.kind is distinct from 'person' or row is null then
    raise exception 'only the person answers here' using errcode = '42501';
  end if;
  insert into traineeships_traineeshipoutcome (subject_id, zone_id, traineeship_id, moment, status, contract, with_host,
    qualification, improved, source, known_on, recorded_at, recorded_by_id)
  values (row.subject_id, row.zone_id, row.id, of_moment, does, with_contract, false, false, false, 'own_page',
    (now() at time zone 'Europe/Rome')::date, now(), acting.user_id)
  on conflict (traineeship_id, moment) where superseded_at is null do nothing returning id into made;
  return made;
end
"""
WRITES = [
    "select on traineeships_traineeship", "update on traineeships_traineeship", "select on traineeships_attestation",
    "insert on traineeships_attestation", "update on traineeships_attestation", "select on traineeships_attestationpaper",
    "insert on traineeships_attestationpaper", "insert on traineeships_passage", "select on traineeships_passage",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0017_ending")]

    operations = [
        secret(
            "traineeships_attestation", "traineeship_plan", update=["handed_on", "superseded_at", "withdrawal_reason"]
        ),
        secret("traineeships_attestationpaper", "traineeship_plan"),
        secret("traineeships_traineeshipoutcome", "participation", update=["superseded_at"]),
        *(
            hangs_on(f"traineeships_{noun}", "traineeship_id", "traineeships_traineeship")
            for noun in ("attestation", "traineeshipoutcome")
        ),
        hangs_on("traineeships_attestationpaper", "attestation_id", "traineeships_attestation"),
        migrations.RunSQL(TRUE_TO_ITS_BYTES, migrations.RunSQL.noop),
        function(
            "attestation_number(of_zone smallint, of_year integer)",
            "integer",
            NUMBER,
            reads=["select on traineeships_attestation", "select on traineeships_traineeship"],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "attestation_issue(of_traineeship bigint, of_year integer, of_number integer, how text, did text, "
            "hours_done numeric, skills_shown integer, why text, document bytea)",
            "bigint",
            ISSUE,
            reads=WRITES,
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "attestation_hand_over(of_attestation bigint, on_day date, signed bytea, type text)",
            "bigint",
            HAND_OVER,
            reads=WRITES,
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "outcome_answer(of_traineeship bigint, of_moment text, does text, with_contract text)",
            "bigint",
            ANSWER,
            reads=["select on traineeships_traineeshipoutcome", "insert on traineeships_traineeshipoutcome"],
            language="plpgsql",
            volatility="volatile",
        ),
        migrations.RunSQL(
            [
                f"grant usage on sequence traineeships_{table}_id_seq to {DEFINER}"
                for table in ("attestation", "attestationpaper", "passage", "traineeshipoutcome")
            ],
            migrations.RunSQL.noop,
        ),
    ]
