from django.db import migrations

from accanto.access.permissions import changed_only_where, function, narrowed, secret

# The cases whose manager or live team the session's user is of, for a public office: third-sector bodies and companies
# do not hold data of GDPR art. 10 (R-GDPR-03).
FOLLOWED = """
select coalesce(array_agg(distinct f.case_id), '{}')
from (
  select c.id case_id
  from app_session() s join cases_case c on c.manager_id = s.user_id and c.zone_id = s.zone_id
  where s.kind in ('social_worker', 'case_manager') and not exists (
    select from access_organisation o where o.id = s.organisation_id and o.kind in ('third_sector_body', 'host'))
  union all
  select m.case_id
  from app_session() s join cases_casemember m on m.user_id = s.user_id and m.ends is null and m.zone_id = s.zone_id
  where s.kind in ('social_worker', 'case_manager') and m.kind in ('social_worker', 'case_manager') and not exists (
    select from access_organisation o where o.id = s.organisation_id and o.kind in ('third_sector_body', 'host'))
) f
"""
NAMED = """
select coalesce(array_agg(r.note_id), '{}') from cases_notereader r
where r.reader_id = (select app_user()) and r.superseded_at is null
"""
WRITTEN = "select coalesce(array_agg(n.id), '{}') from cases_reservednote n where n.author_id = (select app_user())"

AUTHOR = "author_id = (select app_user())"
ON_THE_CASE = (
    "case_id = any((select app_cases_followed())::bigint[]) "
    "or subject_id = any((select app_subjects('{degree}'))::bigint[])"
)

# Timetable and place may stand for the act of a judge, which a health worker does not read: what others wrote of them
# only who keeps the case withdraws (`accanto.web.limits.may_withdraw` says the same).
NOT_OF_A_JUDGE = (
    "kind not in ('timetable', 'place') or recorded_by_id = (select app_user()) "
    "or (select s.kind from app_session() s) in ('social_worker', 'case_manager')"
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_meetings")]

    operations = [
        secret("cases_diaryentry", "diary", update=["superseded_at"]),
        secret("cases_secretdisclosure", "diary", update=["superseded_at"]),
        secret("cases_reservednote", "diary", update=["superseded_at"]),
        secret("cases_notereader", "diary", update=["superseded_at"]),
        secret("cases_healthfact", "health", update=["superseded_at"]),
        secret("cases_functionallimit", "limits", update=["superseded_at"]),
        secret("cases_accommodation", "accommodations", update=["superseded_at"]),
        secret("cases_justicemeasure", "justice", update=["superseded_at"]),
        function(
            "app_cases_followed()", "bigint[]", FOLLOWED, reads=["select on cases_case", "select on cases_casemember"]
        ),
        function("app_notes_named()", "bigint[]", NAMED, reads=["select on cases_notereader"]),
        function("app_notes_written()", "bigint[]", WRITTEN, reads=["select on cases_reservednote"]),
        narrowed(
            "cases_reservednote", f"{AUTHOR} or id = any((select app_notes_named())::bigint[])", write=AUTHOR
        ),
        narrowed(
            "cases_notereader",
            "reader_id = (select app_user()) or named_by_id = (select app_user())",
            write="named_by_id = (select app_user()) and note_id = any((select app_notes_written())::bigint[])",
        ),
        narrowed("cases_healthfact", ON_THE_CASE.format(degree="health")),
        changed_only_where("cases_functionallimit", NOT_OF_A_JUDGE),
        changed_only_where("cases_accommodation", NOT_OF_A_JUDGE),
        narrowed("cases_justicemeasure", ON_THE_CASE.format(degree="justice")),
    ]
