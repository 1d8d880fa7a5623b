"""The embedded database keeps its data through kill -9, dies with its parent and lets nobody else in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.stack import wait_until
from tongdao.config.embedded import DatabaseDown, Embedded
from tongdao.config.env import load_env
from tongdao.config.place import LONGEST_SOCKET_PATH, find_place
from tongdao.config.roles import DatabaseNotPrepared, prepare

pytestmark = pytest.mark.pure

PARENT = """
import sys, time
from pathlib import Path
from tongdao.config.embedded import Embedded
from tongdao.config.secrets import load_secrets
data_dir = Path(sys.argv[1])
server = Embedded(data_dir, load_secrets(data_dir / "secrets.json").role_passwords, durable=False)
server.start()
print(server.process.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def server(open_dir: Path) -> Iterator[Embedded]:
    secrets = load_env({"TONGDAO_DATA": str(open_dir)}).secrets
    server = Embedded(open_dir, secrets.role_passwords, durable=False)
    server.start()
    yield server
    server.stop()


def test_data_outlives_kill_nine(server: Embedded) -> None:
    with psycopg.connect(server.admin_url) as connection:
        connection.execute("create table kept as select generate_series(1, 1000) as n")
    assert server.process is not None
    first = server.process.pid
    server.kill()
    assert not server.is_ready()
    server.start()
    assert server.process is not None
    assert server.process.pid != first
    with psycopg.connect(server.admin_url) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (1000,)


def test_is_made_for_chinese_text_and_checks_its_pages(server: Embedded) -> None:
    with psycopg.connect(server.admin_url) as connection:
        row = connection.execute(
            "select datlocprovider::text, datlocale, datctype, current_setting('data_checksums'),"
            " current_setting('listen_addresses'), '茶' ~ '[[:alpha:]]'"
            " from pg_database where datname = 'postgres'"
        ).fetchone()
    assert row == ("b", "C.UTF-8", "C.UTF-8", "on", "", True)


def test_nobody_gets_in_without_the_password(server: Embedded) -> None:
    without = server.admin_url.replace(server.password, "guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(without)
    assert server.place.sockets.stat().st_mode & 0o777 == 0o700
    assert server.place.data.stat().st_mode & 0o777 == 0o700


def test_the_roles_are_held_and_the_application_makes_no_tables(server: Embedded) -> None:
    env = load_env({"TONGDAO_DATA": str(server.data_dir)})
    for _ in range(2):  # again changes nothing
        prepare(env.databases, env.secrets.role_passwords)
    with psycopg.connect(env.databases.owner) as connection:
        rows = connection.execute(
            "select count(*) from pg_roles where rolname like 'tongdao_%'"
            " and not (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)"
        ).fetchone()
        assert rows == (3,)
        connection.execute("create table made_by_owner (n int)")
    with (
        psycopg.connect(env.databases.app) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("create table made_by_app (n int)")


def test_an_outside_url_that_cannot_prepare_is_told_what_is_missing(server: Embedded) -> None:
    with psycopg.connect(server.admin_url) as connection:
        connection.execute("create role plain login password 'plain'")
    url = server.admin_url.replace(f"postgres:{server.password}", "plain:plain")
    env = load_env({"TONGDAO_DATA": str(server.data_dir), "DATABASE_URL": url})
    with pytest.raises(DatabaseNotPrepared, match=r"tongdao_app(.|\n)*create role tongdao_owner login"):
        prepare(env.databases, env.secrets.role_passwords)


def test_an_outside_url_that_may_make_roles_is_enough(server: Embedded) -> None:
    """What a managed service gives: no superuser, but it may create roles and databases."""
    with psycopg.connect(server.admin_url) as connection:
        connection.execute("create role manager login createrole createdb password 'manager'")
    url = server.admin_url.replace(f"postgres:{server.password}", "manager:manager").replace(
        "/postgres?", "/shop?"
    )
    env = load_env({"TONGDAO_DATA": str(server.data_dir), "DATABASE_URL": url})
    for _ in range(2):
        prepare(env.databases, env.secrets.role_passwords)
    with psycopg.connect(env.databases.owner) as connection:
        assert connection.info.dbname == "shop"
        connection.execute("create table t (n int)")


def test_dies_with_a_parent_that_is_killed(open_dir: Path) -> None:
    argv = (sys.executable, "-c", PARENT, str(open_dir))
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        database = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    wait_until(lambda: not database.is_running() or database.status() == psutil.STATUS_ZOMBIE, "its end")


def test_waits_for_an_older_instance_to_leave(open_dir: Path) -> None:
    """The older one belongs to another process, as after a kill -9 of its supervisor."""
    argv = (sys.executable, "-c", PARENT, str(open_dir))
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        older = int(parent.stdout.readline())
        newer = Embedded(
            open_dir, load_env({"TONGDAO_DATA": str(open_dir)}).secrets.role_passwords, durable=False
        )
        newer.start()
        assert newer.process is not None
        assert newer.process.pid != older
        newer.stop()
        parent.kill()


def test_a_stale_pid_file_of_a_reused_number_is_no_hindrance(server: Embedded) -> None:
    """The number in the file may belong to an unrelated program, which must not be touched."""
    server.stop()
    stale = [str(os.getppid()), str(server.place.data), "1000000000", "5432", "", "", "", "ready"]
    (server.place.data / "postmaster.pid").write_text("\n".join(stale))
    os.chown(server.place.data / "postmaster.pid", server.place.uid or -1, -1)
    server.start()
    assert server.is_ready()


def test_data_of_another_major_version_is_refused(server: Embedded) -> None:
    server.stop()
    (server.place.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(DatabaseDown, match="made by PostgreSQL 17"):
        server.start()
    (server.place.data / "PG_VERSION").write_text("18\n")


def test_a_log_explains_why_it_does_not_start(server: Embedded) -> None:
    server.stop()
    with (server.place.data / "postgresql.auto.conf").open("a") as conf:
        conf.write("shared_buffers = 'nonsense'\n")
    with pytest.raises(DatabaseDown, match="shared_buffers"):
        server.start()


def test_a_long_path_gets_a_short_socket(open_dir: Path) -> None:
    deep = open_dir / ("d" * 120)
    deep.mkdir()
    place = find_place(deep)
    assert len(str(place.sockets / ".s.PGSQL.5432")) < LONGEST_SOCKET_PATH
    assert find_place(deep) == place, "it is remembered"
    place.sockets.rmdir()


def test_the_data_directory_can_be_moved(server: Embedded) -> None:
    server.stop()
    elsewhere = server.data_dir / "moved"
    elsewhere.mkdir()
    for name in ("database.json", "postgres", "secrets.json"):
        (server.data_dir / name).rename(elsewhere / name)
    moved = Embedded(
        elsewhere, load_env({"TONGDAO_DATA": str(elsewhere)}).secrets.role_passwords, durable=False
    )
    moved.start()
    assert moved.is_ready()
    moved.stop()


def test_a_closed_data_directory_keeps_its_database_where_its_user_can_reach_it(open_dir: Path) -> None:
    """Under root; anyone else runs the database as themselves, beside the other data."""
    closed = open_dir / "closed"
    closed.mkdir(mode=0o700)
    server = Embedded(closed, load_env({"TONGDAO_DATA": str(closed)}).secrets.role_passwords, durable=False)
    server.start()
    assert server.is_ready()
    assert (server.place.home == closed / "postgres") == (os.geteuid() != 0)
    assert json.loads((closed / "database.json").read_text())["home"] in (str(server.place.home), "postgres")
    server.stop()
    subprocess.run(["rm", "-r", str(server.place.home)], check=True)
