import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models
from django.db.migrations import RunSQL

from accanto.access.permissions import narrowed, of_zone
from accanto.access.tables import CreateTables

# who plans the zone supposes; the Region reads and sums
OF_THE_ZONE = "(select s.kind from app_session() s) = 'zone_planner'"


class Migration(migrations.Migration):

    dependencies = [
        ('staffing', '0004_contracts_protection'),
        ('territory', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Scenario',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80, verbose_name='nome')),
                    ('version', models.PositiveSmallIntegerField(default=1, verbose_name='versione')),
                    ('basis', models.CharField(choices=[('contracts', 'dai contratti'), ('return', 'dall’ultimo consuntivo')], max_length=10, verbose_name='da dove parte')),
                    ('counted_on', models.DateField(verbose_name='contato il')),
                    ('assumptions', models.JSONField(verbose_name='ipotesi')),
                    ('synthetic', models.BooleanField(default=False, verbose_name='dato sintetico')),
                    ('recorded_at', models.DateTimeField(verbose_name='salvato il')),
                    ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='sostituito il')),
                    ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scenarios', to='territory.zone', verbose_name='zona')),
                ],
                options={
                    'verbose_name': 'scenario del personale',
                    'verbose_name_plural': 'scenari del personale',
                    'ordering': ['zone', 'name', '-version'],
                    'constraints': [models.UniqueConstraint(models.F('zone'), django.db.models.functions.text.Lower('name'), condition=models.Q(('superseded_at', None)), name='staffing_scenario_once'), models.UniqueConstraint(fields=('id', 'zone'), name='staffing_scenario_of_its_zone'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), ('version__gt', 0)), name='staffing_scenario_named'), models.CheckConstraint(condition=models.Q(('superseded_at', None), ('superseded_at__gte', models.F('recorded_at')), _connector='OR'), name='staffing_scenario_times')],
                },
            ),
            migrations.CreateModel(
                name='ScenarioChoice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('recorded_at', models.DateTimeField()),
                    ('superseded_at', models.DateTimeField(blank=True, null=True)),
                    ('scenario', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='staffing.scenario', verbose_name='scenario')),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone', verbose_name='zona')),
                ],
                options={
                    'verbose_name': 'scelta di uno scenario',
                    'verbose_name_plural': 'scelte di scenari',
                    'ordering': ['zone', '-id'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('zone',), name='staffing_scenario_choice_once'), models.CheckConstraint(condition=models.Q(('superseded_at', None), ('superseded_at__gte', models.F('recorded_at')), _connector='OR'), name='staffing_scenario_choice_times')],
                },
            ),
        ]),
        of_zone("staffing_scenario", "staffing", update=["superseded_at"]),
        of_zone("staffing_scenariochoice", "staffing", update=["superseded_at"]),
        RunSQL(
            [
                "alter table staffing_scenariochoice add constraint staffing_scenariochoice_of_its_zone "
                "foreign key (scenario_id, zone_id) references staffing_scenario (id, zone_id) "
                "deferrable initially deferred"
            ],
            RunSQL.noop,
        ),
        *(narrowed(table, "true", write=OF_THE_ZONE) for table in ("staffing_scenario", "staffing_scenariochoice")),
    ]
