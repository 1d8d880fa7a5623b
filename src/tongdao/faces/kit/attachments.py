"""Handing out a private file (foundation.attachments).

Call it only after it is clear that who asks may see the case, the order or the conversation that the file
belongs to: here nobody is asked any more.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase

from tongdao.foundation.attachments import path_of
from tongdao.foundation.attachments.kinds import ENDINGS
from tongdao.foundation.attachments.models import AttachmentRow

log = logging.getLogger(__name__)
PIECE = 256 * 1024  # bytes read at once
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",  # kept, but asked for again: who may see it today may not tomorrow
    "Accept-Ranges": "bytes",
}


def serve_attachment(row: AttachmentRow, request: HttpRequest) -> HttpResponseBase:
    """The file, or the part of it that was asked for (RFC 9110, 14: one range; players of phones need it).

    With `?download` a browser saves it instead of showing it. Raises Http404 where the file is gone.
    """
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    file = _opened(row)
    try:
        answer = _answer(row, request, file)
    except BaseException:
        file.close()
        raise
    shown = "attachment" if "download" in request.GET else "inline"
    answer["Content-Disposition"] = f'{shown}; filename="{row.sha256[:16]}.{ENDINGS[row.type]}"'
    answer["ETag"] = _tag(row)
    for name, value in HARMLESS.items():
        answer[name] = value
    return answer


def _opened(row: AttachmentRow) -> BinaryIO:
    if not row.file:
        raise Http404(row.pk)
    try:
        return path_of(row.file).open("rb")
    except FileNotFoundError:
        log.error("the file of %s %s is not there", row._meta.db_table, row.pk)
        raise Http404(row.pk) from None


def _answer(row: AttachmentRow, request: HttpRequest, file: BinaryIO) -> HttpResponseBase:
    length = os.fstat(file.fileno()).st_size
    if _tag(row) in request.headers.get("If-None-Match", ""):
        file.close()
        return HttpResponse(status=304, content_type=row.type)
    if request.method == "HEAD":
        file.close()
        return HttpResponse(content_type=row.type, headers={"Content-Length": str(length)})
    wanted = _wanted(row, request, length)
    if wanted is None:
        return _streamed(row, file, 0, length)
    start, end = wanted
    if start >= end:
        file.close()
        return HttpResponse(status=416, content_type=row.type, headers={"Content-Range": f"bytes */{length}"})
    answer = _streamed(row, file, start, end)
    answer.status_code = 206
    answer["Content-Range"] = f"bytes {start}-{end - 1}/{length}"
    return answer


def _wanted(row: AttachmentRow, request: HttpRequest, length: int) -> tuple[int, int] | None:
    """(start, end) of the range, empty where the file has none of it. None: all of it."""
    found = RANGE.fullmatch(request.headers.get("Range", ""))
    if found is None or request.headers.get("If-Range", _tag(row)) != _tag(row):
        return None
    first, last = found.groups()
    if first and last and int(last) < int(first):
        return None
    if first:
        return int(first), min(int(last) + 1, length) if last else length
    return (max(0, length - int(last)), length) if last else None


def _tag(row: AttachmentRow) -> str:
    return f'"{row.sha256}"'


class _Part:
    """A part of an open file, piece by piece; closed with the answer."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self.file, self.start, self.end = file, start, end

    def __iter__(self) -> Iterator[bytes]:
        self.file.seek(self.start)
        left = self.end - self.start
        while left > 0 and (piece := self.file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece

    def close(self) -> None:
        self.file.close()


def _streamed(row: AttachmentRow, file: BinaryIO, start: int, end: int) -> StreamingHttpResponse:
    headers = {"Content-Length": str(end - start)}
    return StreamingHttpResponse(_Part(file, start, end), content_type=row.type, headers=headers)
