import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations import RunSQL

from accanto.access.permissions import function, narrowed, of_zone
from accanto.access.tables import CreateTables

OF_THE_ZONE = "(select s.kind from app_session() s) = 'zone_planner'"
TIED = (
    "alter table {table} add constraint {table}_{column}_of_its_zone foreign key ({column}, zone_id) "
    "references {parent} (id, zone_id) deferrable initially deferred"
)


def tied(table, column, parent):
    return RunSQL([TIED.format(table=table, column=column, parent=parent)], RunSQL.noop)


# Numbers of the zones whose staffing one reads: how many, and never who.
READS = [
    "select on staffing_supervisionsession", "select on staffing_supervisionattendance", "select on staffing_worker",
    "select on staffing_contract",
]
COUNTS_ARE = "table (zone smallint, kind text, sessions bigint, hours numeric, people bigint)"
COUNTS = """
select s.zone_id, s.kind::text, count(*), sum(s.hours),
    (select count(distinct a.worker_id) from staffing_supervisionattendance a
     join staffing_supervisionsession o on o.id = a.session_id
     where o.zone_id = s.zone_id and o.kind = s.kind and o.superseded_at is null and not o.withdrawn
       and extract(year from o.day) = of_year and a.superseded_at is null and a.present)
from staffing_supervisionsession s
where s.zone_id = any((select app_zones('staffing'))::smallint[]) and s.superseded_at is null and not s.withdrawn
  and extract(year from s.day) = of_year
group by s.zone_id, s.kind
"""
COVERAGE_IS = "table (zone smallint, profession text, workers bigint, supervised bigint)"
# whatever the contract: permanent or not, also of a third party
COVERAGE = """
select w.zone_id, w.profession::text, count(*), count(*) filter (where exists (
    select from staffing_supervisionattendance a join staffing_supervisionsession s on s.id = a.session_id
    where a.worker_id = w.id and a.superseded_at is null and a.present and s.superseded_at is null and not s.withdrawn
      and extract(year from s.day) = of_year))
from staffing_worker w
where w.zone_id = any((select app_zones('staffing'))::smallint[]) and w.withdrawn_at is null and exists (
    select from staffing_contract c where c.worker_id = w.id and c.superseded_at is null
      and c.starts <= make_date(of_year, 12, 31) and (c.ends is null or c.ends >= make_date(of_year, 1, 1)))
group by w.zone_id, w.profession
"""


