"""The field for files in real Chromium: gathered, seen, taken out, held to limits; and without scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.foundation.test_images import picture
from tongdao.foundation.attachments import ACCEPT, MOST, VIDEO_BYTES

pytestmark = [pytest.mark.pure, pytest.mark.browser]
FIELD = "[data-attach]:first-of-type >> nth=0"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Pictures, one more than go at once."""
    made = [tmp_path / f"photo-{number}.png" for number in range(MOST + 1)]
    for number, path in enumerate(made):
        path.write_bytes(picture("PNG", 60 + number))
    return made


@pytest.fixture
def page(kitchen: str, browser: Any) -> Any:
    opened = browser.new_page(viewport={"width": 390, "height": 844})
    opened.goto(f"{kitchen}?lang=en")
    yield opened
    opened.close()


def names(page: Page) -> list[str]:
    return list(
        page.locator(f"{FIELD} >> input").evaluate("(input) => [...input.files].map((file) => file.name)")
    )


def choose(page: Page, *files: Path) -> None:
    page.locator(f"{FIELD} >> input").set_input_files([str(file) for file in files])


def valid(page: Page) -> bool:
    return bool(page.locator(f"{FIELD} >> input").evaluate("(input) => input.validity.valid"))


def test_files_are_gathered_seen_and_taken_out(page: Page, files: list[Path]) -> None:
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    choose(page, files[0])
    choose(page, files[1], files[0])  # one more, and one again
    assert names(page) == ["photo-0.png", "photo-1.png"]
    field = page.locator(FIELD)
    expect(field.locator("canvas")).to_have_count(2)
    expect(field.get_by_role("status")).to_contain_text("Chosen: 2")
    field.get_by_role("button", name="Remove photo-0.png").focus()
    page.keyboard.press("Enter")
    assert names(page) == ["photo-1.png"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(field.get_by_role("button", name="Remove photo-1.png")).to_be_focused()
    page.keyboard.press("Space")
    assert names(page) == []
    expect(field.locator("input")).to_be_focused()
    expect(field.get_by_role("status")).to_be_hidden()
    assert wrong == [] and valid(page)


def test_a_preview_shows_the_picture(page: Page, files: list[Path]) -> None:
    choose(page, files[0])
    drawn = "(canvas) => new Set(canvas.getContext('2d').getImageData(0, 0, 264, 264).data).size > 20"
    page.locator(f"{FIELD} >> canvas").wait_for()
    page.wait_for_function(f"({drawn})(document.querySelector('[data-attach] canvas'))")


def test_too_many_are_said_before_they_are_sent(page: Page, files: list[Path]) -> None:
    choose(page, *files)
    expect(page.locator(f"{FIELD} >> [data-attach-told]")).to_contain_text(f"At most {MOST}")
    assert not valid(page)
    page.locator(f"{FIELD} >> button").first.click()
    assert valid(page) and len(names(page)) == MOST


def test_too_large_and_wrong_ones_are_said_before_they_are_sent(page: Page, tmp_path: Path) -> None:
    film, paper = tmp_path / "film.mp4", tmp_path / "paper.pdf"
    with film.open("wb") as file:
        file.truncate(VIDEO_BYTES + 1)
    paper.write_bytes(b"%PDF-1.7")
    choose(page, film)
    expect(page.locator(f"{FIELD} >> [data-attach-told]")).to_contain_text("This is too large: film.mp4")
    page.locator(f"{FIELD} >> button").click()
    choose(page, paper)
    expect(page.locator(f"{FIELD} >> [data-attach-told]")).to_contain_text("This cannot be sent: paper.pdf")
    assert not valid(page)


def test_the_limits_stand_there_and_it_works_without_scripts(
    kitchen: str, browser: Any, files: list[Path]
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{kitchen}?lang=zh")
    field = page.locator(FIELD)
    expect(field).to_contain_text("最多 9 个")
    expect(field).to_contain_text("50.0")
    expect(field.get_by_label("图片或视频")).to_have_attribute("accept", ",".join(ACCEPT))
    expect(field.locator("ul")).to_be_hidden()
    field.locator("input").set_input_files([str(file) for file in files[:2]])
    context.close()
