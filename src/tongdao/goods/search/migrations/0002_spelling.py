import tongdao.foundation.ids
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable

# Both are only ever read along these keys.
KEYS = """
alter table search_token drop constraint search_token_pkey;
alter table search_token add primary key (merchant_id, token);
alter table search_spelling drop constraint search_spelling_pkey;
alter table search_spelling add primary key (merchant_id, cut, token)
"""
# What is in the index already is counted here, of all merchants: the owner of a table passes by policies that
# are not forced, and nobody else sees the table before the migration is through.
FILL = """
alter table search_posting no force row level security;
alter table search_token no force row level security;
alter table search_spelling no force row level security;
insert into search_token (merchant_id, id, token, products)
select merchant_id, merchant_id, token, count(*) from search_posting group by 1, 3;
insert into search_spelling (merchant_id, id, cut, token)
select t.merchant_id, t.merchant_id, c.cut, t.token from search_token t cross join lateral (
  select t.token as cut union
  select left(t.token, place - 1) || substr(t.token, place + 1)
  from generate_series(case when left(t.token, 1) = '=' then 2 else 1 end, length(t.token)) as at(place)) c
where t.token ~ '^([a-z0-9]{3,25}|=[a-z]{1,12})$';
alter table search_posting force row level security;
alter table search_token force row level security;
alter table search_spelling force row level security
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SearchToken",
            fields=[
                ("id", models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("merchant_id", models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ("token", models.CharField(db_collation="C", max_length=64)),
                ("products", models.IntegerField()),
            ],
            options={
                "db_table": "search_token",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="SearchSpelling",
            fields=[
                ("id", models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("merchant_id", models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ("cut", models.CharField(db_collation="C", max_length=64)),
                ("token", models.CharField(db_collation="C", max_length=64)),
            ],
            options={
                "db_table": "search_spelling",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        SecureTable("SearchToken", node="shared"),
        SecureTable("SearchSpelling", node="shared"),
        migrations.RunSQL(KEYS, migrations.RunSQL.noop),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
