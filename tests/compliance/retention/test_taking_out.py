"""A copy of one's data: whole, one's own, sealed on the disk, and gone after its days."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tests.compliance.retention.support import NAME, PROMOTER, Known, a_known_person, erased
from tests.foundation.attachments.making import movie
from tests.foundation.attachments.rows import Enclosure, table
from tests.foundation.test_images import picture
from tests.support.builders import an_address, make_shop
from tests.support.people import with_number
from tongdao.compliance.retention.copying import Part, _files, _zip
from tongdao.compliance.retention.models import TakeOut
from tongdao.compliance.retention.operations import (
    ask_take_out,
    build_take_out,
    open_take_out,
    sweep_take_outs,
)
from tongdao.compliance.retention.refusals import TakeOutGone, TakeOutUnderWay
from tongdao.foundation import clock
from tongdao.foundation.attachments import path_of, stored_attachments
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.personal import Holding
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope


def taken(known: Known, language: str = "zh-hans") -> TakeOut:
    row = ask_take_out(known.id, language=language)
    assert build_take_out(row.id) == "ready"
    row.refresh_from_db()
    return row


def opened(known: Known) -> zipfile.ZipFile:
    return zipfile.ZipFile(open_take_out(known.id))


def page_in(known: Known, language: str) -> str:
    taken(known, language)
    return opened(known).read("data.html").decode()


def file_of(row: TakeOut) -> Path:
    folder: Path = settings.TONGDAO_DATA / "takeouts"
    return folder / f"{row.id}.sealed"


def test_it_holds_what_is_held_for_programs_and_to_read() -> None:
    known = a_known_person()
    row = taken(known)
    assert (row.done, row.steps) == (3, 3)
    archive = opened(known)
    data = json.loads(archive.read("data.json"))
    assert data["account"]["person"][0]["shown_name"] == NAME
    assert data["account"]["identity"][0]["value"] == known.phone
    shops = [shop["tables"] for shop in data["merchants"]]
    assert len(shops) == 2
    assert all(shop["delivery_address"][0]["recipient"] == an_address().recipient for shop in shops)
    assert all(shop["order"][0]["total_fen"] == 12_800 for shop in shops)
    assert [shop["review"][0]["text"] for shop in shops if "review" in shop] == ["茶很香。"]
    assert [shop["promoter"][0]["shown_name"] for shop in shops if "promoter" in shop] == [PROMOTER]
    page = archive.read("data.html").decode()
    assert all(secret in page for secret in known.secrets)
    assert "128.00" in page
    assert [name for name in archive.namelist() if name.startswith("pictures/")] != []


def test_the_page_speaks_the_language_in_which_it_was_asked_for() -> None:
    known = a_known_person()
    pages = [page_in(known, language) for language in ("en", "zh-hans")]
    assert "A copy of your data" in pages[0]
    assert "您的资料副本" in pages[1]


def test_on_the_disk_it_is_sealed() -> None:
    known = a_known_person()
    row = taken(known)
    content = file_of(row).read_bytes()
    assert b"PK\x03\x04" not in content
    assert file_of(row).stat().st_mode & 0o077 == 0


def test_pictures_and_videos_that_were_sent_along_are_in_it() -> None:
    """They lie below another root than the shop's pictures."""
    with table():
        merchant_id, case = make_shop().merchant_id, uuid7()
        sent = [io.BytesIO(picture("PNG")), io.BytesIO(movie())]
        with stored_attachments(merchant_id, "talk", sent) as kept, merchant_scope(merchant_id):
            for position, each in enumerate(kept, 1):
                Enclosure.objects.create(case=case, **each.columns(position))
        held = Holding(Enclosure, "erased", person="case", file="file")
        with merchant_scope(merchant_id):
            paths = _files(held, case)
        assert sorted(paths) == sorted(path_of(each.file) for each in kept)
        out = io.BytesIO()
        _zip(TakeOut(person_id=case), [Part("", ())], paths, out)
        with zipfile.ZipFile(out) as archive:
            names = {f"pictures/{path.name}": path for path in paths}
            assert set(archive.namelist()) == {"data.json", "data.html", *names}
            assert all(archive.read(name) == path.read_bytes() for name, path in names.items())


def test_nobody_else_opens_it() -> None:
    known, (stranger, _) = a_known_person(), with_number()
    taken(known)
    with pytest.raises(NotFound):
        open_take_out(stranger.pk)


def test_it_holds_nothing_of_another_person_of_the_same_shop() -> None:
    known, other = a_known_person(), a_known_person()
    taken(known)
    text = opened(known).read("data.json").decode()
    assert str(other.id) not in text
    assert other.phone not in text


def test_after_its_days_it_is_gone() -> None:
    known = a_known_person()
    row = taken(known)
    with clock.shifted(timedelta(days=3, minutes=1)):
        with pytest.raises(TakeOutGone):
            open_take_out(known.id)
        assert sweep_take_outs(clock.now()) >= 1
    assert not file_of(row).exists()
    assert TakeOut.objects.get(pk=row.id).state == "gone"


def test_one_at_a_time_and_again_changes_nothing() -> None:
    known = a_known_person()
    row = ask_take_out(known.id, language="en")
    with pytest.raises(TakeOutUnderWay):
        ask_take_out(known.id, language="en")
    assert build_take_out(row.id) == build_take_out(row.id) == "ready"


def test_with_the_person_its_copies_go() -> None:
    known = a_known_person()
    row = taken(known)
    erased(known)
    assert not file_of(row).exists()
    assert TakeOut.objects.get(pk=row.id).state == "gone"


def test_each_merchant_sees_that_it_was_taken() -> None:
    known = a_known_person()
    taken(known)
    for shop in known.shops:
        with merchant_scope(shop.merchant_id):
            assert Event.objects.get(name="person.data_taken").payload["person_id"] == str(known.id)
