"""The one account of a sandbox, its control token, and the lock on its directory."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO


class DirectoryBusy(RuntimeError):
    """Another sandbox process uses the directory."""


@dataclass(frozen=True)
class Account:
    """What a client of the real service is given on registration, and the control token, which is ours."""

    key: str
    secret: str
    customer: str
    partner_id: str
    control_token: str


def hold_directory(folder: Path) -> IO[str]:
    """Lock the directory for this process's life (the kernel lets go when it dies); `DirectoryBusy`."""
    handle = (folder / "lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise DirectoryBusy(f"{folder} is in use by another carrier sandbox") from None
    return handle


def _write_private(path: Path, text: str) -> None:
    """Write whole or not at all: a start killed half way must not leave half an account."""
    draft = path.with_suffix(path.suffix + ".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.rename(path)


def _new_account() -> Account:
    return Account(
        key=secrets.token_hex(8),
        secret=secrets.token_hex(16),
        customer=secrets.token_hex(16).upper(),
        partner_id=f"{secrets.randbelow(10**10):010d}",
        control_token=secrets.token_urlsafe(24),
    )


def load_account(folder: Path) -> Account:
    """Read the account, writing both files on the first start."""
    account_file, token_file = folder / "account.json", folder / "control.token"
    fresh = asdict(_new_account())
    token = fresh.pop("control_token")
    if not token_file.exists():
        _write_private(token_file, token + "\n")
    if not account_file.exists():
        _write_private(account_file, json.dumps(fresh, indent=1) + "\n")
    known = json.loads(account_file.read_text("utf-8"))
    return Account(**known, control_token=token_file.read_text("utf-8").strip())
