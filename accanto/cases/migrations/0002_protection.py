from django.db import migrations

from accanto.access.permissions import also_visible, read_by_all, secret

# Who works with people in a zone, or plans for it, writes that zone's team; the Region may write any. The team itself is
# a public fact.
OWN = (
    "{zone} = any((select app_zones_writing('case'))::smallint[]) "
    "or {zone} = any((select app_zones_writing('staffing'))::smallint[])"
)
OF_ITS_TEAM = f"team_id in (select t.id from cases_zoneteam t where {OWN.format(zone='t.zone_id')})"


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("people", "0002_protection")]

    operations = [
        secret("cases_referral", "case", update=["outcome", "reason", "answered_on"]),
        secret("cases_referralorigin", "area"),
        secret("cases_case", "case", update=["closed_on", "closing_reason", "closing_outcome", "manager_id"]),
        secret("cases_casearea", "area", update=["area"]),
        secret("cases_casemember", "case", update=["ends"]),
        secret("cases_assessment", "assessment", update=["superseded_at"]),
        secret("cases_assessmentdomain", "assessment", update=["superseded_at"]),
        also_visible("cases_assessmentdomain", "employability", "domain in ('work', 'education')", write=True),
        secret("cases_personalplan", "plan", update=["agreed_on", "superseded_at"]),
        secret("cases_plangoal", "plan"),
        secret("cases_plansupport", "plan"),
        secret("cases_planaction", "plan", update=["done_on", "superseded_at"]),
        secret("cases_plansignature", "plan"),
        secret("cases_participation", "participation", update=["ends", "superseded_at"]),
        secret("cases_planevidence", "plan"),
        secret("cases_referralwait", "case", update=["ends", "ending"]),
        secret("cases_casefollowup", "case", update=["superseded_at"]),
        secret("cases_benefitfact", "benefits", update=["superseded_at"]),
        secret("cases_benefitsituation", "benefits", update=["superseded_at"]),
        secret("cases_employabilityprofile", "employability", update=["superseded_at"]),
        read_by_all("cases_zoneteam", written_where=OWN.format(zone="zone_id"), update=["protocol_on", "source"]),
        read_by_all("cases_zoneteamseat", written_where=OF_ITS_TEAM, update="all", delete=True),
        read_by_all("cases_zoneteammember", written_where=OF_ITS_TEAM, update=["ends"]),
    ]
