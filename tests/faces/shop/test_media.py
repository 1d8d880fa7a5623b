"""Pictures from below MEDIA_ROOT, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.faces.shop.goods import SQUARE, put_picture


@pytest.mark.parametrize(("name", "kind"), [("a/b.svg", "image/svg+xml"), ("c.webp", "image/webp")])
def test_a_picture_is_served_for_good_and_can_run_nothing(name: str, kind: str) -> None:
    answer = Client().get(f"/media/{put_picture(name)}")
    assert b"".join(answer.streaming_content) == SQUARE.encode()  # type: ignore[attr-defined]  # streamed
    assert answer["Content-Type"] == kind
    assert "immutable" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "none.svg",
        "page.html",
        "../secrets.json",
        "%2e%2e/secrets.json",
        "..%2f..%2fetc/passwd",
        "a%00.svg",
        "a",
        "",
    ],
)
def test_anything_else_is_not_there(path: str) -> None:
    put_picture("page.html", "<script>1</script>")
    assert Client().get(f"/media/{path}").status_code == 404


def test_a_link_out_of_the_directory_is_not_followed() -> None:
    outside = Path(settings.TONGDAO_DATA) / "outside.svg"
    outside.write_text(SQUARE, encoding="utf-8")
    link = Path(settings.MEDIA_ROOT) / "link.svg"
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(outside)
    assert Client().get("/media/link.svg").status_code == 404
