from django.db import migrations

from accanto.access.permissions import (
    APPLICATION,
    DEFINER,
    also_visible,
    function,
    hangs_on,
    narrowed,
    secret,
)

KIND = "(select s.kind from app_session() s)"
HOSTED = "traineeship_id = any((select app_traineeships_hosted())::bigint[])"
UNLESS_A_HOST = f"({KIND} is distinct from 'host_tutor' or {HOSTED})"
WITHIN = f"({KIND} is distinct from 'host_tutor' and {KIND} is distinct from 'inspector')"
BY_AN_OPERATOR = "kind = 'employment_operator'"
FOR_AN_OPERATOR = "party = 'employment_operator'"
SERVICES = f"({KIND} = 'social_worker' or {KIND} = 'case_manager')"
MINE = "(party = (select app_evaluating_as()))"
FOR_ANOTHER = (
    "(helped and (party = 'trainee' or party = 'host_tutor') "
    f"and ({SERVICES} or {KIND} = 'third_sector_tutor'))"
)
# Before an evaluation is closed each reads what its own party said and what they wrote down for another; afterwards
# who works with the person, and the person, read all. The host reads its own, always.
AN_ANSWER = (
    f"({MINE} and {UNLESS_A_HOST}) or recorded_by_id = (select app_user()) or {WITHIN} and exists ("
    "select from traineeships_evaluation e where e.subject_id = traineeships_evaluationanswer.subject_id "
    "and e.traineeship_id = traineeships_evaluationanswer.traineeship_id "
    "and e.moment = traineeships_evaluationanswer.moment and e.superseded_at is null)"
)