class Migration(migrations.Migration):

    dependencies = [
        ('staffing', '0005_scenario'),
        ('access', '0005_workforce'),
        ('territory', '0001_initial'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='SupervisionSession',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('A1', 'A1, gruppo di assistenti sociali'), ('A2', 'A2, individuale'), ('A3', 'A3, organizzativa di équipe')], max_length=2, verbose_name='tipo')),
                    ('day', models.DateField(verbose_name='giorno')),
                    ('hours', models.DecimalField(decimal_places=2, max_digits=4, verbose_name='ore')),
                    ('supervisor', models.CharField(max_length=120, verbose_name='supervisore')),
                    ('supervisor_profession', models.CharField(choices=[('social_worker', 'assistente sociale'), ('psychologist', 'psicologo'), ('educator', 'educatore'), ('other', 'altra professione')], max_length=20, verbose_name='professione del supervisore')),
                    ('external', models.BooleanField(default=False, verbose_name='supervisore esterno')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='perché è cambiata')),
                    ('withdrawn', models.BooleanField(default=False, verbose_name='ritirata')),
                    ('synthetic', models.BooleanField(default=False, verbose_name='dato sintetico')),
                    ('recorded_at', models.DateTimeField()),
                    ('superseded_at', models.DateTimeField(blank=True, null=True)),
                    ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='staffing.supervisionsession')),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone', verbose_name='zona')),
                ],
                options={
                    'verbose_name': 'incontro di supervisione',
                    'verbose_name_plural': 'incontri di supervisione',
                    'ordering': ['-day', '-id'],
                },
            ),
            migrations.CreateModel(
                name='SupervisionAttendance',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('present', models.BooleanField(verbose_name='presente')),
                    ('recorded_at', models.DateTimeField()),
                    ('superseded_at', models.DateTimeField(blank=True, null=True)),
                    ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supervisions', to='staffing.worker')),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone', verbose_name='zona')),
                    ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='staffing.supervisionsession')),
                ],
                options={
                    'verbose_name': 'presenza alla supervisione',
                    'verbose_name_plural': 'presenze alla supervisione',
                    'ordering': ['session', 'id'],
                },
            ),
            migrations.CreateModel(
                name='SupervisionPlan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='anno')),
                    ('kind', models.CharField(choices=[('A1', 'A1, gruppo di assistenti sociali'), ('A2', 'A2, individuale'), ('A3', 'A3, organizzativa di équipe')], max_length=2, verbose_name='tipo')),
                    ('hours', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='ore previste')),
                    ('act', models.CharField(blank=True, max_length=200, verbose_name='piano operativo analitico (POA)')),
                    ('accreditation', models.CharField(blank=True, max_length=120, verbose_name='accreditamento')),
                    ('synthetic', models.BooleanField(default=False, verbose_name='dato sintetico')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='perché è cambiato')),
                    ('withdrawn', models.BooleanField(default=False, verbose_name='ritirato')),
                    ('recorded_at', models.DateTimeField()),
                    ('superseded_at', models.DateTimeField(blank=True, null=True)),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone', verbose_name='zona')),
                ],
                options={
                    'verbose_name': 'piano di supervisione',
                    'verbose_name_plural': 'piani di supervisione',
                    'ordering': ['-year', 'zone', 'kind', 'id'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('zone', 'year', 'kind'), name='staffing_supervision_plan_once'), models.CheckConstraint(condition=models.Q(('hours__gt', 0), ('hours__lte', 5000)), name='staffing_supervision_plan_hours'), models.CheckConstraint(condition=models.Q(('withdrawn', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='staffing_supervision_plan_says_why'), models.CheckConstraint(condition=models.Q(('superseded_at', None), ('superseded_at__gte', models.F('recorded_at')), _connector='OR'), name='staffing_supervision_plan_times')],
                },
            ),
        ]),
        migrations.AddIndex(
            model_name='supervisionsession',
            index=models.Index(condition=models.Q(('superseded_at', None)), fields=['zone', 'day'], name='staffing_superv_zone'),
        ),
        migrations.AddConstraint(
            model_name='supervisionsession',
            constraint=models.UniqueConstraint(fields=('id', 'zone'), name='staffing_supervision_session_of_its_zone'),
        ),
        migrations.AddConstraint(
            model_name='supervisionsession',
            constraint=models.CheckConstraint(condition=models.Q(('hours__gt', 0), ('hours__lte', 24)), name='staffing_supervision_session_hours'),
        ),
        migrations.AddConstraint(
            model_name='supervisionsession',
            constraint=models.CheckConstraint(condition=models.Q(('supervisor', ''), _negated=True), name='staffing_supervision_session_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='supervisionsession',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrects', None), ('reason', ''), ('withdrawn', False)), models.Q(('corrects__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='staffing_supervision_session_says_why'),
        ),
        migrations.AddConstraint(
            model_name='supervisionsession',
            constraint=models.CheckConstraint(condition=models.Q(('superseded_at', None), ('superseded_at__gte', models.F('recorded_at')), _connector='OR'), name='staffing_supervision_session_times'),
        ),
        migrations.AddIndex(
            model_name='supervisionattendance',
            index=models.Index(condition=models.Q(('superseded_at', None)), fields=['zone', 'worker'], name='staffing_superv_worker'),
        ),
        migrations.AddConstraint(
            model_name='supervisionattendance',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('session', 'worker'), name='staffing_supervision_once_each'),
        ),
        migrations.AddConstraint(
            model_name='supervisionattendance',
            constraint=models.CheckConstraint(condition=models.Q(('superseded_at', None), ('superseded_at__gte', models.F('recorded_at')), _connector='OR'), name='staffing_supervision_attendance_times'),
        ),
        # the plan names nobody: the Region reads it. Sessions and who was there are of people at work.
        of_zone("staffing_supervisionplan", "staffing", update=["superseded_at"]),
        of_zone("staffing_supervisionsession", "workforce", update=["superseded_at"]),
        of_zone("staffing_supervisionattendance", "workforce", update=["superseded_at"]),
        narrowed("staffing_supervisionplan", "true", write=OF_THE_ZONE),
        tied("staffing_supervisionattendance", "session_id", "staffing_supervisionsession"),
        tied("staffing_supervisionattendance", "worker_id", "staffing_worker"),
        tied("staffing_supervisionsession", "corrects_id", "staffing_supervisionsession"),
        function("app_supervision_counts(of_year int)", COUNTS_ARE, COUNTS, reads=READS),
        function("app_supervision_coverage(of_year int)", COVERAGE_IS, COVERAGE),
    ]
