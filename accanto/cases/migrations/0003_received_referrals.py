from django.db import migrations

from accanto.access.permissions import function, secret

# A service or a third-sector body writes to a zone where it may write nothing: a new subject without a person, what it
# says of them, and the relation by which it reads that row and no other. It always answers the same, whoever they are.
# Forty in a day from one user (`MOST_IN_A_DAY`) are a program, not a desk.
SEND = """
declare who record; about bigint; sent bigint;
begin
  select * into who from app_session();
  if who.kind is distinct from 'referrer' or who.organisation_id is null then
    raise exception 'only somebody who refers for a body may send a referral' using errcode = '42501';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('referral_send', who.user_id));
  if (select count(*) from cases_receivedreferral r
      where r.sent_by_id = who.user_id and r.sent_at > now() - interval '24 hours') >= 40 then
    raise exception 'too many referrals in a day' using errcode = 'AC001';
  end if;
  insert into access_subject (zone_id, created_at) values (to_zone, now()) returning id into about;
  insert into cases_receivedreferral (subject_id, zone_id, organisation_id, sent_by_id, sent_at, channel, given_name,
    family_name, fiscal_code, birth_date, phone, email, need, followed, agreement, outcome, reason)
  values (about, to_zone, who.organisation_id, who.user_id, now(), service, given, family, code, born, telephone, mail,
    why, in_charge, agrees, '', '')
  returning id into sent;
  insert into access_relation (subject_id, zone_id, kind, organisation_id, starts, reason)
  values (about, to_zone, 'referrer', who.organisation_id, (now() at time zone 'Europe/Rome')::date,
    'ha inviato la segnalazione');
  perform log_act(now(), null, null, 'send', 'receivedreferral', sent, about, to_zone, '{}');
  return sent;
end
"""

# «It is this person» was wrong: what was written goes back to wait, and nothing of it stays in the file of somebody it
# is not about; the log keeps both presses. Not once it was answered by hand, put in the list or taken in charge.
UNSORT = """
declare sorted record; own boolean;
begin
  select t.id, t.referral_id, t.received_id, t.subject_id, t.zone_id, t.recorded_at, f.outcome, f.recorded_at as referred_at
  into sorted
  from cases_referraltriage t join cases_referral f on f.id = t.referral_id
  where t.received_id = of_received and not t.new_person and t.zone_id = any(app_zones_writing('case'))
  for update of t, f;
  if not found or sorted.outcome not in ('', 'accepted')
     or exists (select from cases_case c where c.referral_id = sorted.referral_id)
     or exists (select from cases_referralwait w where w.referral_id = sorted.referral_id) then
    return false;
  end if;
  delete from cases_referraltriage where id = sorted.id;
  -- the referral was born of that press, unless the person had one already
  own := sorted.referred_at = sorted.recorded_at
    and not exists (select from cases_referraltriage t where t.referral_id = sorted.referral_id);
  if own then
    delete from cases_referralorigin where referral_id = sorted.referral_id;
    delete from cases_referral where id = sorted.referral_id;
  end if;
  update cases_receivedreferral set outcome = '', reason = '', answered_on = null, told_at = null
  where id = sorted.received_id;
  perform log_act(now(), null, null, 'unsort', 'receivedreferral', sorted.received_id, sorted.subject_id, sorted.zone_id,
    jsonb_build_object('referral', sorted.referral_id)::text);
  return true;
end
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_protection")]

    operations = [
        secret("cases_receivedreferral", "referral", update=["outcome", "reason", "answered_on", "told_at"]),
        secret("cases_referraltriage", "case"),
        function(
            "referral_send(to_zone smallint, service text, given text, family text, code text, telephone text, "
            "mail text, why text, born date, in_charge text, agrees text)",
            "bigint",
            SEND,
            reads=[
                "select on access_subject",
                "insert on access_subject",
                "insert on access_relation",
                "select on cases_receivedreferral",
                "insert on cases_receivedreferral",
            ],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "referral_unsort(of_received bigint)",
            "boolean",
            UNSORT,
            reads=[
                "update on cases_receivedreferral",
                "select on cases_referraltriage",
                "update on cases_referraltriage",
                "delete on cases_referraltriage",
                "select on cases_referral",
                "update on cases_referral",
                "delete on cases_referral",
                "select on cases_referralorigin",
                "delete on cases_referralorigin",
                "select on cases_referralwait",
                "select on cases_case",
            ],
            language="plpgsql",
            volatility="volatile",
        ),
    ]
