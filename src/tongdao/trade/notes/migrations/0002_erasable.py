from django.db import migrations

# A note stands as it was written, but what it says of a person may be written over when they are erased.
GUARDS = """
drop trigger append_only on order_note;
create function tongdao_note_stands() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if to_jsonb(new) - 'text' = to_jsonb(old) - 'text' then
      return new;
    end if;
  end if;
  raise exception 'a note stands as it was written' using errcode = 'restrict_violation';
end $$;
create trigger notes_stand before update or delete on order_note
  for each row execute function tongdao_note_stands();
drop trigger append_only_truncate on order_note;
create trigger notes_stand_truncate before truncate on order_note
  for each statement execute function tongdao_note_stands();
grant update (text) on order_note to tongdao_app;
"""


class Migration(migrations.Migration):

    dependencies = [("notes", "0001_initial")]

    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
