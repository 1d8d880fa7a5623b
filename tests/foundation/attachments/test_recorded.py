"""Videos that a real browser recorded: after all that goes has gone, it still plays them."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser

from tests.foundation.attachments.making import MAKER, PLACE, box, element, full, handler, udta
from tests.foundation.attachments.recording import TYPES, chromium_at, recorded, shown
from tongdao.foundation.attachments import path_of, stored_attachments

pytestmark = [pytest.mark.pure, pytest.mark.browser]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with chromium_at(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def videos(browser: Browser) -> dict[str, bytes]:
    return {media: recorded(browser, media) for media in TYPES}


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> None:
    settings.PRIVATE_ROOT = tmp_path / "private"


def kept(content: bytes) -> bytes:
    with stored_attachments(uuid4(), "talk", [io.BytesIO(content)]) as [one]:
        return path_of(one.file).read_bytes()


def with_place(video: bytes) -> bytes:
    """An MP4 with where it was made inside its `moov`, as phones write it. Its samples are told from their
    `moof` on, so they may move; `mfra` counts from the file's start and goes."""
    video = video[: video.rindex(b"mfra") - 4]
    at = video.index(b"moov") - 4
    length = struct.unpack(">I", video[at : at + 4])[0]
    more = (
        udta()
        + box(b"uuid", bytes(16), PLACE)
        + full(b"meta", handler(b"mdta"), box(b"ilst", box(b"\xa9mak", MAKER)))
    )
    head = struct.pack(">I", length + len(more))
    return video[:at] + head + video[at + 4 : at + length] + more + video[at + length :]


def test_an_mp4_plays_without_the_place_where_it_was_made(browser: Browser, videos: dict[str, bytes]) -> None:
    video = with_place(videos["video/mp4"])
    assert PLACE in video and MAKER in video
    assert shown(browser, "video/mp4", video) == (64, 48)
    content = kept(video)
    assert PLACE not in content and MAKER not in content and b"\xa9xyz" not in content
    assert shown(browser, "video/mp4", content) == (64, 48)


def test_a_webm_plays_without_its_tags(browser: Browser, videos: dict[str, bytes]) -> None:
    original = videos["video/webm"]
    at = original.rindex(b"\x1fC\xb6u")  # the last cluster
    length = original.index(b"\x18S\x80g") + 4  # of the segment: made one that is not told
    tags = element(0x1254C367, PLACE)
    video = original[:length] + b"\x01" + b"\xff" * 7 + original[length + 8 : at] + tags + original[at:]
    content = kept(video)
    assert PLACE in video and PLACE not in content and b"Chrome" in video and b"Chrome" not in content
    assert shown(browser, "video/webm", content) == (64, 48)


def test_the_look_itself_sees_a_video_that_cannot_be_played(
    browser: Browser, videos: dict[str, bytes]
) -> None:
    for media, video in videos.items():
        assert shown(browser, media, video[:40] + bytes(len(video) - 40)) is None
