"""What the environment may say, and that the page about it is true."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongdao.config.env import BadSetting, load_env
from tongdao.config.settings_table import configuration_table

pytestmark = pytest.mark.pure
PAGE = Path(__file__).resolve().parents[2] / "docs" / "configuration.md"


def test_the_page_shows_every_variable_as_the_code_has_it() -> None:
    assert configuration_table() in PAGE.read_text(encoding="utf-8")


def test_defaults_follow_from_the_port_and_the_data_directory(tmp_path: Path) -> None:
    env = load_env({"TONGDAO_DATA": str(tmp_path), "TONGDAO_PORT": "9100"})
    assert env.base_url == "http://127.0.0.1:9100"
    assert (env.wechatpay_url, env.carrier_url) == ("http://127.0.0.1:9101", "http://127.0.0.1:9102")
    assert env.wechat_url == "http://127.0.0.1:9103"
    assert env.embedded
    assert env.secrets_file == tmp_path / "secrets.json"
    assert str(tmp_path / "postgres" / "run").replace("/", "%2F") in env.databases.app


def test_roles_derive_from_one_url_and_each_can_be_given(tmp_path: Path) -> None:
    given = {
        "TONGDAO_DATA": str(tmp_path),
        "DATABASE_URL": "postgresql://admin:pw@db.example:5433/shop?sslmode=require",
        "DATABASE_URL_PLATFORM": "postgresql://tongdao_platform:other@db.example/shop",
    }
    env = load_env(given)
    password = env.secrets.role_passwords["tongdao_app"]
    assert not env.embedded
    assert env.databases.app == f"postgresql://tongdao_app:{password}@db.example:5433/shop?sslmode=require"
    assert env.databases.platform == given["DATABASE_URL_PLATFORM"]
    assert env.databases.admin == given["DATABASE_URL"]


def test_a_given_owner_keeps_its_own_password(tmp_path: Path) -> None:
    url = "postgresql://tongdao_owner:own@db.example/tongdao"
    assert load_env({"TONGDAO_DATA": str(tmp_path), "DATABASE_URL": url}).databases.owner == url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TONGDAO_PORT", "eighty"),
        ("TONGDAO_PORT", "70000"),
        ("TONGDAO_DEBUG", "maybe"),
        ("TONGDAO_WEB_WORKERS", "0"),
        ("TONGDAO_LOG_LEVEL", "LOUD"),
    ],
)
def test_nonsense_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        load_env({"TONGDAO_DATA": str(tmp_path), name: value})


def test_own_host_may_always_be_asked_for(tmp_path: Path) -> None:
    env = load_env(
        {
            "TONGDAO_DATA": str(tmp_path),
            "TONGDAO_BASE_URL": "https://shop.example/",
            "TONGDAO_ALLOWED_HOSTS": "a.example, b.example",
        }
    )
    assert env.base_url == "https://shop.example"
    assert env.allowed_hosts == ("shop.example", "localhost", "127.0.0.1", "a.example", "b.example")
