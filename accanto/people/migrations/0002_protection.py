from django.db import migrations

from accanto.access.permissions import function, narrowed, secret

# One range of the index a line of `lows`, the surest first; each is read only while little was found.
# Definer, because under row security no prefix could use its index; what may be seen is asked first, as policies do.
SEARCH = """
#variable_conflict use_column
declare
  zones smallint[] := app_zones('contact');
  own bigint[] := app_subjects('contact');
  code_zones smallint[] := app_zones('registry');
  last text := chr(1114111);
  found bigint[] := '{}';
  bonus real[] := '{}';
  more bigint[];
begin
  if code <> '' then
    more := array(
      select r.subject_id from people_registry r
      where r.zone_id = any(code_zones) and r.fiscal_code >= code and r.fiscal_code < code || last limit most);
    found := more;
    bonus := array_fill(3::real, array[cardinality(more)]);
  end if;
  for line in 1 .. coalesce(cardinality(lows), 0) loop
    more := array(
      select distinct c.subject_id from (
        select k.subject_id from unnest(zones) z (id), lateral (
          select s.subject_id from people_searchkey s
          where s.zone_id = z.id and s.key >= lows[line] and s.key < lows[line] || last and s.key like likes[line]
          order by s.key limit 400) k
        union all
        select s.subject_id from people_searchkey s
        where s.subject_id = any(own) and s.key >= lows[line] and s.key < lows[line] || last and s.key like likes[line]
      ) c where c.subject_id <> all(found));
    found := found || more;
    if cardinality(more) > 0 then
      bonus := bonus || array_fill(sure[line], array[cardinality(more)]);
    end if;
    exit when cardinality(found) >= most or (cardinality(found) >= 3 and sure[line + 1] = 0);
  end loop;
  return query
    select p.subject_id, (f.sure + greatest(similarity(p.name_key, typed), word_similarity(typed, p.name_key)))::real
    from unnest(found, bonus) f (id, sure) join people_person p on p.subject_id = f.id
    where f.sure >= 0.5 or similarity(p.name_key, typed) >= 0.2 or word_similarity(typed, p.name_key) >= 0.3
    order by 2 desc, p.name_key, p.subject_id limit most;
end
"""
# Who lives with the person is not the identity that the tutor of the promoter reads for covers and papers.
NOT_A_TUTOR = "(select s.kind from app_session() s) is distinct from 'third_sector_tutor'"


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("access", "0002_protection")]

    operations = [
        secret("people_person", "contact", update="all"),
        secret("people_registry", "registry", update="all"),
        secret("people_searchkey", "contact", delete=True),
        function(
            "people_search(typed text, code text, lows text[], likes text[], sure real[], most integer)",
            "table(subject_id bigint, score real)",
            SEARCH,
            reads=["select on people_person", "select on people_registry", "select on people_searchkey"],
            language="plpgsql",
        ),
        secret("people_household", "registry"),
        secret("people_householdmember", "registry", update=["ends", "superseded_at"]),
        secret("people_careduty", "assessment", update=["superseded_at"]),
        secret("people_privacynotice", "case", update=["superseded_at"]),
        secret("people_protectedaddress", "protected", update=["ends", "superseded_at"]),
        secret("people_representation", "representation", update=["ends", "ending", "superseded_at"]),
        secret("people_representationpower", "representation"),
        secret("people_dissent", "representation", update=["done_on"]),
        secret("people_invitation", "representation", update=["ends"]),
        narrowed("people_household", NOT_A_TUTOR),
        narrowed("people_householdmember", NOT_A_TUTOR),
    ]
