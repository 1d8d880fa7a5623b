from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.tenancy.scopes
from tongdao.foundation.tenancy.operations import MERCHANT, NODE

OWN = f"merchant_id = {MERCHANT}"

# No foreign keys: a cascade would delete append-only rows without any grant.
EVENT = f"""
create table event (
  id uuid not null,
  seq bigint generated always as identity,
  txid xid8 not null default pg_current_xact_id(),
  merchant_id uuid not null,
  name text not null,
  schema_version smallint not null,
  subject_type text not null,
  subject_id uuid not null,
  subject_version integer not null default 0,
  actor_kind text not null,
  actor uuid,
  on_behalf_of uuid,
  request_id uuid,
  cause_id uuid,
  reason text not null default '',
  old jsonb,
  new jsonb,
  payload jsonb not null,
  at timestamptz not null default clock_timestamp()
) partition by range (at);
create index event_unread on event (merchant_id, txid, seq);
create index event_backlog on event (merchant_id, seq);
create index event_timeline on event (merchant_id, subject_type, subject_id, seq);
alter table event enable row level security;
alter table event force row level security;
create policy merchant on event for select using ({OWN});
create policy merchant_records on event for insert with check ({OWN});
-- A partner's deed is recorded in its node_scope, but it reads nothing of the merchant's log.
create policy node on event as restrictive for select using ({NODE} is null);
create policy platform on event for select to tongdao_platform using (true);
create trigger append_only before update or delete or truncate on event
  for each statement execute function tongdao_append_only();
revoke all on event from tongdao_app, tongdao_platform;
grant select on event to tongdao_app, tongdao_platform;
-- Own columns only: a grant on the whole table would let the application forge seq and txid.
grant insert (id, merchant_id, name, schema_version, subject_type, subject_id, subject_version, actor_kind,
  actor, on_behalf_of, request_id, cause_id, reason, old, new, payload, at) on event to tongdao_app;
revoke all on sequence event_seq_seq from tongdao_app, tongdao_platform;
"""

# A partition has neither grants nor policies of its own: its rows are reached through `event` alone.
PARTITIONS = """
create function event_partition_lock(part regclass) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  execute format('alter table %s enable row level security', part);
  execute format('alter table %s force row level security', part);
  execute format('revoke all on table %s from public, tongdao_app, tongdao_platform', part);
  execute format('create trigger append_only before update or delete or truncate on %s'
    ' for each statement execute function public.tongdao_append_only()', part);
end $$;
revoke all on function event_partition_lock(regclass) from public;

create function event_partitions_ensure(months_ahead integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp set lock_timeout = '3s' as $$
declare
  first date := date_trunc('month', clock_timestamp() at time zone 'UTC')::date;
  month date;
  part text;
  made integer := 0;
begin
  if months_ahead not between 0 and 120 then
    raise exception 'months_ahead must be 0 to 120' using errcode = 'invalid_parameter_value';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('event_partitions_ensure', 0));
  for n in 0 .. months_ahead loop
    month := (first + make_interval(months => n))::date;
    part := 'event_' || to_char(month, 'YYYY_MM');
    continue when to_regclass('public.' || part) is not null;
    begin
      execute format('create table public.%I partition of public.event for values from (%L) to (%L)', part,
        month::timestamp at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
      perform public.event_partition_lock(('public.' || part)::regclass);
      made := made + 1;
    exception when check_violation then
      raise warning 'events of % stand in event_default already and stay there', part;
    end;
  end loop;
  return made;
end $$;
revoke all on function event_partitions_ensure(integer) from public;
grant execute on function event_partitions_ensure(integer) to tongdao_app;

create table event_default partition of event default;
select event_partition_lock('event_default');
select event_partitions_ensure(24);
"""

# The rows that were not visible in `snap` and are visible in `target`, by seq. A tail is found by transaction
# id; a backlog of which one chunk is read already, or all of it, is walked by seq (or each chunk sorts it all).
UNREAD = """
create function event_unread(
  merchant uuid, snap pg_snapshot, target pg_snapshot, after bigint, names text[], most integer
) returns setof event
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  if after > 0 or pg_snapshot_xmax(snap) = '1'::xid8 then
    return query select e.* from event e
      where e.merchant_id = merchant and e.seq > after
        and pg_visible_in_snapshot(e.txid, target) and not pg_visible_in_snapshot(e.txid, snap)
        and (names is null or e.name = any(names))
      order by e.seq limit most;
  else
    return query select * from (
      select e.* from event e
        where e.merchant_id = merchant and e.txid >= pg_snapshot_xmax(snap)
          and e.txid < pg_snapshot_xmax(target) and pg_visible_in_snapshot(e.txid, target)
          and (names is null or e.name = any(names))
      union all
      select e.* from event e
        where e.merchant_id = merchant and e.txid = any(array(select pg_snapshot_xip(snap)))
          and pg_visible_in_snapshot(e.txid, target)
          and (names is null or e.name = any(names))
    ) unread order by seq limit most;
  end if;
end $$;
"""

# Positions hold no id of their own and are written by one reader at a time, under its advisory lock.
POSITION = f"""
create table event_reader_position (
  merchant_id uuid not null,
  reader text not null,
  snapshot pg_snapshot not null,
  target pg_snapshot,
  after_seq bigint not null default 0,
  failures integer not null default 0,
  retry_at timestamptz,
  last_error text not null default '',
  last_event uuid,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (merchant_id, reader)
);
alter table event_reader_position enable row level security;
alter table event_reader_position force row level security;
create policy merchant on event_reader_position using ({OWN}) with check ({OWN});
create policy node on event_reader_position as restrictive using ({NODE} is null) with check ({NODE} is null);
create policy platform on event_reader_position for select to tongdao_platform using (true);
revoke all on event_reader_position from tongdao_app, tongdao_platform;
grant select, insert, update on event_reader_position to tongdao_app;
grant select on event_reader_position to tongdao_platform;
"""

