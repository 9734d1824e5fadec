import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accanto.access.tables import CreateTables


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0003_reminders'),
        ('territory', '0001_initial'),
        ('traineeships', '0016_course_protection'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Attestation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='anno')),
                        ('number', models.PositiveIntegerField(verbose_name='numero')),
                        ('wording', models.CharField(choices=[('neutral', 'neutra: non dice che tipo di tirocinio era'), ('full', 'per esteso: dice che era un tirocinio di inclusione sociale')], default='neutral', max_length=10, verbose_name='come è scritta')),
                        ('activities', models.TextField(blank=True, verbose_name='attività svolte')),
                        ('hours', models.DecimalField(decimal_places=2, max_digits=7, verbose_name='ore svolte')),
                        ('skills', models.PositiveSmallIntegerField(default=0, verbose_name='competenze')),
                        ('sha256', models.CharField(max_length=64, verbose_name='impronta')),
                        ('reason', models.CharField(blank=True, max_length=300, verbose_name='perché è rifatta')),
                        ('issued_at', models.DateTimeField(verbose_name='emessa il')),
                        ('handed_on', models.DateField(blank=True, null=True, verbose_name='consegnata il')),
                        ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='sostituita il')),
                        ('withdrawal_reason', models.CharField(blank=True, max_length=300, verbose_name='perché è ritirata')),
                        ('instead_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='traineeships.attestation', verbose_name='sostituisce')),
                        ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                        ('traineeship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attestations', to='traineeships.traineeship')),
                        ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                    ],
                    options={
                        'verbose_name': 'attestazione finale',
                        'verbose_name_plural': 'attestazioni finali',
                        'ordering': ['-issued_at', '-id'],
                        'indexes': [models.Index(fields=['zone', 'subject'], name='traineeships_attestation_of')],
                        'constraints': [models.UniqueConstraint(fields=('zone', 'year', 'number'), name='traineeships_attestation_number'), models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('traineeship',), name='traineeships_attestation_one'), models.CheckConstraint(condition=models.Q(('instead_of', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='traineeships_attestation_again_for_a_reason'), models.CheckConstraint(condition=models.Q(('withdrawal_reason', ''), ('superseded_at__isnull', False), _connector='OR'), name='traineeships_attestation_withdrawn')],
                    },
                ),
                migrations.CreateModel(
                    name='AttestationPaper',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('part', models.CharField(choices=[('document', 'attestazione'), ('signed', 'copia firmata')], max_length=10, verbose_name='parte')),
                        ('media_type', models.CharField(choices=[('application/pdf', 'PDF'), ('image/jpeg', 'immagine JPEG'), ('image/png', 'immagine PNG')], max_length=20, verbose_name='tipo di file')),
                        ('sha256', models.CharField(max_length=64, verbose_name='impronta')),
                        ('data', models.BinaryField(verbose_name='byte')),
                        ('attestation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='traineeships.attestation')),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                        ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                    ],
                    options={
                        'verbose_name': 'carta dell’attestazione',
                        'verbose_name_plural': 'carte delle attestazioni',
                        'ordering': ['id'],
                        'indexes': [models.Index(fields=['zone', 'subject'], name='traineeships_attpaper_of')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('part', 'document')), fields=('attestation',), name='traineeships_attpaper_one_document'), models.UniqueConstraint(fields=('attestation', 'part', 'sha256'), name='traineeships_attpaper_once')],
                    },
                ),
                migrations.CreateModel(
                    name='TraineeshipOutcome',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('moment', models.CharField(choices=[('exit', 'alla fine'), ('six_months', 'dopo sei mesi')], max_length=12, verbose_name='quando')),
                        ('status', models.CharField(choices=[('job', 'lavora alle dipendenze di qualcuno'), ('self_employed', 'lavora in proprio'), ('training', 'studia o segue un corso'), ('traineeship', 'fa un altro tirocinio'), ('searching', 'cerca lavoro'), ('inactive', 'non lavora e non cerca'), ('health', 'si è fermata per la salute'), ('would_not_say', 'preferisce non rispondere'), ('not_reached', 'non è stata raggiunta')], max_length=15, verbose_name='che cosa fa')),
                        ('contract', models.CharField(blank=True, choices=[('permanent', 'a tempo indeterminato'), ('fixed_term', 'a tempo determinato'), ('apprenticeship', 'apprendistato'), ('agency', 'in somministrazione, tramite un’agenzia'), ('on_call', 'a chiamata o occasionale'), ('domestic', 'lavoro domestico'), ('other', 'un altro contratto, o non si sa')], max_length=15, verbose_name='con quale contratto')),
                        ('weekly_hours', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name='ore la settimana')),
                        ('with_host', models.BooleanField(default=False, verbose_name='dall’ospitante del tirocinio')),
                        ('qualification', models.BooleanField(default=False, verbose_name='ha ottenuto una qualifica')),
                        ('improved', models.BooleanField(default=False, verbose_name='lavorava già e ora sta meglio sul lavoro')),
                        ('source', models.CharField(choices=[('phone', 'detto al telefono'), ('in_person', 'detto di persona'), ('own_page', 'scritto dalla persona nella sua pagina'), ('notices', 'estratto delle comunicazioni obbligatorie'), ('employment_centre', 'centro per l’impiego'), ('case', 'esito a sei mesi della presa in carico'), ('other', 'un’altra fonte')], max_length=20, verbose_name='da dove si sa')),
                        ('known_on', models.DateField(verbose_name='saputo il')),
                        ('recorded_at', models.DateTimeField(verbose_name='registrato il')),
                        ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='sostituito il')),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                        ('traineeship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='traineeships.traineeship')),
                        ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                    ],
                    options={
                        'verbose_name': 'esito del tirocinio',
                        'verbose_name_plural': 'esiti dei tirocini',
                        'ordering': ['-recorded_at', '-id'],
                        'indexes': [models.Index(fields=['zone', 'subject'], name='traineeships_outcome_of')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('traineeship', 'moment'), name='traineeships_outcome_one_standing'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'job'), models.Q(('contract', ''), _negated=True)), models.Q(models.Q(('status', 'job'), _negated=True), ('contract', ''), ('with_host', False)), _connector='OR'), name='traineeships_outcome_contract_of_a_job'), models.CheckConstraint(condition=models.Q(('weekly_hours', None), models.Q(('status__in', ['job', 'self_employed']), ('weekly_hours__gt', 0)), _connector='OR'), name='traineeships_outcome_hours_of_work')],
                    },
                ),
            ],
        ),
    ]
