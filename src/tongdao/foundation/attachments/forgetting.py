"""Files whose rows are to name them no more, and what a crash has left."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet

from tongdao.foundation.attachments.models import AttachmentRow
from tongdao.foundation.attachments.storing import OPEN, close, discard, leave_open, path_of
from tongdao.foundation.tenancy import merchant_scope, on_commit

R = TypeVar("R", bound=AttachmentRow)
PATIENCE = timedelta(days=1)  # no request and no transaction lives so long
AT_ONCE = 500


def forget_files(rows: QuerySet[R]) -> int:
    """Inside a scope: the rows stay and name no file any more; the files go with the commit. How many."""
    named = rows.exclude(file="").select_for_update(of=("self",))
    files = list(named.values_list("file", flat=True))
    leave_open(files)
    rows.filter(file__in=files).update(file="")
    on_commit(lambda: discard(files))
    return len(files)


def delete_with_files(rows: QuerySet[R]) -> int:
    """The same, and the rows go, too. How many rows."""
    forget_files(rows)
    return rows.delete()[0]


def attachment_tables() -> list[type[AttachmentRow]]:
    """Of all rooms."""
    return [model for model in apps.get_models() if issubclass(model, AttachmentRow)]


def sweep_attachments(now: datetime, tables: Iterable[type[AttachmentRow]] | None = None) -> int:
    """Decide about what was left open a day ago, and return how many that were: a file without a row goes.

    Only a crash leaves something open, so there is hardly ever anything to look at.
    """
    models = attachment_tables() if tables is None else list(tables)
    left = _left_open((now - PATIENCE).timestamp())
    for file in left:
        if _is_named(file, models):
            close([file])
        else:
            discard([file])
    return len(left)


def _left_open(before: float) -> list[str]:
    try:
        with os.scandir(path_of(OPEN)) as marks:
            names = [mark.name for mark in marks if mark.stat().st_mtime < before]
    except FileNotFoundError:
        return []
    return [name.replace(".", "/", 2) for name in names[:AT_ONCE]]


def _is_named(file: str, tables: Iterable[type[AttachmentRow]]) -> bool:
    with merchant_scope(UUID(file.partition("/")[0])):
        return any(table.objects.filter(file=file).exists() for table in tables)
