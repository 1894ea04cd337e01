import django.db.models.deletion
import subscriptions.rules.lifecycle
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('subscriptions', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='refund',
            name='status',
            field=models.CharField(choices=[(subscriptions.rules.lifecycle.RefundStatus['PROMISED'], subscriptions.rules.lifecycle.RefundStatus['PROMISED']), (subscriptions.rules.lifecycle.RefundStatus['SUCCEEDED'], subscriptions.rules.lifecycle.RefundStatus['SUCCEEDED']), (subscriptions.rules.lifecycle.RefundStatus['REJECTED'], subscriptions.rules.lifecycle.RefundStatus['REJECTED']), (subscriptions.rules.lifecycle.RefundStatus['REPLACED'], subscriptions.rules.lifecycle.RefundStatus['REPLACED'])], max_length=12),
        ),
        migrations.AlterField(
            model_name='subscription',
            name='end_reason',
            field=models.CharField(blank=True, choices=[(subscriptions.rules.lifecycle.EndReason['CANCELLED'], subscriptions.rules.lifecycle.EndReason['CANCELLED']), (subscriptions.rules.lifecycle.EndReason['WITHDRAWN'], subscriptions.rules.lifecycle.EndReason['WITHDRAWN']), (subscriptions.rules.lifecycle.EndReason['PAYMENT_FAILED'], subscriptions.rules.lifecycle.EndReason['PAYMENT_FAILED']), (subscriptions.rules.lifecycle.EndReason['VEHICLE_REMOVED'], subscriptions.rules.lifecycle.EndReason['VEHICLE_REMOVED']), (subscriptions.rules.lifecycle.EndReason['BASE_ENDED'], subscriptions.rules.lifecycle.EndReason['BASE_ENDED']), (subscriptions.rules.lifecycle.EndReason['EXPIRED'], subscriptions.rules.lifecycle.EndReason['EXPIRED']), (subscriptions.rules.lifecycle.EndReason['DISPUTE_LOST'], subscriptions.rules.lifecycle.EndReason['DISPUTE_LOST'])], max_length=20),
        ),
        migrations.CreateModel(
            name='ProviderEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', models.CharField(max_length=200, unique=True)),
                ('kind', models.CharField(max_length=200)),
                ('subject_key', models.CharField(max_length=200)),
                ('received_at', models.DateTimeField()),
                ('handled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('handled_at__isnull', True)), fields=['received_at'], name='provider_event_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('dispute_ref', models.CharField(max_length=80, unique=True)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=8)),
                ('state', models.CharField(choices=[(subscriptions.rules.lifecycle.DisputeState['OPENED'], subscriptions.rules.lifecycle.DisputeState['OPENED']), (subscriptions.rules.lifecycle.DisputeState['WON'], subscriptions.rules.lifecycle.DisputeState['WON']), (subscriptions.rules.lifecycle.DisputeState['LOST'], subscriptions.rules.lifecycle.DisputeState['LOST'])], max_length=8)),
                ('opened_at', models.DateTimeField(help_text='When the portal learnt of it.')),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='subscriptions.payment')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='dispute_amount_positive'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('state', subscriptions.rules.lifecycle.DisputeState['OPENED'])), models.Q(('settled_at__isnull', False), ('state__in', [subscriptions.rules.lifecycle.DisputeState['WON'], subscriptions.rules.lifecycle.DisputeState['LOST']])), _connector='OR'), name='dispute_settled_has_state'), models.UniqueConstraint(condition=models.Q(('state', subscriptions.rules.lifecycle.DisputeState['OPENED'])), fields=('payment',), name='dispute_one_open_per_payment')],
            },
        ),
    ]
