"""The description of the API and its page."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pydantic import BaseModel

from tests.faces.api.calling import Caller, Town, a_guest
from tests.faces.api.examples import operations
from tests.support.browsing import chromium_at
from tongdao.faces.api.operation import PERMISSIONS


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory, cluster: object) -> Any:
    """As the command writes it."""
    file: Path = tmp_path_factory.mktemp("openapi") / "openapi.json"
    call_command("openapi", file)
    return json.loads(file.read_text("utf-8"))


def test_the_command_writes_what_the_address_serves(description: Any) -> None:
    assert Caller().get("/openapi.json") == description
    assert description["info"]["title"] == "Tongdao"
    assert description["info"]["version"]


def test_no_two_shapes_share_a_name() -> None:
    """The description knows a shape by its name: the second one would take the first one's place."""
    shapes = [
        shape for shape in every_subclass(BaseModel) if shape.__module__.startswith("tongdao.faces.api")
    ]
    plain = [shape.__name__ for shape in shapes if "[" not in shape.__name__]
    assert len(plain) > 100
    assert [name for name, times in Counter(plain).items() if times > 1] == []


def every_subclass(of: type) -> set[type]:
    below = set(of.__subclasses__())
    return below.union(*(every_subclass(one) for one in below))


def test_every_operation_says_how_it_refuses(description: Any) -> None:
    for path, verbs in description["paths"].items():
        for verb, details in verbs.items():
            responses = details["responses"]
            needed = {"405", "422", "503"}
            if PERMISSIONS[details["operationId"]] != "nobody":
                needed.add("401")
                assert details["security"] == [{"Bearer": []}]
            if "{merchant_id}" in path:
                needed.add("404")
            if "requestBody" in details:
                needed |= {"400", "413"}
            assert needed <= set(responses), (verb, path)
            refused = {status for status in responses if int(status) >= 400}
            shapes = {
                responses[status]["content"]["application/json"]["schema"]["$ref"] for status in refused
            }
            assert shapes == {"#/components/schemas/Problem"}, (verb, path)


def test_summaries_are_short_and_every_operation_has_a_tag(description: Any) -> None:
    for verbs in description["paths"].values():
        for details in verbs.values():
            assert 0 < len(details["summary"]) <= 110, details["summary"]
            assert len(details["tags"]) == 1


def test_amounts_are_whole_fen(description: Any) -> None:
    for name, schema in description["components"]["schemas"].items():
        for field, shape in schema.get("properties", {}).items():
            kinds = {each.get("type") for each in shape.get("anyOf", [shape])}
            assert "number" not in kinds, (name, field)
            if field.endswith("_fen"):
                assert kinds <= {"integer", "null"}, (name, field)


def test_no_body_takes_fields_that_it_does_not_name(description: Any) -> None:
    inputs = [name for name in description["components"]["schemas"] if name.endswith("In")]
    assert len(inputs) > 10
    for name in inputs:
        assert description["components"]["schemas"][name]["additionalProperties"] is False, name


def test_ids_of_operations_are_those_that_clients_know() -> None:
    """Renaming one breaks every generated client: change this list only with a new version of the API."""
    known = (Path(__file__).parent / "operation_ids.txt").read_text("utf-8").split()
    assert sorted(each.id for each in operations()) == known


@pytest.mark.browser
def test_the_page_works_in_a_browser_without_the_outside_world(town: Town, chromium: str) -> None:
    """Under the security policy, from our own address alone, with a request tried out on the page."""
    token = a_guest().token
    complaints: list[str] = []
    asked: set[str] = set()
    with chromium_at(chromium) as browser:
        page = browser.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request", lambda request: asked.add(request.url.split("/")[2] if "//" in request.url else "")
        )
        page.goto(f"{town.url}/api/v1/docs")
        mine = page.locator("#operations-people-read_me")
        mine.wait_for()
        page.locator("button.authorize").first.click()
        page.locator(".auth-container input").fill(token)
        page.locator(".auth-btn-wrapper button.authorize").click()
        page.locator("button.btn-done").click()
        mine.locator(".opblock-summary-control").click()
        mine.locator("button.execute").click()
        shown = page.locator(
            "#operations-people-read_me .live-responses-table .response td.response-col_status"
        ).first
        shown.wait_for()
        assert shown.inner_text().strip().startswith("200")
    assert complaints == []
    assert asked - {""} == {town.url.removeprefix("http://")}
