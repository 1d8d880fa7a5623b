"""The projection that keeps the index. It reads products as they are: an event read twice changes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from tongdao.foundation.bulk import to_json
from tongdao.foundation.events import Event, projection
from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.search.models import SearchDocument, SearchPosting, SearchSpelling, SearchToken
from tongdao.goods.search.spelling import cuts
from tongdao.goods.search.tokens import Texts, read_texts

FORGET = """
delete from search_posting p using jsonb_to_recordset(%s::jsonb) as row(id uuid, token text, weight smallint)
where p.merchant_id = %s and p.token = row.token and p.weight = row.weight and p.id = row.id
"""
LEARN = """
insert into search_posting (merchant_id, id, token, weight)
select %s, id, token, weight from jsonb_to_recordset(%s::jsonb) as row(id uuid, token text, weight smallint)
order by token, weight, id
"""
WRITE = """
insert into search_document (merchant_id, id, tokens, sound, shown)
select %s, id, tokens, sound, shown
from jsonb_to_recordset(%s::jsonb) as row(id uuid, tokens jsonb, sound text, shown boolean)
on conflict (merchant_id, id) do update
set tokens = excluded.tokens, sound = excluded.sound, shown = excluded.shown
"""
# In the order of the key, so that pages of the table are touched one after the other.
COUNT = """
insert into search_token as known (merchant_id, id, token, products)
select m.id, m.id, token, products
from (select %s::uuid as id) m, jsonb_to_recordset(%s::jsonb) as row(token text, products integer)
order by token
on conflict (merchant_id, token) do update set products = known.products + excluded.products
returning token, known.products, xmax = 0
"""
DROP = "delete from search_token where merchant_id = %s and token = any(%s)"
SPELL = """
insert into search_spelling (merchant_id, id, cut, token)
select m.id, m.id, cut, token
from (select %s::uuid as id) m, jsonb_to_recordset(%s::jsonb) as row(cut text, token text)
order by cut, token
"""
UNSPELL = """
delete from search_spelling s using jsonb_to_recordset(%s::jsonb) as row(cut text, token text)
where s.merchant_id = %s and s.cut = row.cut and s.token = row.token
"""


@dataclass(frozen=True, slots=True)
class Document:
    tokens: Mapping[str, int]
    sound: str
    shown: bool


NOTHING = Document({}, "", shown=False)


@projection(
    "search.products",
    events=["product.created", "product.updated", "sku.priced"],
    tables=[SearchPosting, SearchDocument, SearchToken, SearchSpelling],
)
def keep_index(batch: list[Event]) -> None:
    ids = {
        UUID(event.payload["product_id"]) if event.name == "sku.priced" else event.subject_id
        for event in batch
    }
    old = {
        row.id: Document(row.tokens, row.sound, row.shown)
        for row in SearchDocument.objects.filter(id__in=ids)
    }
    write_documents({id: new for id, new in _read(ids).items() if new != old.get(id)}, old)


def write_documents(new: Mapping[UUID, Document], old: Mapping[UUID, Document]) -> None:
    """Bring the index to `new`; `old` is what it holds of these products."""
    if not new:
        return
    merchant = current_merchant()
    gone, came = [], []
    for id, document in new.items():
        before = old.get(id, NOTHING).tokens.items()
        gone += [(id, *pair) for pair in before - document.tokens.items()]
        came += [(id, *pair) for pair in document.tokens.items() - before]
    rows = [{"id": id, "tokens": d.tokens, "sound": d.sound, "shown": d.shown} for id, d in new.items()]
    with connection.cursor() as cursor:
        if gone:
            cursor.execute(FORGET, [_rows(gone), merchant])
        if came:
            cursor.execute(LEARN, [merchant, _rows(came)])
        cursor.execute(WRITE, [merchant, to_json(rows)])
    changed = Counter(token for _, token, _ in came)
    changed.subtract(token for _, token, _ in gone)
    _count({token: products for token, products in changed.items() if products})


def _count(changed: Mapping[str, int]) -> None:
    """Keep how many products have each token; what is new or of no product any more, with its spellings."""
    if not changed:
        return
    merchant = current_merchant()
    with connection.cursor() as cursor:
        rows = [{"token": token, "products": products} for token, products in changed.items()]
        cursor.execute(COUNT, [merchant, to_json(rows)])
        counted = cursor.fetchall()
        new = _spellings(token for token, _, inserted in counted if inserted)
        lost = [token for token, products, _ in counted if not products]
        if new:
            cursor.execute(SPELL, [merchant, to_json(new)])
        if lost:
            cursor.execute(DROP, [merchant, lost])
            cursor.execute(UNSPELL, [to_json(_spellings(lost)), merchant])


def _spellings(tokens: Iterable[str]) -> list[dict[str, str]]:
    return [{"cut": cut, "token": token} for token in tokens for cut in cuts(token)]


def _rows(postings: Iterable[tuple[UUID, str, int]]) -> str:
    return to_json([{"id": id, "token": token, "weight": weight} for id, token, weight in postings])


def _read(ids: Iterable[UUID]) -> dict[UUID, Document]:
    skus: defaultdict[UUID, list[Sku]] = defaultdict(list)
    for sku in Sku.objects.filter(product_id__in=ids, archived=False).order_by("position", "id"):
        skus[sku.product_id].append(sku)
    return {
        product.id: _document(product, skus[product.id]) for product in Product.objects.filter(id__in=ids)
    }


def _document(product: Product, skus: list[Sku]) -> Document:
    texts = Texts(
        title=product.title,
        kinds=[product.vendor, product.product_type, *map(str, product.tags)],
        options=[str(value) for sku in skus for value in sku.option_values],
        codes=[code for sku in skus for code in (sku.code, sku.barcode) if code],
    )
    tokens, sound = read_texts(texts)
    on_sale = any(sku.saleable and sku.price_fen > 0 for sku in skus)
    return Document(tokens, sound, product.published and on_sale)
