

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RegistryEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vin', models.CharField(max_length=17, unique=True)),
                ('plate', models.CharField(blank=True, max_length=12)),
                ('model', models.CharField(max_length=60)),
                ('body', models.CharField(choices=[('saloon', 'saloon'), ('suv', 'SUV'), ('coupe', 'coupé'), ('hatchback', 'hatchback')], max_length=12)),
                ('colour', models.CharField(max_length=40)),
                ('colour_hex', models.CharField(max_length=7)),
                ('powertrain', models.CharField(choices=[('petrol', 'petrol'), ('hybrid', 'full hybrid'), ('plug_in_hybrid', 'plug-in hybrid'), ('electric', 'battery electric')], max_length=16)),
                ('multimedia', models.CharField(help_text='Generation of the multimedia system, MM21 for instance.', max_length=12)),
                ('market_code', models.CharField(max_length=2)),
                ('warranty_start', models.DateField(blank=True, null=True)),
                ('purchased_on', models.DateField(blank=True, null=True)),
                ('first_registered_on', models.DateField(blank=True, null=True)),
                ('capabilities', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('odometer_km', models.PositiveIntegerField(null=True)),
                ('odometer_at', models.DateTimeField(null=True)),
                ('updated_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'registry entries',
                'indexes': [models.Index(fields=['plate'], name='registry_plate')],
                'constraints': [models.CheckConstraint(condition=models.Q(('vin__regex', '^[A-HJ-NPR-Z0-9]{17}$')), name='registry_vin_well_formed'), models.CheckConstraint(condition=models.Q(models.Q(('odometer_at__isnull', True), ('odometer_km__isnull', True)), models.Q(('odometer_at__isnull', False), ('odometer_km__isnull', False)), _connector='OR'), name='registry_reading_has_its_time')],
            },
        ),
        migrations.CreateModel(
            name='Vehicle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vin', models.CharField(max_length=17, unique=True)),
                ('plate', models.CharField(blank=True, max_length=12)),
                ('model', models.CharField(max_length=60)),
                ('body', models.CharField(choices=[('saloon', 'saloon'), ('suv', 'SUV'), ('coupe', 'coupé'), ('hatchback', 'hatchback')], max_length=12)),
                ('colour', models.CharField(max_length=40)),
                ('colour_hex', models.CharField(max_length=7)),
                ('powertrain', models.CharField(choices=[('petrol', 'petrol'), ('hybrid', 'full hybrid'), ('plug_in_hybrid', 'plug-in hybrid'), ('electric', 'battery electric')], max_length=16)),
                ('multimedia', models.CharField(help_text='Generation of the multimedia system, MM21 for instance.', max_length=12)),
                ('market_code', models.CharField(max_length=2)),
                ('warranty_start', models.DateField(blank=True, null=True)),
                ('purchased_on', models.DateField(blank=True, null=True)),
                ('first_registered_on', models.DateField(blank=True, null=True)),
                ('capabilities', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('added_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['plate'], name='vehicle_plate')],
                'constraints': [models.CheckConstraint(condition=models.Q(('vin__regex', '^[A-HJ-NPR-Z0-9]{17}$')), name='vehicle_vin_well_formed')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('identified_as', models.CharField(max_length=17)),
                ('nickname', models.CharField(blank=True, max_length=40)),
                ('is_selected', models.BooleanField(default=False)),
                ('linked_at', models.DateTimeField()),
                ('verified_at', models.DateTimeField(blank=True, null=True)),
                ('is_active', models.BooleanField(default=False)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='garage.vehicle')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('account', 'vehicle'), name='membership_once_while_it_lasts'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('is_active', True)), fields=('vehicle',), name='membership_one_active_account_per_vehicle'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('is_selected', True)), fields=('account',), name='membership_one_selected_vehicle'), models.CheckConstraint(condition=models.Q(('is_active', False), ('verified_at__isnull', False), _connector='OR'), name='membership_active_is_verified')],
            },
        ),
        migrations.CreateModel(
            name='AccessCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wrong_tries', models.PositiveSmallIntegerField(default=0)),
                ('blocked_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='access_checks', to=settings.AUTH_USER_MODEL)),
                ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='access_checks', to='garage.vehicle')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'vehicle'), name='access_check_once'), models.CheckConstraint(condition=models.Q(('wrong_tries__lte', 3)), name='access_check_three_tries'), models.CheckConstraint(condition=models.Q(models.Q(('blocked_at__isnull', True), ('wrong_tries__lt', 3)), models.Q(('blocked_at__isnull', False), ('wrong_tries', 3)), _connector='OR'), name='access_check_blocked_at_three')],
            },
        ),
    ]
