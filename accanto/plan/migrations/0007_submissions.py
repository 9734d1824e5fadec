import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations import RunSQL

from accanto.access.permissions import APPLICATION, function

# The zone's own are written by who plans it, the Region's by the Region; the Region reads them all.
REGION = "(select s.kind from app_session() s) = 'regional_officer'"
PLANNER = "(select s.kind from app_session() s) = 'zone_planner'"
READ = f"(zone_id = any((select app_zones('programme'))::smallint[]) or zone_id is null and {REGION})"
WRITE = (
    f"(zone_id = any((select app_zones_writing('programme'))::smallint[]) and {PLANNER} or zone_id is null and {REGION})"
)
# it begins as what somebody has prepared, and says who
PREPARED = "state = 'draft' and discarded_at is null and made_by_id = (select app_user())"
CHANGES = (
    "state", "validated_at", "sent_at", "receipt_protocol", "receipt_on", "receipted_at", "discarded_at",
)  # fmt: skip

# Whoever writes: a submission goes forward only, what was sent gets its receipt and nothing else, and what another
# corrects was sent before it.
FORWARD = """
begin
  if tg_op = 'DELETE' or old.discarded_at is not null
    or not (old.state || ' ' || new.state) = any(array['draft draft', 'draft validated', 'validated validated',
      'validated sent', 'sent receipted'])
    or (old.state <> 'draft' or new.state <> 'draft') and old.state = new.state and new.discarded_at is null
    or (old.kind, old.version, old.number, old.zone_id, old.known_at, old.mapping, old.findings, old.corrects_id,
        old.made_at, old.made_by_id, old.synthetic)
      is distinct from (new.kind, new.version, new.number, new.zone_id, new.known_at, new.mapping, new.findings,
        new.corrects_id, new.made_at, new.made_by_id, new.synthetic)
    or old.state <> 'draft' and old.validated_at is distinct from new.validated_at
    or old.state = 'sent' and old.sent_at is distinct from new.sent_at then
    raise exception 'submission % does not change so', old.id using errcode = '23514',
      constraint = 'plan_submission_goes_forward', detail = 'plan_submission_goes_forward';
  end if;
  return new;
end
"""
# A file is written with its submission, while that is being prepared; its fingerprint is that of its bytes; then never
# again.
FROZEN = """
begin
  if tg_op <> 'INSERT' then
    raise exception 'the file % does not change', old.name using errcode = '23514',
      constraint = 'plan_submission_file_is_frozen', detail = 'plan_submission_file_is_frozen';
  end if;
  if new.sha256 <> encode(sha256(new.content), 'hex') or new.bytes <> length(new.content)
    or not exists (select from plan_submission s where s.id = new.submission_id and s.state = 'draft'
      and s.zone_id is not distinct from new.zone_id and s.discarded_at is null) then
    raise exception 'the file % is not what it says', new.name using errcode = '23514',
      constraint = 'plan_submission_file_is_frozen', detail = 'plan_submission_file_is_frozen';
  end if;
  return new;
end
"""


def _policies(table, changes=(), born="true"):
    yield f"grant select, insert on {table} to {APPLICATION}"
    yield f"alter table {table} enable row level security"
    yield f"create policy {table}_read on {table} for select to {APPLICATION} using ({READ})"
    yield f"create policy {table}_insert on {table} for insert to {APPLICATION} with check ({WRITE} and {born})"
    if changes:
        yield f"grant update ({', '.join(changes)}) on {table} to {APPLICATION}"
        yield f"create policy {table}_update on {table} for update to {APPLICATION} using ({WRITE}) with check ({WRITE})"


