from django.db import migrations, models
from django.db.models import Q

import tongdao.foundation.ids

# Everybody may compare with it; in a scope (a merchant's, a person's, a partner's) nobody writes it.
OUTSIDE = " and ".join(
    f"nullif(current_setting('tongdao.{scope}', true), '') is null" for scope in ("merchant", "person", "node")
)
GUARD = f"""
alter table platform_level enable row level security;
alter table platform_level force row level security;
create policy everybody on platform_level for select using (true);
create policy reckoned on platform_level for insert to tongdao_app with check ({OUTSIDE});
create policy replaced on platform_level for delete to tongdao_app using ({OUTSIDE});
revoke update, truncate on platform_level from tongdao_app;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies: list[tuple[str, str]] = [("foundation", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="PlatformLevel",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongdao.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("since", models.DateField()),
                ("weeks", models.SmallIntegerField()),
                ("asked_shops", models.IntegerField()),
                ("disputed_bps", models.IntegerField(null=True)),
                ("answered_shops", models.IntegerField()),
                ("answer", models.BigIntegerField(null=True)),
                ("refunded_shops", models.IntegerField()),
                ("refund", models.BigIntegerField(null=True)),
                ("reckoned_at", models.DateTimeField()),
            ],
            options={
                "db_table": "platform_level",
                "constraints": [
                    models.UniqueConstraint(fields=["since", "weeks"], name="platform_level_once"),
                    models.CheckConstraint(
                        condition=(Q(disputed_bps__isnull=True) | Q(asked_shops__gte=6))
                        & (Q(answer__isnull=True) | Q(answered_shops__gte=6))
                        & (Q(refund__isnull=True) | Q(refunded_shops__gte=6)),
                        name="platform_level_of_many",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
