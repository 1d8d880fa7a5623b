"""Private files as they are handed out: by range, under fixed headers, and without any script."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory

from tests.faces.kit import served_urls
from tests.foundation.attachments.recording import TYPES, recorded
from tests.foundation.test_images import picture
from tongdao.faces.kit.attachments import PIECE, serve_attachment
from tongdao.foundation.attachments import Kept, path_of, stored_attachments

pytestmark = pytest.mark.pure
LONG = bytes(range(256)) * 4096  # more than one piece
TAG = hashlib.sha256(LONG).hexdigest()


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path, kitchen_settings: None) -> Iterator[None]:
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.ROOT_URLCONF = "tests.faces.kit.served_urls"
    yield
    served_urls.files.clear()
    served_urls.asked.clear()


@pytest.fixture
def film() -> Kept:
    kept = Kept("m/talk/film.mp4", "video/mp4", len(LONG), 0, 0, TAG)
    put(kept.file, LONG)
    return kept


def put(file: str, content: bytes) -> None:
    path_of(file).parent.mkdir(parents=True, exist_ok=True)
    path_of(file).write_bytes(content)


def get(kept: Kept, method: str = "GET", query: str = "", **headers: str) -> HttpResponseBase:
    request = RequestFactory().generic(method, f"/x{query}", headers=headers)
    return serve_attachment(served_urls.row(kept), request)


def body(answer: HttpResponseBase) -> bytes:
    content = answer.getvalue() if isinstance(answer, StreamingHttpResponse) else answer.content  # type: ignore[attr-defined]  # an HttpResponse
    answer.close()
    return bytes(content)


def test_it_is_handed_out_whole_under_fixed_headers(film: Kept) -> None:
    answer = get(film)
    assert body(answer) == LONG and len(LONG) > PIECE
    assert dict(answer.items()) == {
        "Content-Type": "video/mp4",
        "Content-Length": str(len(LONG)),
        "Content-Disposition": f'inline; filename="{TAG[:16]}.mp4"',
        "ETag": f'"{TAG}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
        "Accept-Ranges": "bytes",
    }


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-", 0, len(LONG)),
        ("bytes=0-0", 0, 1),
        ("bytes=1-300000", 1, 300_001),
        ("bytes=1000-999999999", 1000, len(LONG)),
        ("bytes=-10", len(LONG) - 10, len(LONG)),
        ("bytes=-999999999", 0, len(LONG)),
    ],
)
def test_a_range_is_handed_out_alone(film: Kept, wanted: str, start: int, end: int) -> None:
    answer = get(film, Range=wanted)
    assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes {start}-{end - 1}/{len(LONG)}")
    assert answer["Content-Length"] == str(end - start)
    assert body(answer) == LONG[start:end]
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("wanted", [f"bytes={len(LONG)}-", "bytes=-0", "bytes=99999999-999999999"])
def test_a_range_that_is_not_there_is_refused(film: Kept, wanted: str) -> None:
    answer = get(film, Range=wanted)
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(LONG)}")
    assert body(answer) == b""


@pytest.mark.parametrize(
    "wanted",
    ["bytes=5-1", "bytes=-", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b", f"bytes=0-{'9' * 16}", "bytes"],
)
def test_what_is_not_understood_gets_all(film: Kept, wanted: str) -> None:
    answer = get(film, Range=wanted)
    assert answer.status_code == 200 and body(answer) == LONG


def test_a_range_of_another_version_gets_all(film: Kept) -> None:
    assert get(film, Range="bytes=0-1", **{"If-Range": '"other"'}).status_code == 200
    assert get(film, Range="bytes=0-1", **{"If-Range": f'"{TAG}"'}).status_code == 206


def test_what_a_browser_has_is_not_sent_again(film: Kept) -> None:
    answer = get(film, **{"If-None-Match": f'"{TAG}"'})
    assert answer.status_code == 304 and body(answer) == b""
    assert get(film, **{"If-None-Match": '"other"'}).status_code == 200


def test_a_head_and_a_download(film: Kept) -> None:
    answer = get(film, "HEAD", Range="bytes=0-1")
    assert (answer.status_code, answer["Content-Length"], body(answer)) == (200, str(len(LONG)), b"")
    assert get(film, query="?download")["Content-Disposition"].startswith("attachment; ")
    assert get(film, "POST").status_code == 405


def test_what_is_gone_is_not_there(film: Kept) -> None:
    path_of(film.file).unlink()
    for file in (film.file, ""):
        with pytest.raises(Http404):
            get(Kept(file, film.type, film.bytes, 0, 0, film.sha256))


def test_files_are_closed_with_the_answer(film: Kept) -> None:
    for headers in ({}, {"Range": "bytes=0-1"}):
        answer = get(film, **headers)
        assert isinstance(answer, StreamingHttpResponse)
        [close] = list(answer._resource_closers)
        answer.close()
        assert close.__self__.file.closed  # type: ignore[attr-defined]  # a bound method


def test_the_shops_pictures_lead_to_no_private_file(settings: Any, film: Kept) -> None:
    from tongdao.faces.shop.media import media

    settings.MEDIA_ROOT = Path(settings.PRIVATE_ROOT).parent / "media"
    put("m/talk/picture.webp", picture("WEBP"))
    Path(settings.MEDIA_ROOT).mkdir()
    for path in (
        "../private/m/talk/picture.webp",
        "m/talk/picture.webp",
        str(path_of("m/talk/picture.webp")),
    ):
        with pytest.raises(Http404):
            media(RequestFactory().get("/media/x"), path)


def test_the_private_root_lies_beside_the_shops() -> None:
    from tongdao.config import settings

    assert settings.PRIVATE_ROOT.parent == settings.MEDIA_ROOT.parent
    assert settings.PRIVATE_ROOT not in (settings.MEDIA_ROOT, settings.STATIC_ROOT)


SCRIPT = (
    b"<!doctype html><title>still</title><script>document.title = 'ran'</script><img src=x onerror=\"1\">"
)


@pytest.mark.browser
def test_no_script_runs_in_what_is_handed_out(kitchen: str, browser: Any) -> None:
    """Even if a page had got in under a picture's name, and even if it were called a page."""
    site = kitchen.removesuffix("/_kitchen/")
    served_urls.files["page"] = kept = Kept("m/talk/x.webp", "image/webp", len(SCRIPT), 1, 1, "0" * 64)
    put(kept.file, SCRIPT)
    page = browser.new_page()
    titles = {}
    for way in ("served", "claimed", "careless"):
        page.goto(f"{site}/{way}/page")
        titles[way] = page.title()
    assert titles["careless"] == "ran"  # so a script would have been seen
    assert titles["claimed"] == "still"
    assert titles["served"] not in ("ran", "still")  # not read as a page at all
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("media", TYPES)
def test_a_video_plays_and_is_asked_for_by_range(kitchen: str, browser: Any, media: str) -> None:
    site = kitchen.removesuffix("/_kitchen/")
    with stored_attachments(uuid4(), "talk", [io.BytesIO(recorded(browser, media))]) as [kept]:
        served_urls.files["film"] = kept
    page = browser.new_page()
    page.goto(f"{site}/around/film")
    ended = page.evaluate(
        """async () => {
          const video = document.querySelector("video");
          const over = new Promise((done) => {
            video.onended = () => done("ended");
            video.onerror = () => done("no");
          });
          await video.play();
          return over;
        }"""
    )
    assert ended == "ended"
    assert any(wanted.startswith("bytes=") for wanted in served_urls.asked)
    page.close()
