"""The doctor finds nothing on a healthy installation, and names each fault that is planted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest

from tongdao.config.cli import main
from tongdao.config.doctor import examine
from tongdao.config.doctor.finding import Finding
from tongdao.config.env import load_env

OWN = "merchant_id = (select nullif(current_setting('tongdao.merchant', true), '')::uuid)"


@contextmanager
def planted(fault: str, repair: str, *, admin: bool = False) -> Iterator[None]:
    """Run the fault as the owner (or the superuser), and its repair whatever happens."""
    urls = load_env().databases
    url = urls.admin if admin else urls.owner
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(fault)
        try:
            yield
        finally:
            connection.execute(repair)


def failures() -> list[Finding]:
    return [finding for finding in examine(load_env()) if finding.level == "FAIL"]


def test_a_healthy_installation_has_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert failures() == []
    assert main(["doctor", "--json"]) == 0
    findings = json.loads(capsys.readouterr().out)
    assert {
        "database",
        "version",
        "clock",
        "roles",
        "row-level security",
        "partitions",
        "migrations",
        "keys",
    } <= {finding["what"] for finding in findings}
    assert all(finding["todo"] for finding in findings if finding["level"] != "ok")


@pytest.mark.parametrize(
    ("fault", "repair", "said"),
    [
        (
            "alter table brand disable row level security",
            "alter table brand enable row level security",
            "off on brand",
        ),
        (
            'alter table "order" no force row level security',
            'alter table "order" force row level security',
            "not forced on order",
        ),
        (
            "alter policy merchant on member rename to m; drop policy m on member",
            f"create policy merchant on member using ({OWN}) with check ({OWN})",
            "no merchant policy on member",
        ),
        (
            "create policy hole on sku for select using (true)",
            "drop policy hole on sku",
            "a policy opens sku to everybody",
        ),
        (
            "create table forgotten (merchant_id uuid)",
            "drop table forgotten",
            "off on forgotten",
        ),
    ],
)
def test_a_table_without_its_policy_is_named(fault: str, repair: str, said: str) -> None:
    with planted(fault, repair):
        found = failures()
    assert said in [finding.said for finding in found]
    assert all(finding.todo for finding in found)
    assert failures() == [], "the fault is repaired"


@pytest.mark.parametrize("privilege", ["bypassrls", "superuser"])
def test_a_role_that_passes_by_policies_is_named(privilege: str) -> None:
    with planted(f"alter role tongdao_app {privilege}", f"alter role tongdao_app no{privilege}", admin=True):
        assert "tongdao_app passes by row-level security" in [finding.said for finding in failures()]


def test_events_about_to_run_out_of_partitions_are_seen() -> None:
    """Future partitions get names for a moment that the check does not count."""
    months = (
        "do $$ declare part record; begin"
        " for part in select inhrelid::regclass::text as name from pg_inherits"
        " where inhparent = 'event'::regclass and inhrelid::regclass::text ~ '{pattern}'"
        " and inhrelid::regclass::text > '{least}' loop"
        " execute format('alter table %I rename to %I', part.name, {name}); end loop; end $$"
    )
    with psycopg.connect(load_env().databases.owner) as connection:
        row = connection.execute("select 'event_' || to_char(now() at time zone 'UTC', 'YYYY_MM')").fetchone()
    assert row is not None
    hide = months.format(pattern="^event_2", least=row[0], name="'x' || part.name")
    show = months.format(pattern="^xevent_2", least="a", name="substr(part.name, 2)")
    with planted(hide, show):
        assert [finding.what for finding in failures()] == ["partitions"]


def test_a_missing_migration_is_named() -> None:
    gone = "delete from django_migrations where app = 'ledger'"
    with psycopg.connect(load_env().databases.owner, autocommit=True) as connection:
        rows = connection.execute(f"{gone} returning app, name, applied").fetchall()
        try:
            found = failures()
        finally:
            connection.cursor().executemany(
                "insert into django_migrations (app, name, applied) values (%s, %s, %s)", rows
            )
    assert [finding.what for finding in found] == ["migrations"]
    assert "ledger.0001" in found[0].said


def test_a_position_from_another_cluster_is_seen() -> None:
    """As after a restore: the reader's snapshot lies ahead of all transaction ids."""
    merchant = str(uuid4())
    with psycopg.connect(load_env().databases.app, autocommit=True) as connection:
        connection.execute("select set_config('tongdao.merchant', %s, false)", [merchant])
        connection.execute(
            "insert into event_reader_position (merchant_id, reader, snapshot) values (%s, 'lost', '1:1:')",
            [merchant],
        )
        connection.execute("update event_reader_position set snapshot = '1:9999999999:'")
        try:
            found = failures()
        finally:
            connection.execute("update event_reader_position set snapshot = '1:1:'")
    assert [finding.what for finding in found] == ["readers"]


def test_keys_that_others_can_read_are_named() -> None:
    path = load_env().secrets_file
    path.chmod(0o644)
    try:
        found = failures()
    finally:
        path.chmod(0o600)
    assert [finding.what for finding in found] == ["keys"]
    assert "644" in found[0].said


def test_private_files_that_others_can_read_are_named() -> None:
    folder = load_env().data_dir / "private"
    folder.mkdir(mode=0o700, exist_ok=True)
    before = folder.stat().st_mode
    folder.chmod(0o755)
    try:
        assert [finding.what for finding in failures()] == ["private files"]
    finally:
        folder.chmod(before)
    assert failures() == []


def test_a_database_that_is_down_is_said_with_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://tongdao_owner:x@127.0.0.1:1/tongdao")
    assert main(["doctor"]) == 1
    assert "FAIL  database: no sign-in as owner" in capsys.readouterr().out


def test_a_reader_that_stands_still_is_named_with_its_event_and_error() -> None:
    merchant, event = uuid4(), uuid4()
    plant = (
        "insert into event_reader_position (reader, merchant_id, snapshot, target, after_seq, failures,"
        f" last_error, last_event) values ('planted', '{merchant}', pg_current_snapshot(),"
        f" pg_current_snapshot(), 0, 3, 'no such column', '{event}')"
    )
    repair = f"delete from event_reader_position where merchant_id = '{merchant}'"
    with planted(plant, repair, admin=True):
        found = [each.said for each in examine(load_env()) if each.what == "readers"]
    assert any(str(event) in said and "no such column" in said and "planted" in said for said in found)
