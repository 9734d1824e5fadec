import accanto.plan.bilingual
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from accanto.access.permissions import function, read_by_all
from accanto.access.tables import CreateTables, Together

REGION = "(select s.kind from app_session() s) = 'regional_officer'"

# Quotas and what was taken off before are the total, and the parts by criterion are the quotas, to the cent, whoever
# writes and whenever: nothing is added to an allocation later. What was found in a source (nobody entered it) may be of
# some zones only.
ADDS_UP = """
declare wanted bigint; made record; quotas numeric; parts numeric; taken numeric;
begin
  if tg_table_name = 'plan_allocation' then
    wanted := new.id;
  elsif tg_table_name = 'plan_allocationbase' then
    wanted := (select c.allocation_id from plan_allocationcriterion c where c.id = new.criterion_id);
  else
    wanted := new.allocation_id;
  end if;
  select a.total, a.recorded_by_id into made from plan_allocation a where a.id = wanted;
  if made.recorded_by_id is null then
    return null;
  end if;
  quotas := coalesce((select sum(q.amount) from plan_allocationquota q where q.allocation_id = wanted), 0);
  taken := coalesce((select sum(r.amount) from plan_allocationreserve r
    where r.allocation_id = wanted and r.taken_before), 0);
  parts := coalesce((select sum(b.amount) from plan_allocationbase b
    join plan_allocationcriterion c on c.id = b.criterion_id where c.allocation_id = wanted), 0);
  if quotas + taken <> made.total or parts <> quotas then
    raise exception 'allocation % says %, its quotas %, their parts %', wanted, made.total, quotas, parts
      using errcode = '23514', constraint = 'plan_allocation_adds_up', detail = 'plan_allocation_adds_up';
  end if;
  return null;
end
"""
# What was adopted gives way only to another adopted allocation that says it corrects it; a superseded row stays so.
CORRECTED = """
begin
  if old.superseded_at is not null and new.superseded_at is distinct from old.superseded_at
    or old.state = 'adopted' and new.superseded_at is not null and new.recorded_by_id is not null
      and not exists (select from plan_allocation c
        where c.id = (select a.superseded_by_id from plan_allocation a where a.id = new.id)
          and c.corrects_id = new.id and c.state = 'adopted') then
    raise exception 'allocation % was adopted: another corrects it', new.id
      using errcode = '23514', constraint = 'plan_allocation_is_corrected', detail = 'plan_allocation_is_corrected';
  end if;
  return null;
end
"""
CHILDREN = [f"plan_allocation{name}" for name in ("criterion", "base", "quota", "reserve")]
SUMMED = ["plan_allocation", *(table for table in CHILDREN if table != "plan_allocationcriterion")]