PARTY = """
select case s.kind when 'person' then 'trainee' when 'third_sector_tutor' then 'tutor' when 'host_tutor' then 'host_tutor'
  when 'case_manager' then 'case_manager' when 'social_worker' then 'case_manager' end
from app_session() s
"""
# Who has answered is asked by all the parties, none of whom reads the others yet: never what.
ANSWERED = f"""
select a.traineeship_id, a.moment, a.party
from traineeships_evaluationanswer a
where a.traineeship_id = any($1) and a.superseded_at is null
  and (a.zone_id = any((select app_zones('register'))::smallint[])
       or a.subject_id = any((select app_subjects('register'))::bigint[])
       or (select '{APPLICATION}' not in (session_user, current_setting('role', true))))
  and ({KIND} is distinct from 'host_tutor' or a.traineeship_id = any((select app_traineeships_hosted())::bigint[]))
  and {KIND} is distinct from 'inspector'
"""
# The host reads nothing of the closing but that it is there.
ENDED = f"""
select e.traineeship_id, e.moment, e.closed_on
from traineeships_evaluation e
where e.traineeship_id = any($1) and e.superseded_at is null
  and (e.zone_id = any((select app_zones('register'))::smallint[])
       or e.subject_id = any((select app_subjects('register'))::bigint[])
       or (select '{APPLICATION}' not in (session_user, current_setting('role', true))))
  and ({KIND} is distinct from 'host_tutor' or e.traineeship_id = any((select app_traineeships_hosted())::bigint[]))
  and {KIND} is distinct from 'inspector'
"""
CLOSED = """
begin
  if exists (select from traineeships_evaluation e where e.traineeship_id = new.traineeship_id
      and e.moment = new.moment and e.superseded_at is null) then
    raise exception 'the evaluation is closed' using errcode = '23514',
      constraint = 'traineeships_evaluation_is_closed', detail = 'traineeships_evaluation_is_closed';
  end if;
  return new;
end
"""
# The person writes nothing else in their file. Their own word takes the place of what others wrote down for them.
ANSWER_OWN = """
declare made bigint; acting record; row record;
begin
  select s.user_id, s.kind into acting from app_session() s;
  if acting.kind is distinct from 'person' then
    raise exception 'only the person answers here' using errcode = '42501';
  end if;
  select t.subject_id, t.zone_id into row from traineeships_traineeship t
  where t.id = $1 and t.subject_id = any(app_subjects('register')) and $2 in ('mid', 'final');
  if row is null then
    raise exception 'no such traineeship' using errcode = '42501';
  end if;
  update traineeships_evaluationanswer a set superseded_at = now()
  where a.traineeship_id = $1 and a.moment = $2 and a.party = 'trainee' and a.superseded_at is null;
  insert into traineeships_evaluationanswer
    (subject_id, zone_id, traineeship_id, moment, party, helped, presence, tasks, people, autonomy, support, went_well,
     to_change, recorded_at, recorded_by_id)
  values (row.subject_id, row.zone_id, $1, $2, 'trainee', false, $3[1], $3[2], $3[3], $3[4], $3[5], $4, $5, now(),
    acting.user_id)
  returning id into made;
  return made;
end
"""


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0015_course")]

    operations = [
        function("app_evaluating_as()", "text", PARTY),
        *(
            secret(f"traineeships_{noun}", "register", update=update)
            for noun, update in (
                ("visit", ["superseded_at"]),
                ("visitnote", ()),
                ("visittask", ["done_on", "superseded_at"]),
                ("evaluation", ["superseded_at"]),
                ("evaluationanswer", ["superseded_at"]),
                ("goaljudgement", ["superseded_at"]),
                ("skill", ["superseded_at"]),
            )
        ),
        # the employment centre reads registers and does not write them; the visits it makes it does
        also_visible("traineeships_visit", "employability", BY_AN_OPERATOR, write=True),
        also_visible("traineeships_visitnote", "employability", BY_AN_OPERATOR, write=True),
        also_visible("traineeships_visittask", "employability", f"({BY_AN_OPERATOR} or {FOR_AN_OPERATOR})", write=True),
        # the host and who inspects it know the days, and nothing of what was said
        narrowed("traineeships_visit", UNLESS_A_HOST, write=WITHIN),
        *(narrowed(f"traineeships_{noun}", WITHIN) for noun in ("visitnote", "visittask", "evaluation", "skill")),
        narrowed("traineeships_goaljudgement", WITHIN, write=SERVICES),
        narrowed("traineeships_evaluationanswer", AN_ANSWER, write=f"({MINE} and {UNLESS_A_HOST}) or {FOR_ANOTHER}"),
        *(
            hangs_on(f"traineeships_{noun}", "traineeship_id", "traineeships_traineeship")
            for noun in ("visit", "evaluation", "evaluationanswer", "goaljudgement", "skill")
        ),
        *(hangs_on(f"traineeships_{noun}", "visit_id", "traineeships_visit") for noun in ("visitnote", "visittask")),
        function(
            "evaluations_answered(of_traineeships bigint[])",
            "table(traineeship_id bigint, moment text, party text)",
            ANSWERED,
            reads=["select on traineeships_evaluationanswer"],
        ),
        function(
            "evaluations_closed(of_traineeships bigint[])",
            "table(traineeship_id bigint, moment text, closed_on date)",
            ENDED,
            reads=["select on traineeships_evaluation"],
        ),
        function(
            "refuse_answers_to_closed_evaluations()",
            "trigger",
            CLOSED,
            reads=["select on traineeships_evaluation"],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "answer_own_evaluation(of_traineeship bigint, moment text, scores smallint[], went_well text, to_change text)",
            "bigint",
            ANSWER_OWN,
            reads=[
                "select on traineeships_traineeship", "select on traineeships_evaluationanswer",
                "insert on traineeships_evaluationanswer", "update on traineeships_evaluationanswer",
            ],
            language="plpgsql",
            volatility="volatile",
        ),
        migrations.RunSQL(
            [
                "create trigger traineeships_evaluationanswer_open before insert on traineeships_evaluationanswer "
                "for each row execute function refuse_answers_to_closed_evaluations()",
                # nor does anybody take back what they said once it is closed
                "create trigger traineeships_evaluationanswer_stays before update of superseded_at "
                "on traineeships_evaluationanswer for each row execute function refuse_answers_to_closed_evaluations()",
                f"grant usage on sequence traineeships_evaluationanswer_id_seq to {DEFINER}",
            ],
            migrations.RunSQL.noop,
        ),
    ]