INTENT = f"""
create table event_intent (
  merchant_id uuid not null,
  id uuid not null,
  event_id uuid not null,
  event_seq bigint not null,
  reactor text not null,
  target text not null,
  kind text not null,
  payload jsonb not null,
  state text not null default 'pending' check (state in ('pending', 'done', 'failed')),
  attempts integer not null default 0,
  next_at timestamptz not null default clock_timestamp(),
  last_error text not null default '',
  created_at timestamptz not null default clock_timestamp(),
  primary key (merchant_id, id),
  unique (merchant_id, event_id, reactor, target)
);
create index event_intent_due on event_intent (merchant_id, next_at) where state = 'pending';
alter table event_intent enable row level security;
alter table event_intent force row level security;
create policy merchant on event_intent using ({OWN}) with check ({OWN});
create policy node on event_intent as restrictive using ({NODE} is null) with check ({NODE} is null);
create policy platform on event_intent for select to tongdao_platform using (true);
revoke all on event_intent from tongdao_app, tongdao_platform;
grant select, insert, update (state, attempts, next_at, last_error) on event_intent to tongdao_app;
grant select on event_intent to tongdao_platform;
"""

# What the platform role asks at every poll. Merchants are found by stepping along the index. One probe a
# merchant finds those where something may be unread; only there each reader is asked.
WORK = """
create function event_merchants() returns setof uuid language plpgsql stable as $$
begin
  return query with recursive merchant(id) as (
    (select e.merchant_id from event e order by e.merchant_id limit 1)
    union all
    select (select e.merchant_id from event e where e.merchant_id > m.id order by e.merchant_id limit 1)
      from merchant m where m.id is not null
  )
  select m.id from merchant m where m.id is not null;
end $$;

create function event_work(readers text[]) returns table (reader text, merchant_id uuid)
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  return query
  with reading as materialized (
    select m.id, r.reader, coalesce(p.snapshot, '1:1:') as snap,
      p.retry_at is null or p.retry_at <= clock_timestamp() as due
    from event_merchants() m(id) cross join unnest(readers) r(reader)
    left join event_reader_position p on p.merchant_id = m.id and p.reader = r.reader
  ), behind as materialized (
    select oldest.id from (
      select w.id, min(pg_snapshot_xmin(w.snap)) as horizon
      from reading w where w.due group by w.id offset 0
    ) oldest
    where exists (select from event e where e.merchant_id = oldest.id and e.txid >= oldest.horizon offset 0)
  )
  select w.reader, w.id from behind b join reading w using (id)
  where w.due and exists (
    select from event e where e.merchant_id = w.id and e.txid >= pg_snapshot_xmin(w.snap)
      and not pg_visible_in_snapshot(e.txid, w.snap) offset 0);
end $$;

create function event_lag(readers text[], most integer)
returns table (reader text, merchant_id uuid, events bigint, seconds double precision) language plpgsql stable as $$
begin
  return query select r.reader, m.id, unread.events,
    greatest(0, extract(epoch from clock_timestamp() - unread.oldest)::double precision)
  from event_merchants() m(id) cross join unnest(readers) r(reader)
  left join event_reader_position p on p.merchant_id = m.id and p.reader = r.reader
  cross join lateral (
    select count(*) as events, min(u.at) as oldest from (
      select e.at from event_unread(m.id, coalesce(p.snapshot, '1:1:'), coalesce(p.target, pg_current_snapshot()),
        coalesce(p.after_seq, 0), null, most) e
    ) u
  ) unread;
end $$;
"""

ID = ("id", models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False))
MERCHANT_ID = (
    "merchant_id",
    models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False),
)


def unmanaged(name: str, table: str, fields: dict[str, models.Field]) -> migrations.CreateModel:
    """Django is told that the model exists; the statements above made the table."""
    options = {"db_table": table, "abstract": False, "managed": False, "base_manager_name": "objects"}
    return migrations.CreateModel(name=name, fields=[ID, MERCHANT_ID, *fields.items()], options=options)


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]

    operations = [
        *(
            migrations.RunSQL(statements, migrations.RunSQL.noop)
            for statements in (EVENT, PARTITIONS, UNREAD, POSITION, INTENT, WORK)
        ),
        unmanaged(
            "Event",
            "event",
            {
                "seq": models.BigIntegerField(),
                "name": models.TextField(),
                "schema_version": models.SmallIntegerField(),
                "subject_type": models.TextField(),
                "subject_id": models.UUIDField(),
                "subject_version": models.IntegerField(),
                "actor_kind": models.TextField(),
                "actor": models.UUIDField(null=True),
                "on_behalf_of": models.UUIDField(null=True),
                "request_id": models.UUIDField(null=True),
                "cause_id": models.UUIDField(null=True),
                "reason": models.TextField(),
                "old": models.JSONField(null=True),
                "new": models.JSONField(null=True),
                "payload": models.JSONField(),
                "at": models.DateTimeField(),
            },
        ),
        unmanaged(
            "Intent",
            "event_intent",
            {
                "event_id": models.UUIDField(),
                "event_seq": models.BigIntegerField(),
                "reactor": models.TextField(),
                "target": models.TextField(),
                "kind": models.TextField(),
                "payload": models.JSONField(),
                "state": models.TextField(default="pending"),
                "attempts": models.IntegerField(default=0),
                "next_at": models.DateTimeField(),
                "last_error": models.TextField(default=""),
                "created_at": models.DateTimeField(),
            },
        ),
    ]
