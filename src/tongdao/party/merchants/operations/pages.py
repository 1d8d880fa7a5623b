"""A shop's texts: "about", "shipping" and what else it has to say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.html import HtmlTooLong, sanitise
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.events import StorefrontPageRemoved, StorefrontPageSaved
from tongdao.party.merchants.models import Storefront, StorefrontPage
from tongdao.party.merchants.operations.kept import changed_texts, keep_texts
from tongdao.party.merchants.refusals import PageInvalid, PagePathTaken, PageTooLong

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class PageDraft:
    """`body_html` may be anything: what is not allowed in it is left out."""

    slug: str
    title: str
    body_html: str
    published: bool


def add_page(storefront_id: UUID, draft: PageDraft, *, actor: Actor) -> StorefrontPage:
    """A new page of the shop. Raises NotFound, PageInvalid, PageTooLong or PagePathTaken."""
    if not Storefront.objects.filter(pk=storefront_id).exists():
        raise NotFound()
    last = StorefrontPage.objects.filter(storefront_id=storefront_id).count()
    return _save(StorefrontPage(storefront_id=storefront_id, position=last), draft, actor)


def edit_page(page_id: UUID, draft: PageDraft, *, actor: Actor) -> StorefrontPage:
    """The page reads so from now on. Raises NotFound and as above."""
    row = StorefrontPage.objects.select_for_update(no_key=True).filter(pk=page_id).first()
    if row is None:
        raise NotFound()
    return _save(row, draft, actor)


def remove_page(page_id: UUID, *, actor: Actor) -> None:
    """Take the page away; what it said stays with the event. Raises NotFound."""
    row = StorefrontPage.objects.select_for_update().filter(pk=page_id).first()
    if row is None:
        raise NotFound()
    kept = keep_texts({"page": (f"{row.title}\n{row.body_html}", "")})
    record(StorefrontPageRemoved(), subject=row, actor=actor, old=kept.old)
    row.delete()


def _save(row: StorefrontPage, draft: PageDraft, actor: Actor) -> StorefrontPage:
    pairs = changed_texts(row, _texts(draft))
    was, row.published = row.published, draft.published
    if not pairs and was == draft.published:
        return row
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise PagePathTaken() from error
    kept = keep_texts(pairs)
    old, new = {**kept.old, "published": was}, {**kept.new, "published": row.published}
    record(StorefrontPageSaved(), subject=row, actor=actor, old=old, new=new)
    return row


def _texts(draft: PageDraft) -> dict[str, str]:
    title = " ".join(draft.title.split())
    if not SLUG.fullmatch(draft.slug) or not 1 <= len(title) <= 80:
        raise PageInvalid()
    try:
        body = sanitise(draft.body_html)
    except HtmlTooLong as error:
        raise PageTooLong() from error
    return {"slug": draft.slug, "title": title, "body_html": body}
