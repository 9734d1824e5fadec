import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from accanto.access.tables import CreateTables


class Migration(migrations.Migration):

    dependencies = [("traineeships", "0010_matching_protection"), ("documents", "0003_signing")]

    operations = [
        migrations.AlterField(
            model_name='agreement',
            name='signed_by',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('promoter', 'soggetto promotore'), ('host', 'soggetto ospitante'), ('body_in_charge', 'ente che ha in carico la persona'), ('trainee', 'la persona'), ('guardian', 'chi la rappresenta')], max_length=20), blank=True, default=list, size=None, verbose_name='firmata da'),
        ),
        migrations.AlterField(
            model_name='agreement',
            name='signed_on',
            field=models.DateField(blank=True, null=True, verbose_name='firmata il'),
        ),
        CreateTables([
        migrations.CreateModel(
            name='Signing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(max_length=64)),
                ('registered_at', models.DateTimeField(blank=True, null=True, verbose_name='registrata il')),
                ('agreement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signings', to='traineeships.agreement')),
                ('round', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='signing', to='documents.signatureround')),
                ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                ('traineeship', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signings', to='traineeships.traineeship')),
                ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
            ],
            options={
                'verbose_name': 'firma di progetto o convenzione',
                'verbose_name_plural': 'firme di progetti e convenzioni',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['zone', 'subject'], name='traineeships_signing_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('agreement', None), ('subject__isnull', False), ('traineeship__isnull', False)), models.Q(('agreement__isnull', False), ('subject', None), ('traineeship', None)), _connector='OR'), name='traineeships_signing_of_one_thing')],
            },
        ),
        ]),
    ]
