"""The bundle itself: one ZIP with the paper, the files, the log, the books' lines, and a sum of each."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from tongdao.compliance.evidence.gathering import Evidence
from tongdao.compliance.evidence.paper import Naming, paper
from tongdao.foundation.attachments import path_of
from tongdao.foundation.attachments.kinds import ENDINGS
from tongdao.foundation.events import Event

IN_MEMORY = 8 * 1024 * 1024  # bytes; more of it lies on the disk, without a name
PIECE = 256 * 1024
README = """\
This bundle stands by itself.

case.pdf          the case to read
files/            what the sides sent, as it is kept
events.jsonl      every step, as the log has it
ledger.jsonl      the order's postings, one line of canonical JSON each; only where the books may be read
ledger-days.json  seals of their booking days. The leaf of a transaction is the first 8 bytes of the
                  SHA-256 of its lines; a day's seal is the SHA-256 over the seal before it, the day, and
                  all its lines.
SHA256SUMS        check with: sha256sum -c SHA256SUMS
"""


def bundle(found: Evidence, naming: Naming) -> IO[bytes]:
    """A ZIP, read from its beginning; whoever gets it closes it. Files that are gone are left out."""
    out: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 the caller closes it
    sums: list[tuple[str, str]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _texts(found):
            archive.writestr(name, content)
            sums.append((name, hashlib.sha256(content).hexdigest()))
        sums += _files(found, archive)
        read = paper(found, naming, sums)
        archive.writestr("case.pdf", read)
        sums.append(("case.pdf", hashlib.sha256(read).hexdigest()))
        archive.writestr("SHA256SUMS", "".join(f"{digest}  {name}\n" for name, digest in sums))
    out.seek(0)
    return out


def _texts(found: Evidence) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", README.encode()
    yield "events.jsonl", b"".join(_event(row) for row in found.events)
    if found.ledger is not None:
        yield "ledger.jsonl", found.ledger
    yield "ledger-days.json", (json.dumps(list(found.days), indent=1) + "\n").encode()


def _event(row: Event) -> bytes:
    told = {
        "id": str(row.id),
        "name": row.name,
        "subject": [row.subject_type, str(row.subject_id)],
        "actor": row.actor_kind,
        "reason": row.reason,
        "old": row.old,
        "new": row.new,
        "payload": row.payload,
        "at": row.at.isoformat(),
    }
    return (json.dumps(told, ensure_ascii=False, default=str) + "\n").encode()


def _files(found: Evidence, archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each once, in pieces."""
    seen: set[str] = set()
    for stem, row in found.files:
        name = f"{stem}.{ENDINGS[row.type]}"
        path = path_of(row.file)
        if name in seen or not path.exists():
            continue
        seen.add(name)
        digest = hashlib.sha256()
        with path.open("rb") as source, archive.open(name, "w") as target:
            while piece := source.read(PIECE):
                digest.update(piece)
                target.write(piece)
        yield name, digest.hexdigest()
