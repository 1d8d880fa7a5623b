"""What may be attached, told by its first bytes and never by its name."""

from __future__ import annotations

from tongdao.foundation import images

MEGABYTE = 1024 * 1024
MOST = 9  # files that go with one message
PICTURE_BYTES = images.BYTES_MAX
VIDEO_BYTES = 50 * MEGABYTE
TOGETHER_BYTES = 100 * MEGABYTE  # of one request, with all its files

PICTURE = "image/webp"  # whatever came: it is drawn anew
MP4, QUICKTIME, WEBM = "video/mp4", "video/quicktime", "video/webm"
ENDINGS = {PICTURE: "webp", MP4: "mp4", QUICKTIME: "mov", WEBM: "webm"}
ACCEPT = ("image/jpeg", "image/png", "image/webp", "image/gif", MP4, QUICKTIME, "video/3gpp", WEBM)
"""What a file field asks the browser to offer."""

HEAD = 12  # bytes that tell the kind
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
FIRST_BOXES = (b"wide", b"mdat", b"moov", b"free", b"skip")  # of older cameras, which write no ftyp
EBML = b"\x1aE\xdf\xa3"


def kind_of(head: bytes) -> str | None:
    """The media type under which it would be kept, by its first HEAD bytes; None for what is none of them."""
    if head.startswith(PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return PICTURE
    if head[4:8] == b"ftyp":
        return QUICKTIME if head[8:12] == b"qt  " else MP4
    if head[4:8] in FIRST_BOXES:
        return QUICKTIME
    return WEBM if head.startswith(EBML) else None
