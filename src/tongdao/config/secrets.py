"""Keys and passwords of this installation, generated once into a file that only its owner can read.

Losing the file loses every encrypted name, phone number and address: it belongs into the backup.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROLES = ("postgres", "tongdao_owner", "tongdao_app", "tongdao_platform")


class BadSecrets(Exception):
    """The secrets file cannot be read; the message names the file and what is wrong with it."""


@dataclass(frozen=True)
class Secrets:
    """`pii_keys` maps key id to 32 bytes (AES-256); new values are written under `pii_current`.

    `blind_index_key` is 32 bytes (HMAC-SHA-256). `role_passwords` maps each name in ROLES to its password.
    """

    django_key: str = field(repr=False)
    pii_keys: Mapping[str, bytes] = field(repr=False)
    pii_current: str
    blind_index_key: bytes = field(repr=False)
    role_passwords: Mapping[str, str] = field(repr=False)


def load_secrets(path: Path) -> Secrets:
    """Read the file, generating it when it is not there. Two processes that start at once agree on one."""
    if not path.exists():
        _create(path)
    try:
        return _decode(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadSecrets(
            f"The secrets file {path} cannot be read: {error!r}. Restore it from a backup."
        ) from error


def _create(path: Path) -> None:
    """Write beside it and link into place: the first one wins and nobody ever reads half a file."""
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(_generate(), file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # another process was first; its secrets are as good as ours
    finally:
        draft.unlink()


def _generate() -> dict[str, object]:
    return {
        "django_key": secrets.token_urlsafe(50),
        "pii_keys": {"k1": _b64(secrets.token_bytes(32))},
        "pii_current": "k1",
        "blind_index_key": _b64(secrets.token_bytes(32)),
        "role_passwords": {role: secrets.token_urlsafe(24) for role in ROLES},
    }


def _decode(raw: dict[str, object]) -> Secrets:
    keys, passwords = raw["pii_keys"], raw["role_passwords"]
    if not isinstance(keys, dict) or not isinstance(passwords, dict):
        raise ValueError("pii_keys and role_passwords are objects")
    found = Secrets(
        django_key=str(raw["django_key"]),
        pii_keys={str(kid): base64.b64decode(key, validate=True) for kid, key in keys.items()},
        pii_current=str(raw["pii_current"]),
        blind_index_key=base64.b64decode(str(raw["blind_index_key"]), validate=True),
        role_passwords={role: str(passwords[role]) for role in ROLES},
    )
    if found.pii_current not in found.pii_keys:
        raise ValueError(f"pii_current {found.pii_current!r} is not among pii_keys")
    if any(len(key) != 32 for key in (*found.pii_keys.values(), found.blind_index_key)):
        raise ValueError("every key has 32 bytes")
    return found


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
