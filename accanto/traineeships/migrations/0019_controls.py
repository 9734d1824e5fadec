import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accanto.access.tables import CreateTables


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0004_inspectors'),
        ('territory', '0001_initial'),
        ('traineeships', '0018_ending_protection'),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Anomaly',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                        ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                        ('traineeship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='anomalies', to='traineeships.traineeship')),
                        ('host', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='anomalies', to='traineeships.host')),
                        ('what', models.CharField(choices=[('same_times', 'mese uguale al minuto'), ('long_day', 'giornate lunghe'), ('night', 'ore di notte'), ('no_pause', 'ore senza pausa'), ('long_week', 'settimana oltre il progetto'), ('unplanned', 'giorni festivi o liberi'), ('host_closed', 'ore a ospitante chiuso'), ('two_places', 'due registri alla stessa ora'), ('together', 'firme quasi insieme'), ('at_once', 'mese firmato tutto insieme'), ('written_late', 'giornate scritte tardi'), ('no_notice', 'comunicazione che manca'), ('notice_late', 'comunicazione in ritardo'), ('category', 'categoria della comunicazione'), ('no_insurance', 'copertura INAIL'), ('no_liability', 'polizza di responsabilità civile'), ('before_training', 'ore prima della formazione sulla sicurezza'), ('outside_agreement', 'ore fuori dalla convenzione'), ('paid_without_hours', 'pagato senza ore'), ('unpaid', 'ore non pagate'), ('reported', 'segnalazione di qualcuno')], max_length=20, verbose_name='che cosa')),
                        ('code', models.CharField(max_length=20, verbose_name='regola')),
                        ('finding', models.JSONField(verbose_name='rilievo')),
                        ('evidence', models.JSONField(default=dict, verbose_name='fatti')),
                        ('first', models.DateField(verbose_name='dal')),
                        ('last', models.DateField(verbose_name='al')),
                        ('days', models.PositiveSmallIntegerField(verbose_name='giornate')),
                        ('fingerprint', models.CharField(max_length=64, verbose_name='impronta dei fatti')),
                        ('words', models.TextField(blank=True, verbose_name='parole di chi segnala')),
                        ('raised_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('found_at', models.DateTimeField(verbose_name='trovata il')),
                        ('state', models.CharField(choices=[('open', 'da verificare'), ('explained', 'spiegata'), ('confirmed', 'confermata'), ('closed', 'chiusa')], default='open', max_length=10, verbose_name='stato')),
                        ('state_at', models.DateTimeField(verbose_name='in questo stato dal')),
                    ],
                    options={
                        'verbose_name': 'anomalia',
                        'verbose_name_plural': 'anomalie',
                        'ordering': ['-last', '-id'],
                        'indexes': [models.Index(fields=['zone', 'state', '-last', '-id'], name='traineeships_anomaly_of_zone'), models.Index(fields=['zone', 'host', 'state'], name='traineeships_anomaly_of_host')],
                        'constraints': [models.UniqueConstraint(fields=('traineeship', 'what', 'fingerprint'), name='traineeships_anomaly_once'), models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='traineeships_anomaly_dates'), models.CheckConstraint(condition=models.Q(models.Q(('raised_by__isnull', False), ('what', 'reported'), models.Q(('words', ''), _negated=True)), models.Q(models.Q(('what', 'reported'), _negated=True), ('raised_by', None), ('words', '')), _connector='OR'), name='traineeships_anomaly_raised_in_words')],
                    },
                ),
                migrations.CreateModel(
                    name='AnomalyStep',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                        ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                        ('anomaly', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='traineeships.anomaly')),
                        ('traineeship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='traineeships.traineeship')),
                        ('before', models.CharField(choices=[('open', 'da verificare'), ('explained', 'spiegata'), ('confirmed', 'confermata'), ('closed', 'chiusa')], max_length=10, verbose_name='da')),
                        ('after', models.CharField(choices=[('open', 'da verificare'), ('explained', 'spiegata'), ('confirmed', 'confermata'), ('closed', 'chiusa')], max_length=10, verbose_name='a')),
                        ('words', models.TextField(verbose_name='perché')),
                        ('recorded_at', models.DateTimeField(verbose_name='scritto il')),
                        ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': "passo di un'anomalia",
                        'verbose_name_plural': "passi di un'anomalia",
                        'ordering': ['recorded_at', 'id'],
                        'indexes': [models.Index(fields=['zone', 'anomaly'], name='traineeships_step_of_zone')],
                    },
                ),
                migrations.CreateModel(
                    name='HostInspection',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                        ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='traineeships.host')),
                        ('inspector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ispettore')),
                        ('reason', models.CharField(choices=[('sample', 'a campione, dal programma dei controlli'), ('anomalies', 'per le anomalie trovate'), ('report', 'per una segnalazione'), ('follow_up', 'per verificare ciò che si era chiesto'), ('other', 'altro motivo')], max_length=20, verbose_name='motivo')),
                        ('words', models.CharField(blank=True, max_length=300, verbose_name='nota')),
                        ('act', models.CharField(blank=True, max_length=120, verbose_name='atto o protocollo')),
                        ('announced', models.BooleanField(default=False, verbose_name="annunciata all'ospitante")),
                        ('starts', models.DateField(verbose_name='dal')),
                        ('ends', models.DateField(verbose_name='al')),
                        ('opened_at', models.DateTimeField(verbose_name='aperta il')),
                        ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('begun_at', models.DateTimeField(blank=True, null=True, verbose_name='cominciata il')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='finita prima, il')),
                        ('visited_on', models.DateField(blank=True, null=True, verbose_name='giorno della visita')),
                        ('received_by', models.CharField(blank=True, max_length=120, verbose_name='ricevuti da')),
                        ('found', models.TextField(blank=True, verbose_name='che cosa si è trovato')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='verbale chiuso il')),
                    ],
                    options={
                        'verbose_name': 'ispezione',
                        'verbose_name_plural': 'ispezioni',
                        'ordering': ['-starts', '-id'],
                        'indexes': [models.Index(fields=['zone', '-starts', '-id'], name='traineeships_inspection_zone'), models.Index(fields=['inspector', '-starts', '-id'], name='traineeships_inspection_mine')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends__gte', models.F('starts'))), name='traineeships_inspection_dates'), models.CheckConstraint(condition=models.Q(('closed_at', None), models.Q(('visited_on__isnull', False), models.Q(('found', ''), _negated=True)), _connector='OR'), name='traineeships_inspection_closed_with_a_report')],
                    },
                ),
                migrations.CreateModel(
                    name='InspectionCheck',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                        ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                        ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='traineeships.hostinspection')),
                        ('traineeship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='traineeships.traineeship')),
                        ('relation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.relation')),
                        ('presence', models.CharField(blank=True, choices=[('present', 'presente'), ('absent_written', 'assente, e il registro lo dice'), ('absent', 'assente, e il registro non lo dice'), ('not_due', 'non doveva esserci')], max_length=20, verbose_name='presenza')),
                        ('does_what_planned', models.CharField(blank=True, choices=[('yes', 'sì'), ('partly', 'in parte'), ('no', 'no')], max_length=10, verbose_name='fa ciò che dice il progetto')),
                        ('tutor_there', models.CharField(blank=True, choices=[('yes', 'sì'), ('partly', 'in parte'), ('no', 'no')], max_length=10, verbose_name='il tutor aziendale c’è')),
                        ('words', models.TextField(blank=True, verbose_name='che cosa si è visto')),
                        ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='verificato il')),
                    ],
                    options={
                        'verbose_name': 'verifica su un tirocinante',
                        'verbose_name_plural': 'verifiche sui tirocinanti',
                        'ordering': ['id'],
                        'indexes': [models.Index(fields=['zone', 'inspection'], name='traineeships_check_of_zone')],
                        'constraints': [models.UniqueConstraint(fields=('inspection', 'traineeship'), name='traineeships_check_once')],
                    },
                ),
            ],
        ),
    ]
