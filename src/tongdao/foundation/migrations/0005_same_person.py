from django.db import migrations

from tongdao.foundation.tenancy.operations import PERSONS, PERSONS_ALONE

# A database that is new has both already: its tables are made with these policies.
FUNCTION = f"""
do $$ begin
  if to_regprocedure('tongdao_persons(uuid)') is null then
    execute $made${PERSONS_ALONE}$made$;
  end if;
end $$
"""
POLICIES = f"""
do $$ declare one record; begin
  for one in select tablename, substring(qual from '^\\(([a-z_]+) = ') as owner_column
    from pg_policies where schemaname = 'public' and policyname = 'person' and qual not like '%tongdao_persons%'
  loop
    execute format('alter policy person on %I using (%I = any ({PERSONS.replace("'", "''")}))',
      one.tablename, one.owner_column);
  end loop;
end $$
"""


class Migration(migrations.Migration):

    dependencies = [("foundation", "0004_switches_deeds")]

    operations = [
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
