"""`tongdao import-products` and `make_link` as an operator types them; 50 MB in bounded memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.goods.intake.support import DATA, row, sheet
from tests.support.builders import Shop, make_shop
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product, Sku
from tongdao.party.network.operations import join_promoter
from tongdao.party.people.operations import create_guest
from tongdao.reach.traffic.operations import follow_link

MEGABYTE = 1024 * 1024
MEMORY_MAX = 300 * MEGABYTE  # of the whole process, Django and its libraries included


@pytest.fixture
def shop() -> Shop:
    return make_shop(())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "goods.csv"
    path.write_bytes(sheet(row("a", "12.50", stock="3"), row("b", "x"), row("c", "8")).read())
    return path


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "tongdao", "import-products", *arguments]
    return subprocess.run(argv, check=False, capture_output=True, text=True, timeout=300)


def test_the_report_is_in_plain_words(shop: Shop, file: Path) -> None:
    said = run(str(file), "--store", shop.slug, "--currency", "CNY")
    assert said.returncode == 0, said.stderr
    assert said.stdout.splitlines()[:2] == [
        "products: 2 new, 0 changed, 0 as they were",
        "SKUs: 2 new, 0 changed, 0 as they were",
    ]
    assert "  line 3, Variant Price: “x” is no price: digits with at most two decimals." in said.stdout
    with merchant_scope(shop.merchant_id):
        assert Product.objects.count() == 2


def test_a_dry_run_as_json_writes_nothing(shop: Shop, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_products", str(file), store=shop.slug, currency="CNY", dry_run=True, json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["dry_run"], told["counts"]["products_created"], told["problem_total"]) == (True, 2, 2)
    assert told["problems"][0]["line"] == 3
    with merchant_scope(shop.merchant_id):
        assert not Product.objects.exists()


def test_what_cannot_be_imported_ends_with_status_1(shop: Shop, file: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("name,price\nx,1\n")
    said = run(str(wrong), "--store", shop.slug, "--currency", "CNY")
    assert said.returncode == 1
    assert "Handle" in said.stderr and "Traceback" not in said.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"currency": "USD"}, "CNY"),
        ({"store": "no-such-store"}, "There is no store"),
        ({"file": "/nowhere/x.csv"}, "cannot be read"),
    ],
)
def test_refusals_are_sentences(shop: Shop, file: Path, options: dict[str, str], words: str) -> None:
    given = {"file": str(file), "store": shop.slug, "currency": "CNY", **options}
    with pytest.raises(CommandError, match=words):
        call_command("import_products", given.pop("file"), **given)
    with merchant_scope(shop.merchant_id):
        assert not Product.objects.exists()


def test_the_real_files_come_in_by_the_command(shop: Shop) -> None:
    for path in sorted(DATA.glob("shopify-*.csv")):
        call_command("import_products", str(path), store=shop.slug, currency="CNY", verbosity=0)
    with merchant_scope(shop.merchant_id):
        assert Product.objects.count() > 20


def test_a_link_by_command_leads_to_the_product(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    person = create_guest()
    with merchant_scope(shop.merchant_id):
        product = Product.objects.create(handle="tea", title="茶", published=True)
        join_promoter(person.id, shown_name="林溪", actor=Actor("staff", shop.owner_id))
    options = {"store": shop.slug, "channel": "moments", "promoter": "林溪", "product": "tea"}
    call_command("make_link", **options)
    url = capsys.readouterr().out.strip()
    assert url.startswith(f"{settings.BASE_URL}/l/")
    landing = follow_link(url.rsplit("/", 1)[1], visitor=uuid7())
    assert (landing.merchant_id, landing.product_id) == (shop.merchant_id, product.id)
    for wrong in ({"promoter": "nobody"}, {"product": "nothing"}):
        with pytest.raises(CommandError):
            call_command("make_link", **{**options, **wrong})


# A process begins with the size of the one that it was forked from; this one between is small.
MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.slow
def test_fifty_megabytes_come_in_with_bounded_memory(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    body = "<p>" + "山里慢慢来的日用之物。" * 900 + "</p>"
    many = 1800
    rows = (row(f"p{number}", "5", body=body, code=f"c{number}", stock="2") for number in range(many))
    path.write_bytes(sheet(*rows).read())
    assert path.stat().st_size > 50 * MEGABYTE
    argv = [sys.executable, "-m", "tongdao", "import-products", str(path)]
    argv += ["--store", shop.slug, "--currency", "CNY"]
    done = subprocess.run([sys.executable, "-c", MEASURE, *argv], check=True, capture_output=True)
    assert int(done.stdout) * 1024 < MEMORY_MAX
    with merchant_scope(shop.merchant_id):
        assert Product.objects.count() == Sku.objects.count() == many
