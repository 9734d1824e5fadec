import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accanto.access.permissions import of_zone


class Migration(migrations.Migration):

    dependencies = [
        ('territory', '0001_initial'),
        ('traineeships', '0026_seats_tutors_and_one_press_at_a_time'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ControlSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begun_at', models.DateTimeField(verbose_name='cominciata il')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='finita il')),
                ('reached', models.PositiveBigIntegerField(default=0)),
                ('total', models.PositiveIntegerField(verbose_name='tirocini da guardare')),
                ('looked', models.PositiveIntegerField(default=0, verbose_name='tirocini guardati')),
                ('found', models.PositiveIntegerField(default=0, verbose_name='anomalie nuove')),
                ('mended', models.PositiveIntegerField(default=0, verbose_name='anomalie non più vere')),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('zone', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
            ],
            options={
                'verbose_name': 'ricerca di anomalie',
                'verbose_name_plural': 'ricerche di anomalie',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('begun_at')), _connector='OR'), name='traineeships_search_dates')],
            },
        ),
        of_zone(
            "traineeships_controlsearch",
            "control",
            update=["begun_at", "begun_by_id", "ended_at", "reached", "total", "looked", "found", "mended"],
        ),
    ]
