from django.db import migrations

from accanto.access.permissions import function, narrowed

# The people of the cases one follows, for what is kept by person and not by case.
FOLLOWED = """
select coalesce(array_agg(distinct c.subject_id), '{}')
from unnest((select app_cases_followed())) followed join cases_case c on c.id = followed
"""
# A document is narrowed as the rows of its class are: health and justice to who follows the case; and the tutor of the
# promoter reads identity and allowance for covers and papers, not whatever is kept under those words.
OF_FEW = (
    "(degree <> 'health' or subject_id = any((select app_subjects_followed())::bigint[]) "
    "or subject_id = any((select app_subjects('health'))::bigint[])) "
    "and (degree <> 'justice' or subject_id = any((select app_subjects_followed())::bigint[]) "
    "or subject_id = any((select app_subjects('justice'))::bigint[])) "
    "and (degree not in ('registry', 'allowance') "
    "or (select s.kind from app_session() s) is distinct from 'third_sector_tutor')"
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_measures"), ("documents", "0002_protection")]

    operations = [
        function("app_subjects_followed()", "bigint[]", FOLLOWED),
        narrowed("documents_document", OF_FEW),
        narrowed("documents_content", OF_FEW),
    ]
