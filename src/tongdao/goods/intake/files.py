"""Uploaded product files while they wait: below the data directory, readable for us only, bounded in size."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from tongdao.goods.intake.refusals import ImportFileTooLarge

BYTES_MAX = 64 * 1024 * 1024
PIECE = 256 * 1024


def keep_file(merchant_id: UUID, run_id: UUID, stream: BinaryIO) -> tuple[Path, int]:
    """Copy the stream; its place and its size in bytes. Raises ImportFileTooLarge and keeps nothing."""
    folder: Path = settings.TONGDAO_DATA / "imports" / str(merchant_id)
    folder.mkdir(parents=True, exist_ok=True)
    path, size = folder / f"{run_id}.csv", 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > BYTES_MAX:
                path.unlink()
                raise ImportFileTooLarge(limit_mb=BYTES_MAX // 1024**2)
            kept.write(piece)
        kept.flush()
        os.fsync(kept.fileno())
    return path, size


def drop_file(file: str) -> None:
    """Remove what `keep_file` kept; twice is no error."""
    (settings.TONGDAO_DATA / file).unlink(missing_ok=True)
