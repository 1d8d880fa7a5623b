"""A case as a bundle: everything is in it, sums and seals can be checked without us, nothing can run."""

from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.faces.operator.support import at, make_operator
from tests.support.complaining import STAFF, do, heard, keep_privately
from tongdao.compliance.evidence.bundling import bundle
from tongdao.compliance.evidence.gathering import gather
from tongdao.finance.ledger.operations import seal_day
from tongdao.finance.ledger.seals import LEAF
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.attachments import Kept
from tongdao.foundation.attachments.storing import path_of
from tongdao.foundation.models import OperatorDeed
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.models import PlatformRole
from tongdao.trade.aftersales.models import Side
from tongdao.trade.aftersales.operations import add_words
from tongdao.trade.disputes.operations import Decision, rule_dispute

PICTURE = b"RIFF0000WEBP picture"


def taken(case: Any, merchant_id: Any) -> dict[str, bytes]:
    with merchant_scope(merchant_id):
        found = gather(case.id)
    with bundle(found, lambda sort, code: f"{sort}:{code}") as file, zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def heard_with_picture() -> tuple[Any, Any, Any]:
    sale, case, dispute = heard()
    file = f"{sale.earner.shop.merchant_id}/aftersales/{hashlib.sha256(case.id.bytes).hexdigest()[:24]}.webp"
    keep_privately(file, PICTURE)
    digest = hashlib.sha256(PICTURE).hexdigest()
    kept = Kept(file=file, type="image/webp", bytes=len(PICTURE), width=1, height=1, sha256=digest)
    do(sale, add_words, case.id, "<b>照片</b> & 说明", [kept], side=Side.SELLER, actor=STAFF)
    return sale, case, dispute


def test_sums_are_right_and_everything_is_summed(tmp_path: Path) -> None:
    sale, case, _ = heard_with_picture()
    parts = taken(case, sale.earner.shop.merchant_id)
    for name, content in parts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    summed = {line.split("  ")[1] for line in parts["SHA256SUMS"].decode().splitlines()}
    assert summed == parts.keys() - {"SHA256SUMS"}
    assert PICTURE in parts.values()


def test_the_paper_reads_in_chinese_and_takes_words_as_words() -> None:
    sale, case, dispute = heard_with_picture()
    do(
        sale,
        rule_dispute,
        dispute.id,
        Decision("seller", "evidence", "证据不足，驳回。"),
        actor=make_operator().actor,
    )
    parts = taken(case, sale.earner.shop.merchant_id)
    assert parts["case.pdf"].startswith(b"%PDF-")
    assert b"STSong-Light" in parts["case.pdf"]
    for dangerous in (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/OpenAction"):
        assert dangerous not in parts["case.pdf"]


def test_the_books_lines_hash_to_the_sealed_leaves() -> None:
    sale, case, _ = heard()
    merchant_id = sale.earner.shop.merchant_id
    days = json.loads(taken(case, merchant_id)["ledger-days.json"])
    assert [day["seal"] for day in days] == [None], "today is open"
    today = clock.today()
    with clock.shifted(timedelta(days=2)), merchant_scope(merchant_id):
        seal_day(today, actor=SYSTEM)
    parts = taken(case, merchant_id)
    (day,) = json.loads(parts["ledger-days.json"])
    lines: dict[str, bytes] = {}
    for line in parts["ledger.jsonl"].splitlines(keepends=True):
        lines[json.loads(line)[0]] = lines.get(json.loads(line)[0], b"") + line
    assert lines, "the capture is there"
    assert day["leaves"] == {id: hashlib.sha256(text).digest()[:LEAF].hex() for id, text in lines.items()}
    assert len(day["seal"]) == 64


def test_the_log_tells_order_case_and_dispute() -> None:
    sale, case, dispute = heard()
    told = [
        json.loads(line) for line in taken(case, sale.earner.shop.merchant_id)["events.jsonl"].splitlines()
    ]
    names = [one["name"] for one in told]
    assert names.index("order.placed") < names.index("after_sale.requested") < names.index("dispute.opened")
    assert {one["subject"][1] for one in told} == {str(case.order_id), str(case.id), str(dispute.id)}


@pytest.mark.parametrize("gone", [True, False])
def test_a_file_that_is_gone_is_left_out(gone: bool) -> None:
    sale, case, _ = heard_with_picture()
    if gone:
        with merchant_scope(sale.earner.shop.merchant_id):
            for _name, row in gather(case.id).files:
                path_of(row.file).unlink()
    names = taken(case, sale.earner.shop.merchant_id).keys()
    assert any(name.startswith("files/") for name in names) is not gone


def test_an_arbiter_takes_it_and_that_is_kept() -> None:
    sale, _, dispute = heard_with_picture()
    operator = make_operator()
    answer = operator.browser().get(at("dispute_bundle", dispute.id))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    content = b"".join(answer.streaming_content)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert "case.pdf" in archive.namelist()
    deed = OperatorDeed.objects.get(act="dispute.export", subject_id=str(dispute.id))
    assert (deed.person_id, deed.merchant_id) == (operator.person.pk, sale.earner.shop.merchant_id)
    observer = make_operator(PlatformRole.OBSERVER)
    assert observer.browser().get(at("dispute_bundle", dispute.id)).status_code == 403
