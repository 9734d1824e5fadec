import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models
from django.db.migrations import RunSQL

from accanto.access.permissions import of_zone

# A declaration is of the zone of its operation, and follows it where that is corrected.
TIED = (
    "alter table plan_esfdeclaration add constraint plan_esfdeclaration_of_its_zone foreign key (operation_id, zone_id) "
    "references plan_operation (id, zone_id) on update cascade deferrable initially deferred"
)
# What was entered before an operation said its objective is what the code of its call's activity says.
FROM_THE_CALL = """
update plan_operation o set activity = c.activity,
  specific_objective = case when split_part(c.activity, '.', 2) in ('h', 'k') then split_part(c.activity, '.', 2) else '' end
from plan_call c where c.code = o.call_code and o.activity = ''
"""

class Migration(migrations.Migration):

    dependencies = [
        ('plan', '0005_money_chain'),
        ('territory', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EsfDeclaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('EECO12', 'persone con disabilità'), ('EECO13', 'cittadini di Paesi terzi'), ('EECO14', 'persone di origine straniera'), ('EECO15', 'minoranze, comprese le comunità marginalizzate'), ('EECO16', 'persone senza dimora o in esclusione abitativa'), ('EECO17', 'persone di zone rurali'), ('EECO18', 'amministrazioni e servizi pubblici sostenuti'), ('EECO19', 'micro, piccole e medie imprese sostenute')], max_length=6, verbose_name='indicatore')),
                ('women', models.PositiveIntegerField(blank=True, null=True, verbose_name='donne')),
                ('men', models.PositiveIntegerField(blank=True, null=True, verbose_name='uomini')),
                ('value', models.PositiveIntegerField(verbose_name='in tutto')),
                ('day', models.DateField(verbose_name='al giorno')),
                ('how', models.CharField(max_length=300, verbose_name='come si sa')),
                ('recorded_at', models.DateTimeField(verbose_name='scritto il')),
                ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='sostituito il')),
            ],
            options={
                'verbose_name': 'valore dichiarato per il FSE+',
                'verbose_name_plural': 'valori dichiarati per il FSE+',
                'ordering': ['operation', 'code', '-day', '-id'],
            },
        ),
        migrations.AddField(
            model_name='operation',
            name='activity',
            field=models.CharField(blank=True, max_length=20, verbose_name='attività'),
        ),
        migrations.AddField(
            model_name='operation',
            name='declared_trait',
            field=models.CharField(blank=True, choices=[('unemployed', 'essere disoccupato e iscritto come tale'), ('inactive', 'essere inattivo'), ('disability', 'avere una disabilità certificata'), ('third_country', 'avere la cittadinanza di un Paese terzo'), ('minority', 'essere di una minoranza'), ('homeless', 'essere senza dimora o in esclusione abitativa')], max_length=20, verbose_name='requisito per entrare'),
        ),
        migrations.AddField(
            model_name='operation',
            name='specific_objective',
            field=models.CharField(blank=True, choices=[('h', 'h: inclusione attiva e lavoro per chi è svantaggiato'), ('k', 'k: accesso a servizi di qualità')], max_length=1, verbose_name='obiettivo specifico'),
        ),
        migrations.AddConstraint(
            model_name='operation',
            constraint=models.UniqueConstraint(fields=('id', 'zone'), name='plan_operation_of_its_zone'),
        ),
        migrations.AddField(
            model_name='esfdeclaration',
            name='operation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='esf_declarations', to='plan.operation'),
        ),
        migrations.AddField(
            model_name='esfdeclaration',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='scritto da'),
        ),
        migrations.AddField(
            model_name='esfdeclaration',
            name='zone',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone', verbose_name='zona'),
        ),
        migrations.AddConstraint(
            model_name='esfdeclaration',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('operation', 'code', 'day'), name='plan_esf_declaration_once'),
        ),
        migrations.AddConstraint(
            model_name='esfdeclaration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('code__in', ('EECO18', 'EECO19')), ('men', None), ('women', None)), models.Q(('code__in', ('EECO12', 'EECO13', 'EECO14', 'EECO15', 'EECO16', 'EECO17')), ('men__isnull', False), ('value', django.db.models.expressions.CombinedExpression(models.F('women'), '+', models.F('men'))), ('women__isnull', False)), _connector='OR'), name='plan_esf_declaration_adds_up'),
        ),
        of_zone("plan_esfdeclaration", "programme", update=["superseded_at"]),
        RunSQL([TIED, FROM_THE_CALL], RunSQL.noop),
    ]
