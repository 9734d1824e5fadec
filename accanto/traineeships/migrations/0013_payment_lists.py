import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from accanto.access.tables import CreateTables


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0003_reminders'),
        ('people', '0003_two_files'),
        ('plan', '0002_protection'),
        ('territory', '0001_initial'),
        ('traineeships', '0012_signing_protection'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='monthallowance',
            name='close',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='allowances', to='traineeships.monthlyclose'),
        ),
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Payee',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('means', models.CharField(choices=[('iban', 'bonifico sul conto (IBAN)'), ('card', 'carta prepagata senza IBAN'), ('cash_desk', 'contanti allo sportello del tesoriere')], default='iban', max_length=10, verbose_name='come si paga')),
                        ('iban', models.CharField(blank=True, max_length=34, verbose_name='IBAN')),
                        ('reference', models.CharField(blank=True, max_length=80, verbose_name='carta o sportello')),
                        ('holder', models.CharField(choices=[('person', 'la persona stessa'), ('representative', 'chi la rappresenta')], default='person', max_length=20, verbose_name='a chi è intestato')),
                        ('holder_name', models.CharField(max_length=160, verbose_name='intestatario')),
                        ('recorded_at', models.DateTimeField(verbose_name='scritto il')),
                        ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='sostituito il')),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('representation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.representation', verbose_name='in che veste')),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                        ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                    ],
                    options={
                        'verbose_name': 'coordinate di pagamento',
                        'verbose_name_plural': 'coordinate di pagamento',
                        'ordering': ['-recorded_at', '-id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('subject',), name='traineeships_payee_one_a_person'), models.CheckConstraint(condition=models.Q(models.Q(('means', 'iban'), models.Q(('iban', ''), _negated=True)), models.Q(('iban', ''), ('means', 'cash_desk')), models.Q(('iban', ''), ('means', 'card'), models.Q(('reference', ''), _negated=True)), _connector='OR'), name='traineeships_payee_complete'), models.CheckConstraint(condition=models.Q(models.Q(('holder', 'person'), ('representation', None)), models.Q(('holder', 'representative'), ('representation__isnull', False)), _connector='OR'), name='traineeships_payee_holder')],
                    },
                ),
                migrations.CreateModel(
                    name='PaymentList',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('month', models.DateField(verbose_name='mese')),
                        ('payer', models.CharField(choices=[('body_in_charge', 'ente che ha in carico la persona'), ('promoter', 'soggetto promotore'), ('operation', 'operazione finanziata'), ('host', 'soggetto ospitante')], max_length=20, verbose_name='chi paga')),
                        ('state', models.CharField(choices=[('draft', 'bozza'), ('approved', 'approvata'), ('sent', 'inviata al tesoriere'), ('settled', 'con tutti gli esiti'), ('discarded', 'scartata')], default='draft', max_length=10, verbose_name='stato')),
                        ('people', models.PositiveIntegerField(verbose_name='persone')),
                        ('total', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='totale')),
                        ('drawn_at', models.DateTimeField(verbose_name='preparata il')),
                        ('act', models.CharField(blank=True, max_length=120, verbose_name='atto di liquidazione')),
                        ('act_on', models.DateField(blank=True, null=True, verbose_name='atto del')),
                        ('debtor_name', models.CharField(blank=True, max_length=70, verbose_name='chi ordina il pagamento')),
                        ('debtor_iban', models.CharField(blank=True, max_length=34, verbose_name='conto di chi paga')),
                        ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approvata il')),
                        ('execution_on', models.DateField(blank=True, null=True, verbose_name='da eseguire il')),
                        ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='inviata il')),
                        ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('drawn_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation', verbose_name='ente')),
                        ('sent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone', verbose_name='zona')),
                    ],
                    options={
                        'verbose_name': 'lista di pagamento',
                        'verbose_name_plural': 'liste di pagamento',
                        'ordering': ['-month', '-id'],
                        'indexes': [models.Index(fields=['zone', '-month', '-id'], name='traineeships_lists_of_zone')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('zone', 'month', 'payer', 'organisation'), name='traineeships_list_one_draft', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='traineeships_list_first_of_month'), models.CheckConstraint(condition=models.Q(('people__gt', 0), ('total__gt', 0)), name='traineeships_list_pays'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None), ('state__in', ['draft', 'discarded'])), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('state__in', ['approved', 'sent', 'settled']), models.Q(('act', ''), _negated=True), ('act_on__isnull', False)), _connector='OR'), name='traineeships_list_approved_by_an_act'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at', None), ('sent_by', None), ('state__in', ['draft', 'discarded', 'approved'])), models.Q(('sent_at__isnull', False), ('sent_by__isnull', False), ('state__in', ['sent', 'settled'])), _connector='OR'), name='traineeships_list_sent_by_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='ExpenditureStatement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reference', models.CharField(max_length=120, verbose_name='rendiconto')),
                        ('presented_on', models.DateField(verbose_name='presentato il')),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='importo')),
                        ('recorded_at', models.DateTimeField(verbose_name='scritto il')),
                        ('operation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='plan.operation')),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone', verbose_name='zona')),
                    ],
                    options={
                        'verbose_name': 'spesa rendicontata',
                        'verbose_name_plural': 'spese rendicontate',
                        'ordering': ['-presented_on', '-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0), models.Q(('reference', ''), _negated=True)), name='traineeships_statement_of_something')],
                    },
                ),
                migrations.CreateModel(
                    name='PaymentLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('month', models.DateField(verbose_name='mese')),
                        ('determined', models.DecimalField(decimal_places=2, max_digits=8, verbose_name='determinato')),
                        ('before', models.DecimalField(decimal_places=2, max_digits=8, verbose_name='già in pagamento')),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=8, verbose_name='importo')),
                        ('code', models.CharField(max_length=16, verbose_name='codice')),
                        ('is_live', models.BooleanField(default=True)),
                        ('outcome', models.CharField(choices=[('waiting', 'in attesa'), ('paid', 'pagato'), ('returned', 'tornato indietro'), ('discarded', 'scartato con la bozza')], default='waiting', max_length=10, verbose_name='esito')),
                        ('outcome_on', models.DateField(blank=True, null=True, verbose_name='esito del')),
                        ('return_reason', models.CharField(blank=True, max_length=200, verbose_name='perché è tornato')),
                        ('outcome_at', models.DateTimeField(blank=True, null=True, verbose_name='esito scritto il')),
                        ('allowance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='traineeships.monthallowance')),
                        ('operation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='plan.operation')),
                        ('outcome_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('payee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='traineeships.payee')),
                        ('statement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='traineeships.expenditurestatement', verbose_name='rendiconto')),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                        ('traineeship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='traineeships.traineeship')),
                        ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                        ('list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='traineeships.paymentlist')),
                    ],
                    options={
                        'verbose_name': 'riga di pagamento',
                        'verbose_name_plural': 'righe di pagamento',
                        'ordering': ['list', 'id'],
                        'indexes': [models.Index(fields=['operation', 'month'], name='traineeships_line_operation'), models.Index(fields=['zone', 'month'], name='traineeships_line_of_zone'), models.Index(fields=['traineeship', 'month'], name='traineeships_line_of_month')],
                        'constraints': [models.UniqueConstraint(fields=('list', 'traineeship', 'month'), name='traineeships_line_once_a_list'), models.CheckConstraint(condition=models.Q(('amount', django.db.models.expressions.CombinedExpression(models.F('determined'), '-', models.F('before'))), models.Q(('amount', 0), _negated=True)), name='traineeships_line_difference'), models.CheckConstraint(condition=models.Q(models.Q(('is_live', True), ('outcome__in', ['waiting', 'paid'])), models.Q(('is_live', False), ('outcome__in', ['returned', 'discarded'])), _connector='OR'), name='traineeships_line_live'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['waiting', 'discarded']), ('outcome_on', None)), models.Q(('outcome', 'paid'), ('outcome_on__isnull', False)), models.Q(('outcome', 'returned'), ('outcome_on__isnull', False), models.Q(('return_reason', ''), _negated=True)), _connector='OR'), name='traineeships_line_outcome_told'), models.CheckConstraint(condition=models.Q(('statement', None), ('outcome', 'paid'), _connector='OR'), name='traineeships_line_reported_when_paid')],
                    },
                ),
            ],
        ),
    ]
