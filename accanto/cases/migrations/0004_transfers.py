from django.db import migrations

from accanto.access.permissions import APPLICATION, function, secret

TODAY = "(now() at time zone 'Europe/Rome')::date"

# The zone that follows a person proposes them to another, where it may write nothing: a new subject without a person,
# with the name, the fiscal code, the contacts and the hand-over note, and a row of its own that keeps what was proposed.
SEND = """
declare held record; author bigint := app_user(); about bigint; sent bigint; received bigint;
begin
  select c.id, c.subject_id, c.zone_id, p.given_name, p.family_name, p.phone, p.email,
    coalesce(r.fiscal_code, '') as fiscal_code, r.birth_date into held
  from cases_case c join people_person p on p.id = c.person_id
  left join people_registry r on r.subject_id = c.subject_id
  where c.id = of_case and c.closed_on is null and c.zone_id = any(app_zones_writing('case'))
    and c.zone_id = any(app_zones_writing('area'));
  if held.id is null then
    raise exception 'not an open case of a zone where one writes' using errcode = '42501';
  end if;
  if held.zone_id = to_zone then
    raise exception 'a case is not transferred to its own zone' using errcode = '23514';
  end if;
  insert into cases_casetransfer (subject_id, zone_id, side, other_zone_id, case_id, given_name, family_name, fiscal_code,
    birth_date, phone, email, note, proposed_at, proposed_by_id, outcome, reason)
  values (held.subject_id, held.zone_id, 'sent', to_zone, held.id, held.given_name, held.family_name,
    held.fiscal_code, held.birth_date, held.phone, held.email, words, now(), author, '', '')
  returning id into sent;
  insert into access_subject (zone_id, created_at) values (to_zone, now()) returning id into about;
  insert into cases_casetransfer (subject_id, zone_id, side, other_zone_id, answers_id, given_name, family_name,
    fiscal_code, birth_date, phone, email, note, proposed_at, proposed_by_id, outcome, reason)
  values (about, to_zone, 'received', held.zone_id, sent, held.given_name, held.family_name,
    held.fiscal_code, held.birth_date, held.phone, held.email, words, now(), author, '', '')
  returning id into received;
  perform log_act(now(), null, null, 'propose', 'casetransfer', sent, held.subject_id, held.zone_id, '{}');
  perform log_act(now(), null, null, 'receive', 'casetransfer', received, about, to_zone, '{}');
  return sent;
end
"""

# Who received answers, who sent may only withdraw; both sides then say the same. False where it was answered already.
ANSWER = f"""
declare mine record; twin bigint;
begin
  select t.* into mine from cases_casetransfer t
  where t.id = of_transfer and t.zone_id = any(app_zones_writing('area')) and t.zone_id = any(app_zones_writing('case'));
  if mine.id is null or (mine.side = 'sent') <> (result = 'withdrawn')
      or result not in ('accepted', 'declined', 'withdrawn') then
    raise exception 'not a transfer that one may answer so' using errcode = '42501';
  end if;
  twin := coalesce(mine.answers_id, (select t.id from cases_casetransfer t where t.answers_id = mine.id));
  -- always the side sent first, so that two who answer at once wait for each other and not in a circle
  perform 1 from cases_casetransfer t where t.id in (mine.id, twin) order by t.id for update;
  update cases_casetransfer t set outcome = result, reason = why, answered_on = {TODAY}
  where t.id in (mine.id, twin) and t.outcome = '';
  if not found then
    return false;
  end if;
  perform log_act(now(), null, null, result, 'casetransfer', t.id, t.subject_id, t.zone_id, '{{}}')
  from cases_casetransfer t where t.id in (mine.id, twin);
  return true;
end
"""

# Whose contacts are protected from now on: what was written of them before keeps them no more. The other side of a
# transfer too, unless it has become a file of another zone, which protects it by itself.
FORGET = f"""
declare held bigint[];
begin
  if '{APPLICATION}' in (session_user, current_setting('role', true)) and not exists (select from access_subject j where j.id = about and j.zone_id = any(app_zones_writing('protected'))) then
    raise exception 'only who protects the contacts of a person may do this' using errcode = '42501';
  end if;
  update cases_receivedreferral r set phone = '', email = ''
  where r.subject_id = about or r.id in (
    select t.received_id from cases_referraltriage t join cases_referral f on f.id = t.referral_id
    where f.subject_id = about);
  held := array(select t.id from cases_casetransfer t
    where t.subject_id = about or t.case_id in (select c.id from cases_case c where c.subject_id = about));
  update cases_casetransfer t set phone = '', email = ''
  where t.id = any(held) or (t.outcome <> 'accepted' and (t.answers_id = any(held)
    or t.id in (select o.answers_id from cases_casetransfer o where o.id = any(held))));
  delete from access_draft d where d.page = 'registry' and d.about = contacts_forget.about;
end
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_received_referrals")]

    operations = [
        secret("cases_casetransfer", "area", update=["case_id"]),
        # a transfer is born by `transfer_send` only: nobody writes a side by themselves
        migrations.RunSQL("revoke insert on cases_casetransfer from accanto_app", migrations.RunSQL.noop),
        function(
            "transfer_send(of_case bigint, to_zone smallint, words text)",
            "bigint",
            SEND,
            reads=[
                "select on cases_case",
                "select on people_person",
                "select on people_registry",
                "select on access_subject",
                "insert on access_subject",
                "select on cases_casetransfer",
                "insert on cases_casetransfer",
                "update on cases_casetransfer",
            ],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "transfer_answer(of_transfer bigint, result text, why text)",
            "boolean",
            ANSWER,
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "contacts_forget(about bigint)",
            "void",
            FORGET,
            reads=[
                "select on cases_receivedreferral",
                "update on cases_receivedreferral",
                "select on cases_referraltriage",
                "select on cases_referral",
                "select on access_draft",
                "delete on access_draft",
            ],
            language="plpgsql",
            volatility="volatile",
        ),
    ]