class Migration(migrations.Migration):

    dependencies = [
        ('plan', '0006_esf_declarations'),
        ('territory', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('staffing', 'prospetto degli assistenti sociali per il SIOSS'), ('esf', 'indicatori del FSE+ per SFC2021')], max_length=10, verbose_name='che invio è')),
                ('version', models.CharField(max_length=6, verbose_name='versione')),
                ('number', models.PositiveSmallIntegerField(verbose_name='numero')),
                ('state', models.CharField(choices=[('draft', 'preparato'), ('validated', 'controllato'), ('sent', 'inviato'), ('receipted', 'con ricevuta')], default='draft', max_length=10, verbose_name='stato')),
                ('known_at', models.DateTimeField(verbose_name='come si sapeva il')),
                ('mapping', models.CharField(max_length=80, verbose_name='tracciato')),
                ('findings', models.JSONField(default=list, verbose_name='rilievi')),
                ('made_at', models.DateTimeField(verbose_name='preparato il')),
                ('validated_at', models.DateTimeField(blank=True, null=True, verbose_name='controllato il')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='inviato il')),
                ('receipt_protocol', models.CharField(blank=True, max_length=80, verbose_name='protocollo della ricevuta')),
                ('receipt_on', models.DateField(blank=True, null=True, verbose_name='giorno della ricevuta')),
                ('receipted_at', models.DateTimeField(blank=True, null=True, verbose_name='ricevuta scritta il')),
                ('discarded_at', models.DateTimeField(blank=True, null=True, verbose_name='scartato il')),
                ('synthetic', models.BooleanField(default=False, verbose_name='dato sintetico')),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='plan.submission', verbose_name='corregge')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='preparato da')),
                ('zone', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone', verbose_name='zona')),
            ],
            options={
                'verbose_name': 'invio',
                'verbose_name_plural': 'invii',
                'ordering': ['-version', 'kind', 'zone', '-number', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SubmissionFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='nome')),
                ('content', models.BinaryField(verbose_name='contenuto')),
                ('bytes', models.PositiveIntegerField(verbose_name='byte')),
                ('sha256', models.CharField(max_length=64, verbose_name='impronta')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='plan.submission', verbose_name='invio')),
                ('zone', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone')),
            ],
            options={
                'verbose_name': 'file di un invio',
                'verbose_name_plural': 'file degli invii',
                'ordering': ['submission', 'name'],
            },
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(condition=models.Q(('discarded_at', None), ('state__in', ['draft', 'validated'])), fields=('kind', 'version', 'zone'), name='plan_submission_one_open', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(condition=models.Q(('discarded_at', None)), fields=('kind', 'version', 'zone', 'number'), name='plan_submission_numbered', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'staffing'), ('zone__isnull', False)), models.Q(('kind', 'esf'), ('zone', None)), _connector='OR'), name='plan_submission_scope'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('receipted_at', None), ('sent_at', None), ('state', 'draft'), ('validated_at', None)), models.Q(('receipted_at', None), ('sent_at', None), ('state', 'validated'), ('validated_at__isnull', False)), models.Q(('discarded_at', None), ('receipted_at', None), ('sent_at__isnull', False), ('state', 'sent')), models.Q(('discarded_at', None), ('receipted_at__isnull', False), ('sent_at__isnull', False), ('state', 'receipted')), _connector='OR'), name='plan_submission_state_and_times'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('receipt_on', None), ('receipt_protocol', ''), ('receipted_at', None)), models.Q(('receipt_on__isnull', False), ('receipted_at__isnull', False), models.Q(('receipt_protocol', ''), _negated=True)), _connector='OR'), name='plan_submission_receipt'),
        ),
        migrations.AddConstraint(
            model_name='submissionfile',
            constraint=models.UniqueConstraint(fields=('submission', 'name'), name='plan_submission_file_once'),
        ),
        RunSQL(
            [*_policies("plan_submission", CHANGES, born=PREPARED), *_policies("plan_submissionfile")],
            RunSQL.noop,
        ),
        function("refuse_to_change_what_was_sent()", "trigger", FORWARD, language="plpgsql", volatility="volatile"),
        function(
            "refuse_to_change_a_sent_file()",
            "trigger",
            FROZEN,
            reads=["select on plan_submission"],
            language="plpgsql",
            volatility="volatile",
        ),
        RunSQL(
            [
                "create trigger plan_submission_forward before update or delete on plan_submission "
                "for each row execute function refuse_to_change_what_was_sent()",
                "create trigger plan_submissionfile_frozen before insert or update or delete on plan_submissionfile "
                "for each row execute function refuse_to_change_a_sent_file()",
            ],
            RunSQL.noop,
        ),
    ]