class Migration(migrations.Migration):

    dependencies = [
        ('plan', '0003_acts_and_their_chain'),
        ('territory', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='fundline',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='plan.fundline', verbose_name='dentro la linea'),
        ),
        CreateTables([
            migrations.CreateModel(
                name='Allocation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='anno')),
                    ('perimeter', models.CharField(max_length=200, verbose_name='perimetro')),
                    ('total', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='totale in euro')),
                    ('state', models.CharField(choices=[('draft', 'bozza'), ('adopted', 'adottato')], max_length=10, verbose_name='stato')),
                    ('adopted_on', models.DateField(blank=True, null=True, verbose_name='adottato il')),
                    ('grade', models.CharField(blank=True, choices=[('VERIFIED', "letto nell'atto"), ('SECONDARY', 'letto in una fonte che lo riporta'), ('UNVERIFIED', 'non letto o non trovato')], max_length=10, verbose_name='quanto è certo')),
                    ('source', models.CharField(blank=True, max_length=300, verbose_name='fonte')),
                    ('note', accanto.plan.bilingual.BilingualField(blank=True, default=dict, verbose_name='nota')),
                    ('synthetic', models.BooleanField(default=False, verbose_name='dato sintetico')),
                    ('recorded_at', models.DateTimeField(verbose_name='registrato il')),
                    ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='sostituito il')),
                    ('act', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='plan.act', verbose_name='atto')),
                    ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='plan.allocation', verbose_name='corregge')),
                    ('fund_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='plan.fundline', verbose_name='linea')),
                    ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('superseded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plan.allocation')),
                ],
                options={
                    'verbose_name': 'riparto',
                    'verbose_name_plural': 'riparti',
                    'ordering': ['fund_line', '-year', '-id'],
                },
            ),
            migrations.CreateModel(
                name='AllocationCriterion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('order', models.PositiveSmallIntegerField(verbose_name='ordine')),
                    ('name', models.CharField(max_length=80, verbose_name='criterio')),
                    ('weight', models.DecimalField(decimal_places=4, max_digits=7, verbose_name='peso, in percento')),
                    ('kind', models.CharField(choices=[('residents', 'residenti'), ('table', 'tabella')], max_length=10, verbose_name='base')),
                    ('base_day', models.DateField(blank=True, null=True, verbose_name='base del giorno')),
                    ('base_source', models.CharField(max_length=200, verbose_name='fonte della base')),
                    ('allocation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='plan.allocation', verbose_name='riparto')),
                ],
                options={
                    'verbose_name': 'criterio di riparto',
                    'verbose_name_plural': 'criteri di riparto',
                    'ordering': ['allocation', 'order'],
                },
            ),
            migrations.CreateModel(
                name='AllocationBase',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('quantity', models.DecimalField(decimal_places=4, max_digits=18, verbose_name='quantità')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='euro')),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone', verbose_name='zona')),
                    ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bases', to='plan.allocationcriterion', verbose_name='criterio')),
                ],
                options={
                    'verbose_name': 'base di un criterio',
                    'verbose_name_plural': 'basi dei criteri',
                    'ordering': ['criterion', 'zone'],
                },
            ),
            migrations.CreateModel(
                name='AllocationQuota',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='euro')),
                    ('residual_cents', models.PositiveSmallIntegerField(default=0, verbose_name='centesimi residui')),
                    ('allocation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quotas', to='plan.allocation', verbose_name='riparto')),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone', verbose_name='zona')),
                ],
                options={
                    'verbose_name': 'quota di una zona',
                    'verbose_name_plural': 'quote delle zone',
                    'ordering': ['allocation', 'zone'],
                },
            ),
            migrations.CreateModel(
                name='AllocationReserve',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('purpose', models.CharField(choices=[('informatics', 'adeguamento informatico'), ('emergency', 'pronto intervento sociale'), ('care_leavers', 'neomaggiorenni'), ('homeless', 'persone senza dimora'), ('other', 'altro')], max_length=20, verbose_name='per che cosa')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='euro')),
                    ('taken_before', models.BooleanField(verbose_name='tolta prima di dividere')),
                    ('allocation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reserves', to='plan.allocation', verbose_name='riparto')),
                ],
                options={
                    'verbose_name': 'riserva di un riparto',
                    'verbose_name_plural': 'riserve dei riparti',
                    'ordering': ['allocation', 'purpose'],
                },
            ),
        ]),
        Together([
            migrations.AddConstraint(
                model_name='allocation',
                constraint=models.UniqueConstraint(models.F('fund_line'), models.F('year'), django.db.models.functions.text.Lower('perimeter'), models.F('state'), condition=models.Q(('superseded_at', None)), name='plan_allocation_once'),
            ),
            migrations.AddConstraint(
                model_name='allocation',
                constraint=models.CheckConstraint(condition=models.Q(('total__gt', 0)), name='plan_allocation_of_something'),
            ),
            migrations.AddConstraint(
                model_name='allocation',
                constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('act__isnull', False), ('adopted_on__isnull', False)), models.Q(('recorded_by', None), models.Q(('source', ''), _negated=True)), _connector='OR'), name='plan_allocation_adopted_by_an_act'),
            ),
            migrations.AddConstraint(
                model_name='allocation',
                constraint=models.CheckConstraint(condition=models.Q(('superseded_by', None), ('superseded_at__isnull', False), _connector='OR'), name='plan_allocation_superseded'),
            ),
            migrations.AddConstraint(
                model_name='allocationcriterion',
                constraint=models.UniqueConstraint(fields=('allocation', 'order'), name='plan_criterion_once'),
            ),
            migrations.AddConstraint(
                model_name='allocationcriterion',
                constraint=models.CheckConstraint(condition=models.Q(('weight__gt', 0), ('weight__lte', 100)), name='plan_criterion_weight'),
            ),
            migrations.AddConstraint(
                model_name='allocationbase',
                constraint=models.UniqueConstraint(fields=('criterion', 'zone'), name='plan_base_once'),
            ),
            migrations.AddConstraint(
                model_name='allocationbase',
                constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('quantity__gte', 0)), name='plan_base_possible'),
            ),
            migrations.AddConstraint(
                model_name='allocationquota',
                constraint=models.UniqueConstraint(fields=('allocation', 'zone'), name='plan_quota_once'),
            ),
            migrations.AddConstraint(
                model_name='allocationquota',
                constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='plan_quota_possible'),
            ),
            migrations.AddConstraint(
                model_name='allocationreserve',
                constraint=models.UniqueConstraint(fields=('allocation', 'purpose'), name='plan_reserve_once'),
            ),
            migrations.AddConstraint(
                model_name='allocationreserve',
                constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='plan_reserve_of_something'),
            ),
        ]),
        read_by_all("plan_allocation", written_where=REGION, update=["superseded_at", "superseded_by_id"]),
        *(read_by_all(table, written_where=REGION) for table in CHILDREN),
        function(
            "refuse_allocations_that_do_not_add_up()",
            "trigger",
            ADDS_UP,
            reads=[f"select on {table}" for table in ("plan_allocation", *CHILDREN)],
            language="plpgsql",
            volatility="volatile",
        ),
        function("refuse_to_undo_an_allocation()", "trigger", CORRECTED, language="plpgsql", volatility="volatile"),
        migrations.RunSQL(
            [
                *(
                    f"create constraint trigger {table}_adds_up after insert on {table} deferrable initially deferred "
                    "for each row execute function refuse_allocations_that_do_not_add_up()"
                    for table in SUMMED
                ),
                "create constraint trigger plan_allocation_corrected after update on plan_allocation "
                "deferrable initially deferred for each row execute function refuse_to_undo_an_allocation()",
            ],
            migrations.RunSQL.noop,
        ),
    ]
