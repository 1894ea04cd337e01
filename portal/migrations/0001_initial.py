

import django.contrib.postgres.fields
import django.db.models.deletion
import portal.texts
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        # Search by parts and by typing errors, of every app.
        TrigramExtension(),
        migrations.CreateModel(
            name='Brand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=80)),
                ('portal_name', models.CharField(max_length=80)),
                ('app_name', models.CharField(max_length=80)),
                ('customer_centre', portal.texts.LocalizedTextField(default=dict)),
                ('accent_light', models.CharField(max_length=7)),
                ('accent_dark', models.CharField(max_length=7)),
                ('vin_prefixes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), blank=True, default=list, size=None)),
            ],
        ),
        migrations.CreateModel(
            name='LegalEntity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('series', models.CharField(max_length=8, unique=True)),
                ('name', models.CharField(max_length=160)),
                ('address_lines', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=160), size=None)),
                ('country', models.CharField(max_length=2)),
                ('vat_number', models.CharField(max_length=20)),
                ('registration', models.CharField(blank=True, max_length=80)),
                ('email', models.EmailField(max_length=254)),
            ],
            options={
                'verbose_name_plural': 'legal entities',
            },
        ),
        migrations.CreateModel(
            name='OutboxMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handler', models.CharField(max_length=60)),
                ('payload', models.JSONField(default=dict)),
                ('dedup_key', models.CharField(max_length=200, unique=True)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(help_text='Not before this moment: now at first, later after a failure; also the lease.')),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('done_at', models.DateTimeField(null=True)),
                ('parked_at', models.DateTimeField(null=True)),
                ('last_error', models.TextField(blank=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True), ('parked_at__isnull', True)), fields=['due_at'], name='outbox_waiting'), models.Index(condition=models.Q(('payload', {}), _negated=True), fields=['done_at'], name='outbox_to_forget'), models.Index(condition=models.Q(('parked_at__isnull', False)), fields=['parked_at'], name='outbox_parked')],
            },
        ),
        migrations.CreateModel(
            name='Market',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=2, unique=True)),
                ('names', portal.texts.LocalizedTextField(default=dict)),
                ('is_default', models.BooleanField(default=False)),
                ('currency', models.CharField(max_length=3)),
                ('vat_rate', models.DecimalField(decimal_places=2, help_text='Percentage, 19.00 for 19 %. Where no dated rate is kept.', max_digits=5)),
                ('time_zone', models.CharField(max_length=40)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), size=None)),
                ('card_brands', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                ('card_funding', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                ('card_processor', portal.texts.LocalizedTextField(default=dict, help_text='Who stores and who processes card data (W1).')),
                ('odometer_tolerance_km', models.PositiveIntegerField(default=5)),
                ('refund_days', models.PositiveIntegerField(default=7, help_text='Days until a refund should have arrived (X6).')),
                ('document_years', models.PositiveSmallIntegerField(default=6, help_text='Full calendar years for which the buyer stays on a document, after the year of issue (I4).')),
                ('wrong_readings_per_car', models.PositiveSmallIntegerField(default=12)),
                ('wrong_readings_days', models.PositiveSmallIntegerField(default=30)),
                ('shows_ordered_cars', models.BooleanField(default=False, help_text='Whether My Garage shows ordered cars (G4).')),
                ('sells_in_portal', models.BooleanField(default=True, help_text='Whether services are sold on these pages; else in the app alone (C8).')),
                ('order_ahead_days', models.PositiveSmallIntegerField(default=0, help_text='Days before a free period ends from which its plan can be ordered, to start then (C4).')),
                ('trade_in_days', models.PositiveSmallIntegerField(default=3, help_text='Days in which an owner may object that a dealer took its car in trade (K1).')),
                ('refund_alone_up_to', models.DecimalField(decimal_places=2, default=50, help_text='Gross that one person of finance may give back of a charge; above it two (K3).', max_digits=8)),
                ('goodwill_days', models.PositiveSmallIntegerField(default=90, help_text='Days by which staff may move the end of one subscription, all together (K3).')),
                ('control_request_days', models.PositiveSmallIntegerField(default=3, help_text='Days in which the active account may answer a request for control (V4).')),
                ('control_offer_days', models.PositiveSmallIntegerField(default=7, help_text='Days for which an offer of control is good (V4).')),
                ('terms_days', models.PositiveSmallIntegerField(default=14, help_text='Days for an account of an older head unit to accept the Terms (A2).')),
                ('notice_months', models.PositiveSmallIntegerField(default=24, help_text='Months for which notices stay in the inbox (N2).')),
                ('case_months', models.PositiveSmallIntegerField(default=24, help_text='Months for which the words of a closed case are kept, after it was closed (H5).')),
                ('document_years_source', models.CharField(blank=True, max_length=300)),
                ('contact', models.JSONField(default=dict)),
                ('legal_texts', models.JSONField(default=dict)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='portal.brand')),
                ('legal_entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='portal.legalentity')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('is_default',), name='market_one_default'), models.CheckConstraint(condition=models.Q(('vat_rate__gte', 0), ('vat_rate__lt', 100)), name='market_vat_rate_percentage'), models.CheckConstraint(condition=models.Q(('order_ahead_days__lte', 60)), name='market_orders_sixty_days_ahead')],
            },
        ),
        migrations.CreateModel(
            name='VatRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(max_length=2)),
                ('valid_from', models.DateField()),
                ('rate', models.DecimalField(decimal_places=2, help_text='Percentage.', max_digits=5)),
                ('category', models.CharField(default='S', help_text='EN 16931: S, Z zero, E exempt, AE reverse charge.', max_length=2)),
                ('reason', models.CharField(blank=True, help_text='Why nothing is charged, as documents say it.', max_length=160)),
                ('source', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'verbose_name': 'VAT rate',
                'verbose_name_plural': 'VAT rates',
                'constraints': [models.UniqueConstraint(fields=('country', 'valid_from'), name='vat_rate_once_per_day'), models.CheckConstraint(condition=models.Q(('rate__gte', 0), ('rate__lt', 100)), name='vat_rate_percentage'), models.CheckConstraint(condition=models.Q(models.Q(('category', 'S'), ('rate__gt', 0)), models.Q(('category__in', ['Z', 'E', 'AE']), ('rate', 0)), _connector='OR'), name='vat_rate_fits_category'), models.CheckConstraint(condition=models.Q(('category__in', ['E', 'AE']), ('reason', ''), _connector='XOR'), name='vat_rate_exemption_has_reason')],
            },
        ),
    ]
