"""Keys and passwords: made once, readable by nobody else, never half read."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tongdao.config.secrets import BadSecrets, load_secrets

pytestmark = pytest.mark.pure


def test_are_generated_once_and_stay(tmp_path: Path) -> None:
    first = load_secrets(tmp_path / "new" / "secrets.json")
    assert load_secrets(tmp_path / "new" / "secrets.json") == first
    assert load_secrets(tmp_path / "other.json").django_key != first.django_key
    assert len(first.pii_keys[first.pii_current]) == len(first.blind_index_key) == 32
    assert len(set(first.role_passwords.values())) == 4


def test_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    load_secrets(tmp_path / "secrets.json")
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"], "no draft is left lying about"


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: load_secrets(tmp_path / "secrets.json").django_key, range(32)))
    assert len(set(found)) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw.pop("blind_index_key"),
        lambda raw: raw.update(pii_current="k9"),
        lambda raw: raw.update(blind_index_key="c2hvcnQ="),
        lambda raw: raw.update(pii_keys={"k1": "not base64!"}),
        lambda raw: raw["role_passwords"].pop("tongdao_app"),
    ],
)
def test_a_damaged_file_is_refused_and_named(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "secrets.json"
    load_secrets(path)
    raw = json.loads(path.read_text())
    assert callable(damage)
    damage(raw)
    path.write_text(json.dumps(raw))
    with pytest.raises(BadSecrets, match=r"secrets\.json"):
        load_secrets(path)


def test_nothing_secret_is_shown_when_printed(tmp_path: Path) -> None:
    secrets = load_secrets(tmp_path / "secrets.json")
    assert secrets.django_key not in repr(secrets)
    assert secrets.role_passwords["tongdao_app"] not in repr(secrets)
