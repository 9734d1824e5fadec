import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accanto.access.tables import CreateTables


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0003_reminders'),
        ('territory', '0001_initial'),
        ('traineeships', '0014_payment_protection'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Visit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField(verbose_name='giorno')),
                        ('begins', models.TimeField(blank=True, null=True, verbose_name='ora')),
                        ('mode', models.CharField(choices=[('at_host', 'nella sede dell’ospitante'), ('office', 'in ufficio'), ('phone', 'al telefono'), ('video', 'in videochiamata')], default='at_host', max_length=10, verbose_name='dove')),
                        ('kind', models.CharField(choices=[('social_worker', 'assistente sociale'), ('case_manager', 'responsabile del caso'), ('employment_operator', "operatore del centro per l'impiego"), ('third_sector_tutor', 'tutor del Terzo settore'), ('host_tutor', 'tutor aziendale'), ('health_worker', 'operatore sanitario'), ('referrer', 'segnalante'), ('advocate', 'persona di fiducia'), ('inspector', 'ispettore'), ('zone_planner', 'programmatore di zona'), ('regional_officer', 'funzionario regionale'), ('data_protection_officer', 'responsabile della protezione dei dati'), ('administrator', 'amministratore'), ('person', 'persona in carico')], max_length=30, verbose_name='in che veste')),
                        ('held_at', models.DateTimeField(blank=True, null=True, verbose_name='fatta, scritta il')),
                        ('recorded_at', models.DateTimeField(verbose_name='scritta il')),
                        ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='sostituita il')),
                        ('withdrawal_reason', models.CharField(blank=True, max_length=200, verbose_name='perché è tolta')),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                        ('traineeship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='traineeships.traineeship')),
                        ('visitor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='chi va')),
                        ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                    ],
                    options={
                        'verbose_name': 'visita di tutoraggio',
                        'verbose_name_plural': 'visite di tutoraggio',
                        'ordering': ['-day', '-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('withdrawal_reason', ''), ('superseded_at__isnull', False), _connector='OR'), name='traineeships_visit_withdrawn')],
                        'indexes': [models.Index(condition=models.Q(('held_at', None), ('superseded_at', None)), fields=['zone', 'day'], name='traineeships_visit_to_make')],
                    },
                ),
                migrations.CreateModel(
                    name='VisitNote',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('social_worker', 'assistente sociale'), ('case_manager', 'responsabile del caso'), ('employment_operator', "operatore del centro per l'impiego"), ('third_sector_tutor', 'tutor del Terzo settore'), ('host_tutor', 'tutor aziendale'), ('health_worker', 'operatore sanitario'), ('referrer', 'segnalante'), ('advocate', 'persona di fiducia'), ('inspector', 'ispettore'), ('zone_planner', 'programmatore di zona'), ('regional_officer', 'funzionario regionale'), ('data_protection_officer', 'responsabile della protezione dei dati'), ('administrator', 'amministratore'), ('person', 'persona in carico')], max_length=30, verbose_name='in che veste')),
                        ('met', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('trainee', 'la persona'), ('host_tutor', 'il tutor aziendale'), ('host_others', 'altri dell’ospitante')], max_length=12), size=None, verbose_name='chi si è incontrato')),
                        ('text', models.TextField(verbose_name='che cosa è emerso')),
                        ('recorded_at', models.DateTimeField(verbose_name='scritta il')),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                        ('visit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='note', to='traineeships.visit')),
                        ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                    ],
                    options={
                        'verbose_name': 'nota di una visita',
                        'verbose_name_plural': 'note delle visite',
                    },
                ),
                migrations.CreateModel(
                    name='VisitTask',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('social_worker', 'assistente sociale'), ('case_manager', 'responsabile del caso'), ('employment_operator', "operatore del centro per l'impiego"), ('third_sector_tutor', 'tutor del Terzo settore'), ('host_tutor', 'tutor aziendale'), ('health_worker', 'operatore sanitario'), ('referrer', 'segnalante'), ('advocate', 'persona di fiducia'), ('inspector', 'ispettore'), ('zone_planner', 'programmatore di zona'), ('regional_officer', 'funzionario regionale'), ('data_protection_officer', 'responsabile della protezione dei dati'), ('administrator', 'amministratore'), ('person', 'persona in carico')], max_length=30, verbose_name='in che veste')),
                        ('text', models.CharField(max_length=300, verbose_name='che cosa si è concordato')),
                        ('party', models.CharField(choices=[('tutor', 'il tutor del promotore'), ('case_manager', 'il responsabile del caso'), ('employment_operator', 'il centro per l’impiego'), ('trainee', 'la persona'), ('host', 'l’ospitante')], max_length=20, verbose_name='chi lo fa')),
                        ('due', models.DateField(blank=True, null=True, verbose_name='entro')),
                        ('done_on', models.DateField(blank=True, null=True, verbose_name='fatto il')),
                        ('recorded_at', models.DateTimeField(verbose_name='scritto il')),
                        ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='tolto il')),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                        ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='traineeships.visit')),
                        ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                    ],
                    options={
                        'verbose_name': 'cosa concordata in una visita',
                        'verbose_name_plural': 'cose concordate nelle visite',
                        'ordering': ['due', 'id'],
                        'indexes': [models.Index(condition=models.Q(('done_on', None), ('superseded_at', None)), fields=['zone', 'subject'], name='traineeships_visittask_to_do')],
                    },
                ),
                migrations.CreateModel(
                    name='EvaluationAnswer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('moment', models.CharField(choices=[('mid', 'intermedia'), ('final', 'finale')], max_length=5, verbose_name='quale valutazione')),
                        ('party', models.CharField(choices=[('trainee', 'la persona'), ('tutor', 'tutor del promotore'), ('host_tutor', 'tutor aziendale'), ('case_manager', 'servizi')], max_length=12, verbose_name='chi risponde')),
                        ('helped', models.BooleanField(default=False, verbose_name='detta a voce, scritta da altri')),
                        ('presence', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'non ancora'), (2, 'un po’'), (3, 'abbastanza'), (4, 'molto')], null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)], verbose_name='esserci e arrivare in orario')),
                        ('tasks', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'non ancora'), (2, 'un po’'), (3, 'abbastanza'), (4, 'molto')], null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)], verbose_name='fare i compiti affidati')),
                        ('people', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'non ancora'), (2, 'un po’'), (3, 'abbastanza'), (4, 'molto')], null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)], verbose_name='stare con gli altri')),
                        ('autonomy', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'non ancora'), (2, 'un po’'), (3, 'abbastanza'), (4, 'molto')], null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)], verbose_name='fare da sé')),
                        ('support', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'non ancora'), (2, 'un po’'), (3, 'abbastanza'), (4, 'molto')], null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)], verbose_name='avere l’aiuto che serve')),
                        ('went_well', models.TextField(blank=True, verbose_name='che cosa va bene')),
                        ('to_change', models.TextField(blank=True, verbose_name='che cosa cambiare')),
                        ('recorded_at', models.DateTimeField(verbose_name='scritta il')),
                        ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='sostituita il')),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                        ('traineeship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluation_answers', to='traineeships.traineeship')),
                        ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                    ],
                    options={
                        'verbose_name': 'risposta a una valutazione del tirocinio',
                        'verbose_name_plural': 'risposte alle valutazioni del tirocinio',
                        'ordering': ['recorded_at', 'id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('traineeship', 'moment', 'party'), name='traineeships_evaluationanswer_one'), models.CheckConstraint(condition=models.Q(('presence', None), models.Q(('presence__gte', 1), ('presence__lte', 4)), _connector='OR'), name='traineeships_evaluationanswer_presence'), models.CheckConstraint(condition=models.Q(('tasks', None), models.Q(('tasks__gte', 1), ('tasks__lte', 4)), _connector='OR'), name='traineeships_evaluationanswer_tasks'), models.CheckConstraint(condition=models.Q(('people', None), models.Q(('people__gte', 1), ('people__lte', 4)), _connector='OR'), name='traineeships_evaluationanswer_people'), models.CheckConstraint(condition=models.Q(('autonomy', None), models.Q(('autonomy__gte', 1), ('autonomy__lte', 4)), _connector='OR'), name='traineeships_evaluationanswer_autonomy'), models.CheckConstraint(condition=models.Q(('support', None), models.Q(('support__gte', 1), ('support__lte', 4)), _connector='OR'), name='traineeships_evaluationanswer_support')],
                    },
                ),
                migrations.CreateModel(
                    name='Evaluation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('moment', models.CharField(choices=[('mid', 'intermedia'), ('final', 'finale')], max_length=5, verbose_name='quale valutazione')),
                        ('closed_on', models.DateField(verbose_name='chiusa il')),
                        ('summary', models.TextField(blank=True, verbose_name='in sintesi')),
                        ('recorded_at', models.DateTimeField(verbose_name='scritta il')),
                        ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='riaperta il')),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                        ('traineeship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='traineeships.traineeship')),
                        ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                    ],
                    options={
                        'verbose_name': 'valutazione del tirocinio',
                        'verbose_name_plural': 'valutazioni del tirocinio',
                        'ordering': ['closed_on', 'id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('traineeship', 'moment'), name='traineeships_evaluation_closed_once')],
                    },
                ),
                migrations.CreateModel(
                    name='GoalJudgement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('moment', models.CharField(choices=[('mid', 'intermedia'), ('final', 'finale')], max_length=5, verbose_name='quale valutazione')),
                        ('kind', models.CharField(choices=[('inclusion', 'inclusione'), ('autonomy', 'autonomia'), ('training', 'formazione')], max_length=10, verbose_name='tipo di obiettivo')),
                        ('goal', models.TextField(verbose_name='obiettivo')),
                        ('outcome', models.CharField(choices=[('reached', 'raggiunto'), ('partly', 'in parte'), ('not_reached', 'non raggiunto')], max_length=12, verbose_name='esito')),
                        ('words', models.CharField(blank=True, max_length=300, verbose_name='in parole')),
                        ('recorded_at', models.DateTimeField(verbose_name='scritto il')),
                        ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='sostituito il')),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                        ('traineeship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goal_judgements', to='traineeships.traineeship')),
                        ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                    ],
                    options={
                        'verbose_name': 'giudizio su un obiettivo',
                        'verbose_name_plural': 'giudizi sugli obiettivi',
                        'ordering': ['kind', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='Skill',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('title', models.CharField(max_length=200, verbose_name='che cosa sa fare')),
                        ('vocabulary', models.CharField(choices=[('own', 'parole nostre'), ('esco', 'ESCO'), ('atlante', 'Atlante del lavoro')], default='own', max_length=10, verbose_name='vocabolario')),
                        ('code', models.CharField(blank=True, max_length=120, verbose_name='codice')),
                        ('level', models.CharField(choices=[('alone', 'da sé'), ('with_help', 'con aiuto'), ('begun', 'ha cominciato')], max_length=10, verbose_name='come lo fa')),
                        ('evidence', models.TextField(verbose_name='che cosa ha fatto')),
                        ('seen_where', models.CharField(blank=True, max_length=120, verbose_name='dove')),
                        ('seen_on', models.DateField(verbose_name='visto il')),
                        ('seen_by', models.CharField(max_length=160, verbose_name='visto da')),
                        ('seen_in', models.CharField(blank=True, choices=[('mid', 'intermedia'), ('final', 'finale')], max_length=5, verbose_name='nella valutazione')),
                        ('recorded_at', models.DateTimeField(verbose_name='scritta il')),
                        ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='sostituita il')),
                        ('withdrawal_reason', models.CharField(blank=True, max_length=200, verbose_name='perché è tolta')),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                        ('traineeship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='skills', to='traineeships.traineeship')),
                        ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                    ],
                    options={
                        'verbose_name': 'competenza',
                        'verbose_name_plural': 'competenze',
                        'ordering': ['seen_on', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('evidence', ''), _negated=True), models.Q(('seen_by', ''), _negated=True)), name='traineeships_skill_with_evidence'), models.CheckConstraint(condition=models.Q(models.Q(('code', ''), ('vocabulary', 'own')), models.Q(models.Q(('vocabulary', 'own'), _negated=True), models.Q(('code', ''), _negated=True)), _connector='OR'), name='traineeships_skill_code_of_a_vocabulary'), models.CheckConstraint(condition=models.Q(('withdrawal_reason', ''), ('superseded_at__isnull', False), _connector='OR'), name='traineeships_skill_withdrawn')],
                    },
                ),
            ],
        ),
    ]
