import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accanto.access.tables import CreateTables


class Migration(migrations.Migration):

    dependencies = [("documents", "0002_protection"), ("access", "0002_protection")]

    operations = [
        CreateTables([
        migrations.CreateModel(
            name='SignatureRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='che cosa si firma')),
                ('sha256', models.CharField(max_length=64, verbose_name='impronta')),
                ('annex_sha256', models.CharField(blank=True, max_length=64, verbose_name='impronta dell’allegato')),
                ('opened_at', models.DateTimeField(verbose_name='pronto dal')),
                ('completed_at', models.DateTimeField(blank=True, null=True, verbose_name='firmato da tutti il')),
                ('voided_at', models.DateTimeField(blank=True, null=True, verbose_name='annullato il')),
                ('void_reason', models.CharField(blank=True, choices=[('changed', 'i dati sono cambiati dopo che il documento era pronto'), ('withdrawn', 'l’ufficio ha annullato la raccolta delle firme')], max_length=20, verbose_name='perché è annullato')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
            ],
            options={
                'verbose_name': 'raccolta di firme',
                'verbose_name_plural': 'raccolte di firme',
                'ordering': ['-opened_at', '-id'],
                'indexes': [models.Index(fields=['zone', 'subject'], name='documents_round_of_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('void_reason', ''), ('voided_at', None)), models.Q(('completed_at', None), ('voided_at__isnull', False), models.Q(('void_reason', ''), _negated=True)), _connector='OR'), name='documents_round_void_or_complete')],
            },
        ),
        migrations.CreateModel(
            name='SignaturePaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('document', 'documento'), ('annex', 'allegato riservato'), ('signed', 'documento firmato tornato')], max_length=10, verbose_name='parte')),
                ('media_type', models.CharField(choices=[('application/pdf', 'PDF'), ('image/jpeg', 'immagine JPEG'), ('image/png', 'immagine PNG')], max_length=20, verbose_name='tipo di file')),
                ('sha256', models.CharField(max_length=64, verbose_name='impronta')),
                ('data', models.BinaryField(verbose_name='byte')),
                ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='documents.signatureround')),
            ],
            options={
                'verbose_name': 'carta da firmare',
                'verbose_name_plural': 'carte da firmare',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['zone', 'subject'], name='documents_paper_of_subject')],
                'constraints': [models.UniqueConstraint(fields=('round', 'part', 'sha256'), name='documents_paper_once'), models.UniqueConstraint(condition=models.Q(('part', 'signed'), _negated=True), fields=('round', 'part'), name='documents_paper_of_each_part_one')],
            },
        ),
        migrations.CreateModel(
            name='Signatory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.CharField(max_length=20, verbose_name='parte che firma')),
                ('name', models.CharField(max_length=120, verbose_name='nome e cognome')),
                ('quality', models.CharField(blank=True, max_length=120, verbose_name='in quale veste')),
                ('delegated_by', models.CharField(blank=True, max_length=120, verbose_name='delegato da')),
                ('delegated_until', models.DateField(blank=True, null=True, verbose_name='delega valida fino al')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='posta elettronica')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='cellulare')),
                ('sees_annex', models.BooleanField(default=True, verbose_name='legge l’allegato riservato')),
                ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatories', to='documents.signatureround')),
            ],
            options={
                'verbose_name': 'firmatario',
                'verbose_name_plural': 'firmatari',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['zone', 'subject'], name='documents_signatory_of_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('delegated_by', ''), ('delegated_until', None)), models.Q(('delegated_until__isnull', False), models.Q(('delegated_by', ''), _negated=True)), _connector='OR'), name='documents_signatory_delegation_ends')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(choices=[('link', 'con il collegamento personale e il codice'), ('drawn', 'disegnata su uno schermo, in presenza'), ('paper', 'su carta o con un PDF firmato')], max_length=10, verbose_name='come')),
                ('signed_at', models.DateTimeField(verbose_name='firmato il')),
                ('sha256', models.CharField(max_length=64, verbose_name='impronta del documento')),
                ('annex_sha256', models.CharField(blank=True, max_length=64, verbose_name='impronta dell’allegato')),
                ('channel', models.CharField(blank=True, choices=[('email', 'posta elettronica'), ('sms', 'SMS'), ('in_person', 'dato di persona')], max_length=10, verbose_name='codice arrivato per')),
                ('sent_to', models.CharField(blank=True, max_length=120, verbose_name='codice mandato a')),
                ('agent', models.CharField(blank=True, max_length=60, verbose_name='dispositivo')),
                ('strokes', models.TextField(blank=True, verbose_name='disegno')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signatory', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='signature', to='documents.signatory')),
                ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
                ('paper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.signaturepaper')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='documents.signatureround')),
            ],
            options={
                'verbose_name': 'firma',
                'verbose_name_plural': 'firme',
                'ordering': ['signed_at', 'id'],
                'indexes': [models.Index(fields=['zone', 'subject'], name='documents_signature_of_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('how', 'link'), ('paper', None), ('recorded_by', None), ('strokes', ''), models.Q(('channel', ''), _negated=True)), models.Q(('channel', ''), ('how', 'drawn'), ('paper', None), ('recorded_by__isnull', False), ('strokes__regex', '^M[0-9]+ [0-9]+([ML][0-9]+ [0-9]+)+$')), models.Q(('channel', ''), ('how', 'paper'), ('paper__isnull', False), ('recorded_by__isnull', False), ('strokes', '')), _connector='OR'), name='documents_signature_is_proved')],
            },
        ),
        migrations.CreateModel(
            name='SignatureLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField(verbose_name='fatto il')),
                ('expires_at', models.DateTimeField(verbose_name='vale fino al')),
                ('in_person', models.BooleanField(default=False, verbose_name='codice dato di persona')),
                ('code_hash', models.CharField(blank=True, max_length=64)),
                ('code_channel', models.CharField(blank=True, choices=[('email', 'posta elettronica'), ('sms', 'SMS'), ('in_person', 'dato di persona')], max_length=10)),
                ('code_until', models.DateTimeField(blank=True, null=True)),
                ('codes_sent', models.PositiveSmallIntegerField(default=0)),
                ('wrong_codes', models.PositiveSmallIntegerField(default=0)),
                ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='messaggio partito il')),
                ('mail_failure', models.CharField(blank=True, max_length=200, verbose_name='perché il messaggio non è partito')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revocato il')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signatory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='documents.signatory')),
                ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.subject')),
                ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
            ],
            options={
                'verbose_name': 'collegamento per firmare',
                'verbose_name_plural': 'collegamenti per firmare',
                'ordering': ['-made_at', '-id'],
                'indexes': [models.Index(fields=['zone', 'subject'], name='documents_link_of_subject')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('signatory',), name='documents_link_one_of_each'), models.CheckConstraint(condition=models.Q(('wrong_codes__lte', 5)), name='documents_link_few_wrong_codes')],
            },
        ),
        ]),
    ]
