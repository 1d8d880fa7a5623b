import django.db.models.deletion
import tongdao.foundation.ids
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import GuardStates, SecureTable

# What was said stands. A text is said once; it goes only in the step that takes the review down. Rows stay.
GUARDS = """
create function tongdao_review_stands() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'a review is never deleted' using errcode = 'restrict_violation';
  end if;
  if (old.id, old.merchant_id, old.line_id, old.product_id, old.person_id, old.stars, old.pictures, old.written_at)
      is distinct from
     (new.id, new.merchant_id, new.line_id, new.product_id, new.person_id, new.stars, new.pictures, new.written_at)
    or not tongdao_said_once(old.text, new.text, old.written_at, new.written_at, old.state, new.state)
    or not tongdao_said_once(old.answer, new.answer, old.answered_at, new.answered_at, old.state, new.state)
    or not tongdao_said_once(
      old.follow_up, new.follow_up, old.followed_up_at, new.followed_up_at, old.state, new.state)
    or not tongdao_said_once(
      old.follow_up_answer, new.follow_up_answer, old.follow_up_answered_at, new.follow_up_answered_at,
      old.state, new.state)
    or (old.follow_up_pictures <> new.follow_up_pictures
      and (old.followed_up_at is not null or new.followed_up_at is null))
    or (old.state = new.state and
      (old.fold_reason, old.folded_at, old.taken_down_reason, old.taken_down_at) is distinct from
      (new.fold_reason, new.folded_at, new.taken_down_reason, new.taken_down_at))
  then
    raise exception 'a review stands as it was written' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create function tongdao_said_once(
  before text, after text, said timestamptz, says timestamptz, state text, becomes text
) returns boolean language sql immutable as $$
  select case
    when becomes = 'taken_down' and state <> 'taken_down' then after = '' and says is not distinct from said
    when said is null and state <> 'taken_down' then (says is null) <= (after = '')
    else after = before and says is not distinct from said
  end
$$;

create function tongdao_review_picture_stands() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.position > (
      select case when new.follow_up then r.follow_up_pictures else r.pictures end
      from review r where r.merchant_id = new.merchant_id and r.id = new.review_id)
    then
      raise exception 'no picture is added to a review later' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if tg_op = 'UPDATE' then
    if new.file = '' and (to_jsonb(new) - 'file') = (to_jsonb(old) - 'file') and exists (
      select from review r
      where r.merchant_id = old.merchant_id and r.id = old.review_id and r.state = 'taken_down')
    then
      return new;
    end if;
  end if;
  raise exception 'a picture of a review stands' using errcode = 'restrict_violation';
end $$;

revoke delete, truncate on review, review_picture, review_tally from tongdao_app;
create trigger words_stand before update or delete on review
  for each row execute function tongdao_review_stands();
create trigger words_stand_truncate before truncate on review
  for each statement execute function tongdao_review_stands();
create trigger pictures_stand before insert or update or delete on review_picture
  for each row execute function tongdao_review_picture_stands();
create trigger pictures_stand_truncate before truncate on review_picture
  for each statement execute function tongdao_review_picture_stands();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0001_initial'),
        ('catalog', '0003_sku_size'),
        ('orders', '0002_discounts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('person_id', models.UUIDField()),
                ('stars', models.SmallIntegerField()),
                ('text', models.CharField(blank=True, default='', max_length=500)),
                ('pictures', models.SmallIntegerField(default=0)),
                ('written_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, default='', max_length=500)),
                ('answered_at', models.DateTimeField(null=True)),
                ('follow_up', models.CharField(blank=True, default='', max_length=500)),
                ('follow_up_pictures', models.SmallIntegerField(default=0)),
                ('followed_up_at', models.DateTimeField(null=True)),
                ('follow_up_answer', models.CharField(blank=True, default='', max_length=500)),
                ('follow_up_answered_at', models.DateTimeField(null=True)),
                ('state', models.CharField(default='shown', max_length=10)),
                ('version', models.IntegerField(default=1)),
                ('fold_reason', models.CharField(blank=True, default='', max_length=24)),
                ('folded_at', models.DateTimeField(null=True)),
                ('taken_down_reason', models.CharField(blank=True, default='', max_length=24)),
                ('taken_down_at', models.DateTimeField(null=True)),
                ('line', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='reviews', to='orders.orderline')),
                ('product', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='reviews', to='catalog.product')),
            ],
            options={
                'db_table': 'review',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ReviewPicture',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('follow_up', models.BooleanField(default=False)),
                ('position', models.SmallIntegerField()),
                ('file', models.CharField(max_length=255)),
                ('width', models.IntegerField()),
                ('height', models.IntegerField()),
                ('review', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='picture_rows', to='reviews.review')),
            ],
            options={
                'db_table': 'review_picture',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ReviewTally',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('stars_1', models.IntegerField(default=0)),
                ('stars_2', models.IntegerField(default=0)),
                ('stars_3', models.IntegerField(default=0)),
                ('stars_4', models.IntegerField(default=0)),
                ('stars_5', models.IntegerField(default=0)),
                ('pictured', models.IntegerField(default=0)),
                ('followed_up', models.IntegerField(default=0)),
                ('product', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='review_tallies', to='catalog.product')),
            ],
            options={
                'db_table': 'review_tally',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['merchant_id', 'product', 'written_at', 'id'], name='review_product'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['merchant_id', 'product', 'stars', 'written_at', 'id'], name='review_product_stars'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['merchant_id', 'written_at', 'id'], name='review_latest'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['person_id', 'written_at'], name='review_person'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'line'), name='review_once_a_line'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('stars__range', (1, 5))), name='review_stars'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('follow_up_pictures__range', (0, 9)), ('pictures__range', (0, 9))), name='review_pictures'),
        ),
        migrations.AddConstraint(
            model_name='reviewpicture',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'review', 'follow_up', 'position'), name='review_picture_place'),
        ),
        migrations.AddConstraint(
            model_name='reviewpicture',
            constraint=models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='review_picture_position'),
        ),
        migrations.AddConstraint(
            model_name='reviewtally',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'product'), name='review_tally_product'),
        ),
        migrations.AddConstraint(
            model_name='reviewtally',
            constraint=models.CheckConstraint(condition=models.Q(('followed_up__gte', 0), ('pictured__gte', 0), ('stars_1__gte', 0), ('stars_2__gte', 0), ('stars_3__gte', 0), ('stars_4__gte', 0), ('stars_5__gte', 0)), name='review_tally_counts'),
        ),
        SecureTable("Review", person="person_id"),
        SecureTable("ReviewPicture"),
        SecureTable("ReviewTally"),
        GuardStates(
            "Review",
            initial="shown",
            transitions=[
                ("folded", "shown"),
                ("folded", "taken_down"),
                ("shown", "folded"),
                ("shown", "taken_down"),
            ],
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
