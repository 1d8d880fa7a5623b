"""What a process of the soak did, and what it ended with: refusals by code, database errors by SQLSTATE."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

from django.db import DatabaseError

from tongdao.foundation.refusals import Refusal

Count = Counter[str]


def counted(name: str, deed: Callable[[], object], count: Count) -> None:
    """Do it once; a refusal is an end like any other, and an error of the database is told."""
    try:
        deed()
    except Refusal as refusal:
        count[f"{name}: {refusal.code}"] += 1
    except DatabaseError as error:
        count[f"error {getattr(error.__cause__, 'sqlstate', None)} in {name}"] += 1
    except Exception as error:  # noqa: BLE001 told like the others, with all that was counted
        count[f"error {error!r} in {name}"] += 1
    else:
        count[name] += 1


def say(count: Count) -> None:
    """The process's last line."""
    print(json.dumps(count))


def errors(count: Count) -> Count:
    return Counter({what: number for what, number in count.items() if what.startswith("error")})
