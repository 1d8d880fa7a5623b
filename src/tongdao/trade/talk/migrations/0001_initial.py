import django.db.models.deletion
from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.pii.fields
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from tongdao.foundation.tenancy.operations import SecureTable

ID = models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)
MERCHANT = models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)
BASE = {"abstract": False, "base_manager_name": "objects"}
SIDES = [("buyer", "the buyer"), ("staff", "the shop's service"), ("promoter", "the promoter of record")]

# What was said stands, but its words may be written over when they are erased, once.
GUARDS = """
create function tongdao_message_stands() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if to_jsonb(new) - 'text' - 'forgotten' = to_jsonb(old) - 'text' - 'forgotten' and new.forgotten then
      return new;
    end if;
  end if;
  raise exception 'a message stands as it was said' using errcode = 'restrict_violation';
end $$;
create trigger messages_stand before update or delete on message
  for each row execute function tongdao_message_stands();
create trigger messages_stand_truncate before truncate on message
  for each statement execute function tongdao_message_stands();
revoke update, delete, truncate on message from tongdao_app;
grant update (text, forgotten) on message to tongdao_app;
revoke delete, truncate on talk from tongdao_app;

create function tongdao_message_file_stands() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.position > (
      select m.files from message m where m.merchant_id = new.merchant_id and m.id = new.message_id)
    then
      raise exception 'no file is added to a message later' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if tg_op = 'UPDATE' then
    if new.file = '' and to_jsonb(new) - 'file' = to_jsonb(old) - 'file' then
      return new;
    end if;
  end if;
  raise exception 'a file of a message stands' using errcode = 'restrict_violation';
end $$;
create trigger files_stand before insert or update or delete on message_file
  for each row execute function tongdao_message_file_stands();
create trigger files_stand_truncate before truncate on message_file
  for each statement execute function tongdao_message_file_stands();
revoke update, delete, truncate on message_file from tongdao_app;
grant update (file) on message_file to tongdao_app;
"""
TYPES = ["image/webp", "video/mp4", "video/quicktime", "video/webm"]


def to(model: str, **options: object) -> models.Field:
    return tongdao.foundation.tenancy.models.TenantForeignKey(
        on_delete=django.db.models.deletion.DO_NOTHING, to=model, **options
    )


class Migration(migrations.Migration):

    initial = True
    dependencies = [("foundation", "0001_initial"), ("orders", "0003_shares_of_promoter")]

    operations = [
        migrations.CreateModel(
            name="Talk",
            fields=[
                ("id", ID),
                ("merchant_id", MERCHANT),
                ("promoter_id", models.UUIDField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("last_seq", models.IntegerField(default=0)),
                ("buyer_waits_since", models.DateTimeField(null=True)),
                ("buyer_seen", models.IntegerField(default=0)),
                ("staff_seen", models.IntegerField(default=0)),
                ("promoter_seen", models.IntegerField(default=0)),
                ("buyer_unread", models.IntegerField(default=0)),
                ("staff_unread", models.IntegerField(default=0)),
                ("promoter_unread", models.IntegerField(default=0)),
                ("order", to("orders.order", related_name="talks", indexed=False)),
            ],
            options={"db_table": "talk", **BASE},
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", ID),
                ("merchant_id", MERCHANT),
                ("seq", models.IntegerField()),
                ("side", models.CharField(choices=SIDES, max_length=8)),
                ("author_id", models.UUIDField()),
                ("key", models.CharField(max_length=64)),
                ("text", tongdao.foundation.pii.fields.EncryptedTextField(null=True)),
                ("files", models.SmallIntegerField(default=0)),
                ("forgotten", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("talk", to("talk.talk", related_name="messages", indexed=False)),
            ],
            options={"db_table": "message", **BASE},
        ),
        migrations.CreateModel(
            name="MessageFile",
            fields=[
                ("id", ID),
                ("merchant_id", MERCHANT),
                ("position", models.SmallIntegerField()),
                ("file", models.CharField(blank=True, default="", max_length=120)),
                ("type", models.CharField(max_length=20)),
                ("bytes", models.IntegerField()),
                ("width", models.IntegerField(default=0)),
                ("height", models.IntegerField(default=0)),
                ("sha256", models.CharField(max_length=64)),
                ("message", to("talk.message", related_name="file_rows", indexed=False)),
            ],
            options={
                "db_table": "message_file",
                **BASE,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("file", ""), _negated=True),
                        fields=("merchant_id", "file"),
                        name="messagefile_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1)), name="messagefile_position"
                    ),
                    models.CheckConstraint(condition=models.Q(("type__in", TYPES)), name="messagefile_type"),
                    models.CheckConstraint(
                        condition=models.Q(("bytes__gt", 0), ("height__gte", 0), ("width__gte", 0)),
                        name="messagefile_size",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="messagefile_sha256"
                    ),
                    models.UniqueConstraint(
                        fields=("merchant_id", "message", "position"), name="message_file_place"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuickAnswer",
            fields=[
                ("id", ID),
                ("merchant_id", MERCHANT),
                ("title", models.CharField(max_length=40)),
                ("text", models.CharField(max_length=500)),
                ("position", models.IntegerField()),
            ],
            options={"db_table": "quick_answer", **BASE},
        ),
        migrations.AddIndex(
            "talk",
            models.Index(
                condition=models.Q(("buyer_waits_since__isnull", False), ("promoter_id__isnull", True)),
                fields=["merchant_id", "buyer_waits_since", "id"],
                name="talk_waiting",
            ),
        ),
        migrations.AddIndex(
            "talk", models.Index(fields=["merchant_id", "last_at", "id"], name="talk_latest")
        ),
        migrations.AddConstraint(
            "talk",
            models.UniqueConstraint(
                fields=("merchant_id", "order", "promoter_id"), name="talk_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            "talk",
            models.CheckConstraint(
                condition=models.Q(
                    ("buyer_seen__range", (0, models.F("last_seq"))),
                    ("buyer_unread__gte", 0),
                    ("last_seq__gte", 0),
                    ("promoter_seen__range", (0, models.F("last_seq"))),
                    ("promoter_unread__gte", 0),
                    ("staff_seen__range", (0, models.F("last_seq"))),
                    ("staff_unread__gte", 0),
                ),
                name="talk_counts",
            ),
        ),
        migrations.AddIndex(
            "message", models.Index(fields=["merchant_id", "author_id"], name="message_author")
        ),
        migrations.AddConstraint(
            "message",
            models.UniqueConstraint(fields=("merchant_id", "talk", "seq"), name="message_place"),
        ),
        migrations.AddConstraint(
            "message",
            models.UniqueConstraint(fields=("merchant_id", "talk", "side", "key"), name="message_once"),
        ),
        migrations.AddConstraint(
            "message",
            models.CheckConstraint(
                condition=models.Q(
                    ("files__gte", 0),
                    ("seq__gte", 1),
                    models.Q(("text__isnull", False), ("files__gt", 0), _connector="OR"),
                ),
                name="message_says",
            ),
        ),
        migrations.AddIndex(
            "quickanswer", models.Index(fields=["merchant_id", "position", "id"], name="quick_answer_order")
        ),
        SecureTable("Talk"),
        SecureTable("Message"),
        SecureTable("MessageFile"),
        SecureTable("QuickAnswer"),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
