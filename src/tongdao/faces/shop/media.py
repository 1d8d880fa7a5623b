"""Pictures below MEDIA_ROOT. Their names come from their content, so a browser may keep them for good."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.templatetags.static import static
from django.views.decorators.http import require_safe

TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
FOREVER = "public, max-age=31536000, immutable"
# An SVG opened by itself is a document: it may draw, and nothing else.
NO_SCRIPT = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def picture_url(path: str) -> str:
    """The address of a stored picture; a path that starts with `static/` is one of our own drawings."""
    if not path:
        return ""
    if path.startswith("static/"):
        return static(path.removeprefix("static/"))
    return settings.MEDIA_URL + quote(path.removeprefix("media/"))


@require_safe
def media(request: HttpRequest, path: str) -> FileResponse:
    """Only pictures, only by the types above, only from below MEDIA_ROOT; all else is 404."""
    kind = TYPES.get(Path(path).suffix.lower())
    root = Path(settings.MEDIA_ROOT).resolve()
    if kind is None or "\x00" in path:
        raise Http404(path)
    file = (root / path).resolve()
    if not file.is_relative_to(root) or not file.is_file():
        raise Http404(path)
    response = FileResponse(file.open("rb"), content_type=kind)
    response["Cache-Control"] = FOREVER
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NO_SCRIPT
    return response
