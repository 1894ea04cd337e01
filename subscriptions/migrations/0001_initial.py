

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
import portal.texts
import subscriptions.rules.lifecycle
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('garage', '0001_initial'),
        ('portal', '0002_audit_record'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('names', portal.texts.LocalizedTextField(default=dict)),
                ('descriptions', portal.texts.LocalizedTextField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('invoice', 'invoice'), ('credit_note', 'credit note')], max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('sequence', models.PositiveIntegerField()),
                ('number', models.CharField(max_length=24, unique=True)),
                ('issued_on', models.DateField()),
                ('issued_at', models.DateTimeField()),
                ('currency', models.CharField(max_length=3)),
                ('vat_rate', models.DecimalField(decimal_places=2, max_digits=5)),
                ('net', models.DecimalField(decimal_places=2, max_digits=8)),
                ('vat', models.DecimalField(decimal_places=2, max_digits=8)),
                ('gross', models.DecimalField(decimal_places=2, max_digits=8)),
                ('language', models.CharField(max_length=5)),
                ('seller', models.JSONField()),
                ('buyer', models.JSONField()),
                ('vehicle', models.JSONField()),
                ('lines', models.JSONField()),
                ('payment_facts', models.JSONField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to=settings.AUTH_USER_MODEL)),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='subscriptions.document')),
                ('legal_entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='portal.legalentity')),
            ],
        ),
        migrations.CreateModel(
            name='DocumentFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.FileField(max_length=200, upload_to='')),
                ('made_at', models.DateTimeField()),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='file', to='subscriptions.document')),
            ],
        ),
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('names', portal.texts.LocalizedTextField(default=dict)),
                ('descriptions', portal.texts.LocalizedTextField(default=dict)),
                ('suite', models.CharField(choices=[('app', 'app services'), ('multimedia', 'multimedia services')], max_length=12)),
                ('position', models.PositiveIntegerField(default=0)),
                ('is_standard', models.BooleanField(default=False)),
                ('gives_trial', models.BooleanField(default=False)),
                ('complimentary_months', models.JSONField(blank=True, default=dict)),
                ('generations', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None)),
                ('powertrains', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None)),
                ('capabilities', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('base', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='add_ons', to='subscriptions.package')),
                ('services', models.ManyToManyField(related_name='packages', to='subscriptions.service')),
            ],
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('period_index', models.PositiveIntegerField()),
                ('period_from', models.DateField()),
                ('period_to', models.DateField()),
                ('attempt', models.PositiveSmallIntegerField()),
                ('key', models.CharField(max_length=80, unique=True)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=8)),
                ('currency', models.CharField(max_length=3)),
                ('status', models.CharField(choices=[(subscriptions.rules.lifecycle.PaymentStatus['STARTED'], subscriptions.rules.lifecycle.PaymentStatus['STARTED']), (subscriptions.rules.lifecycle.PaymentStatus['UNKNOWN'], subscriptions.rules.lifecycle.PaymentStatus['UNKNOWN']), (subscriptions.rules.lifecycle.PaymentStatus['SUCCEEDED'], subscriptions.rules.lifecycle.PaymentStatus['SUCCEEDED']), (subscriptions.rules.lifecycle.PaymentStatus['DECLINED'], subscriptions.rules.lifecycle.PaymentStatus['DECLINED']), (subscriptions.rules.lifecycle.PaymentStatus['FAILED'], subscriptions.rules.lifecycle.PaymentStatus['FAILED'])], max_length=12)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('charge_ref', models.CharField(blank=True, max_length=80)),
                ('started_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('refunded', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=8)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='document',
            name='payment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='subscriptions.payment'),
        ),
        migrations.CreateModel(
            name='PaymentCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('card_ref', models.CharField(max_length=80, unique=True)),
                ('fingerprint', models.CharField(max_length=80)),
                ('brand', models.CharField(max_length=20)),
                ('funding', models.CharField(max_length=20)),
                ('last4', models.CharField(max_length=4)),
                ('exp_month', models.PositiveSmallIntegerField()),
                ('exp_year', models.PositiveSmallIntegerField()),
                ('billing_address', models.JSONField(default=dict)),
                ('is_primary', models.BooleanField(default=False)),
                ('refused_at', models.DateTimeField(blank=True, null=True)),
                ('added_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cards', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='payment',
            name='card',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='subscriptions.paymentcard'),
        ),
        migrations.CreateModel(
            name='CardSetup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('setup_ref', models.CharField(blank=True, max_length=80)),
                ('next_path', models.CharField(max_length=200)),
                ('billing_address', models.JSONField(default=dict)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('failure', models.CharField(blank=True, max_length=40)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='card_setups', to=settings.AUTH_USER_MODEL)),
                ('card', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subscriptions.paymentcard')),
            ],
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(choices=[('monthly', 'monthly'), ('yearly', 'yearly'), ('four-yearly', 'four-yearly')], max_length=12)),
                ('price', models.DecimalField(decimal_places=2, max_digits=8)),
                ('is_offered', models.BooleanField(default=True)),
                ('market', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='portal.market')),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='subscriptions.package')),
            ],
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
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('key', models.CharField(max_length=80, unique=True)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=8)),
                ('currency', models.CharField(max_length=3)),
                ('basis', models.CharField(max_length=20)),
                ('months_used', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('months_left', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('status', models.CharField(choices=[(subscriptions.rules.lifecycle.RefundStatus['PROMISED'], subscriptions.rules.lifecycle.RefundStatus['PROMISED']), (subscriptions.rules.lifecycle.RefundStatus['SUCCEEDED'], subscriptions.rules.lifecycle.RefundStatus['SUCCEEDED']), (subscriptions.rules.lifecycle.RefundStatus['REJECTED'], subscriptions.rules.lifecycle.RefundStatus['REJECTED']), (subscriptions.rules.lifecycle.RefundStatus['REPLACED'], subscriptions.rules.lifecycle.RefundStatus['REPLACED'])], max_length=12)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('refund_ref', models.CharField(blank=True, max_length=80)),
                ('promised_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('expected_on', models.DateField(help_text='The day by which the money should be there (X6).')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to=settings.AUTH_USER_MODEL)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='subscriptions.payment')),
            ],
        ),
        migrations.AddField(
            model_name='document',
            name='refund',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credit_note', to='subscriptions.refund'),
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('status', models.CharField(choices=[(subscriptions.rules.lifecycle.Status['PENDING'], subscriptions.rules.lifecycle.Status['PENDING']), (subscriptions.rules.lifecycle.Status['COMPLIMENTARY'], subscriptions.rules.lifecycle.Status['COMPLIMENTARY']), (subscriptions.rules.lifecycle.Status['TRIAL'], subscriptions.rules.lifecycle.Status['TRIAL']), (subscriptions.rules.lifecycle.Status['PAID'], subscriptions.rules.lifecycle.Status['PAID']), (subscriptions.rules.lifecycle.Status['PAST_DUE'], subscriptions.rules.lifecycle.Status['PAST_DUE']), (subscriptions.rules.lifecycle.Status['ENDED'], subscriptions.rules.lifecycle.Status['ENDED']), (subscriptions.rules.lifecycle.Status['ABANDONED'], subscriptions.rules.lifecycle.Status['ABANDONED'])], max_length=16)),
                ('order_key', models.UUIDField()),
                ('ordered_at', models.DateTimeField()),
                ('order_text', models.TextField(blank=True)),
                ('activated_on', models.DateField()),
                ('trial_months', models.PositiveSmallIntegerField(default=0)),
                ('term_months', models.PositiveSmallIntegerField(default=0)),
                ('price', models.DecimalField(decimal_places=2, default=0, max_digits=8)),
                ('currency', models.CharField(max_length=3)),
                ('vat_rate', models.DecimalField(decimal_places=2, max_digits=5)),
                ('periods_paid', models.PositiveIntegerField(default=0)),
                ('next_charge_on', models.DateField(blank=True, null=True)),
                ('next_try_on', models.DateField(blank=True, null=True)),
                ('tries_used', models.PositiveSmallIntegerField(default=0)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('end_reason', models.CharField(blank=True, choices=[(subscriptions.rules.lifecycle.EndReason['CANCELLED'], subscriptions.rules.lifecycle.EndReason['CANCELLED']), (subscriptions.rules.lifecycle.EndReason['WITHDRAWN'], subscriptions.rules.lifecycle.EndReason['WITHDRAWN']), (subscriptions.rules.lifecycle.EndReason['PAYMENT_FAILED'], subscriptions.rules.lifecycle.EndReason['PAYMENT_FAILED']), (subscriptions.rules.lifecycle.EndReason['VEHICLE_REMOVED'], subscriptions.rules.lifecycle.EndReason['VEHICLE_REMOVED']), (subscriptions.rules.lifecycle.EndReason['BASE_ENDED'], subscriptions.rules.lifecycle.EndReason['BASE_ENDED']), (subscriptions.rules.lifecycle.EndReason['EXPIRED'], subscriptions.rules.lifecycle.EndReason['EXPIRED']), (subscriptions.rules.lifecycle.EndReason['DISPUTE_LOST'], subscriptions.rules.lifecycle.EndReason['DISPUTE_LOST'])], max_length=20)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subscriptions', to=settings.AUTH_USER_MODEL)),
                ('market', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='portal.market')),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subscriptions', to='subscriptions.package')),
                ('plan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='subscriptions', to='subscriptions.plan')),
                ('terms_version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.termsversion')),
                ('unconfirmed_card', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subscriptions.paymentcard')),
                ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subscriptions', to='garage.vehicle')),
            ],
        ),
        migrations.AddField(
            model_name='payment',
            name='subscription',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='subscriptions.subscription'),
        ),
        migrations.AddField(
            model_name='document',
            name='subscription',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='subscriptions.subscription'),
        ),
        migrations.CreateModel(
            name='Contract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('ordered_at', models.DateTimeField()),
                ('language', models.CharField(max_length=5)),
                ('agreed', models.JSONField()),
                ('order_text', models.TextField()),
                ('terms_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.termsversion')),
                ('subscription', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='contract', to='subscriptions.subscription')),
            ],
        ),
        migrations.CreateModel(
            name='TrialUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('used_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trials_used', to=settings.AUTH_USER_MODEL)),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='subscriptions.package')),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='subscriptions.subscription')),
            ],
        ),
        migrations.CreateModel(
            name='WithdrawalUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('used_at', models.DateTimeField()),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal_use', to=settings.AUTH_USER_MODEL)),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='subscriptions.subscription')),
            ],
        ),
        migrations.CreateModel(
            name='WorkItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('subject', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('kind', 'subject'), name='work_item_open_once')],
            },
        ),
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('invoice', 'invoice'), ('credit_note', 'credit note')], max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('last_number', models.PositiveIntegerField(default=0)),
                ('legal_entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='portal.legalentity')),
            ],
            options={
                'verbose_name_plural': 'number series',
                'constraints': [models.UniqueConstraint(fields=('legal_entity', 'kind', 'year'), name='number_series_once')],
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
        migrations.AddConstraint(
            model_name='paymentcard',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('account', 'fingerprint'), name='card_once_in_wallet'),
        ),
        migrations.AddConstraint(
            model_name='paymentcard',
            constraint=models.UniqueConstraint(condition=models.Q(('is_primary', True), ('removed_at__isnull', True)), fields=('account',), name='card_one_primary'),
        ),
        migrations.AddConstraint(
            model_name='paymentcard',
            constraint=models.CheckConstraint(condition=models.Q(('exp_month__range', (1, 12))), name='card_expiry_month'),
        ),
        migrations.AddConstraint(
            model_name='paymentcard',
            constraint=models.CheckConstraint(condition=models.Q(('last4__regex', '^\\d{4}$')), name='card_last4_digits'),
        ),
        migrations.AddConstraint(
            model_name='cardsetup',
            constraint=models.CheckConstraint(condition=models.Q(('card__isnull', True), models.Q(('failure', ''), ('finished_at__isnull', False)), _connector='OR'), name='card_setup_one_outcome'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(fields=('package', 'market', 'term'), name='plan_once_per_term'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(('price__gt', 0)), name='plan_price_positive'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(condition=models.Q(('status', subscriptions.rules.lifecycle.RefundStatus['SUCCEEDED']), _negated=True), fields=['promised_at'], name='refund_not_yet_paid'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='refund_amount_positive'),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(condition=models.Q(('next_try_on__isnull', False)), fields=['next_try_on'], name='subscription_due'),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(condition=models.Q(('ends_on__isnull', False), ('status__in', [subscriptions.rules.lifecycle.Status['COMPLIMENTARY'], subscriptions.rules.lifecycle.Status['PAID'], subscriptions.rules.lifecycle.Status['PAST_DUE'], subscriptions.rules.lifecycle.Status['PENDING'], subscriptions.rules.lifecycle.Status['TRIAL']])), fields=['ends_on'], name='subscription_end_reached'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', [subscriptions.rules.lifecycle.Status['COMPLIMENTARY'], subscriptions.rules.lifecycle.Status['PAID'], subscriptions.rules.lifecycle.Status['PAST_DUE'], subscriptions.rules.lifecycle.Status['PENDING'], subscriptions.rules.lifecycle.Status['TRIAL']])), fields=('vehicle', 'package'), name='subscription_one_live_per_package'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.UniqueConstraint(fields=('account', 'order_key'), name='subscription_ordered_once'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('next_try_on__isnull', True), models.Q(('ends_on__isnull', True), ('status__in', [subscriptions.rules.lifecycle.Status['PAID'], subscriptions.rules.lifecycle.Status['PAST_DUE'], subscriptions.rules.lifecycle.Status['TRIAL']])), _connector='OR'), name='subscription_charged_only_while_it_renews'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('next_try_on__isnull', True), ('next_try_on__gte', models.F('next_charge_on')), _connector='OR'), name='subscription_never_tried_early'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('plan__isnull', True), ('status__in', [subscriptions.rules.lifecycle.Status['COMPLIMENTARY'], subscriptions.rules.lifecycle.Status['ENDED']])), ('plan__isnull', False), _connector='OR'), name='subscription_paid_ones_have_a_plan'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('status', subscriptions.rules.lifecycle.Status['ENDED']), _connector='OR'), name='subscription_ended_has_status'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('tries_used__lte', 3)), name='subscription_three_tries'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('status__in', [subscriptions.rules.lifecycle.PaymentStatus['STARTED'], subscriptions.rules.lifecycle.PaymentStatus['UNKNOWN']])), fields=['started_at'], name='payment_open'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['account', '-started_at'], name='payment_of_account'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('status', subscriptions.rules.lifecycle.PaymentStatus['SUCCEEDED'])), fields=('subscription', 'period_index'), name='payment_period_paid_once'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', [subscriptions.rules.lifecycle.PaymentStatus['STARTED'], subscriptions.rules.lifecycle.PaymentStatus['UNKNOWN']])), fields=('subscription',), name='payment_one_open'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('refunded__gte', 0), ('refunded__lte', models.F('amount'))), name='payment_refunded_at_most_paid'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('refunded', 0), ('status', subscriptions.rules.lifecycle.PaymentStatus['SUCCEEDED']), _connector='OR'), name='payment_refunded_only_if_paid'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('period_from__lt', models.F('period_to'))), name='payment_period_forward'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('attempt__range', (1, 3))), name='payment_three_attempts'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['account', '-issued_at'], name='document_of_account'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('legal_entity', 'kind', 'year', 'sequence'), name='document_number_once'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'invoice')), fields=('payment',), name='document_one_invoice_per_payment'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('gross', django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('vat')))), name='document_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', True), ('kind', 'invoice'), ('refund__isnull', True)), models.Q(('corrects__isnull', False), ('kind', 'credit_note'), ('refund__isnull', False)), _connector='OR'), name='document_credit_note_names_invoice'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='da0791b3a40c7f1154f7786a7c603424083c8999', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_319ca', table='subscriptions_document', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contract',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8444f096b14b0889d08fc28a7a9ec6f73b973683', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c494c', table='subscriptions_contract', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='trialuse',
            constraint=models.UniqueConstraint(fields=('account', 'package'), name='trial_once_per_package'),
        ),
    ]
