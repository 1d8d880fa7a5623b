"""The life of a freight template: created, changed in versions, the default, archived."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import current_merchant
from tongdao.terms.agreements.events import (
    FreightTemplateArchived,
    FreightTemplateChanged,
    FreightTemplateCreated,
    FreightTemplateMadeDefault,
)
from tongdao.terms.agreements.models import FreightAssignment, FreightRule, FreightTemplate
from tongdao.terms.agreements.operations.drafts import RuleDraft, TemplateDraft, draft_of
from tongdao.terms.agreements.refusals import DefaultTemplateNeeded, TemplateChanged, TooManyTemplates

MOST_TEMPLATES = 50


def create_template(draft: TemplateDraft, *, actor: Actor) -> FreightTemplate:
    """A new template; a merchant's first one is the default. Raises BadInput or TooManyTemplates."""
    draft = draft.checked()
    one_at_a_time()
    in_use = FreightTemplate.objects.filter(archived_at__isnull=True).count()
    if in_use >= MOST_TEMPLATES:
        raise TooManyTemplates()
    row = FreightTemplate.objects.create(
        name=draft.name,
        is_default=not in_use,
        volume_divisor=draft.volume_divisor,
        parcel_most_g=draft.parcel_most_g,
    )
    _write_rules(row, draft.rules)
    record(FreightTemplateCreated(row.version), subject=row, actor=actor, new=draft.told())
    return row


def change_template(
    template_id: UUID, draft: TemplateDraft, *, seen_version: int | None = None, actor: Actor
) -> FreightTemplate:
    """Another version from now on; placed orders keep their freight. The same again changes nothing.

    `seen_version` is the one that was looked at. Raises NotFound, BadInput or TemplateChanged.
    """
    draft = draft.checked()
    one_at_a_time()
    row = in_use(template_id)
    if seen_version is not None and row.version != seen_version:
        raise TemplateChanged(version=row.version)
    before = draft_of(row, row.rules.order_by("position"))
    if before == draft:
        return row
    row.name, row.volume_divisor, row.parcel_most_g = draft.name, draft.volume_divisor, draft.parcel_most_g
    row.version += 1
    row.save(update_fields=["name", "volume_divisor", "parcel_most_g", "version"])
    row.rules.all().delete()
    _write_rules(row, draft.rules)
    changed = FreightTemplateChanged(row.version)
    record(changed, subject=row, actor=actor, old=before.told(), new=draft.told())
    return row


def set_default(template_id: UUID, *, actor: Actor) -> FreightTemplate:
    """Send all products without a template of their own under this one. Raises NotFound."""
    one_at_a_time()
    row = in_use(template_id)
    if row.is_default:
        return row
    FreightTemplate.objects.filter(is_default=True).update(is_default=False)
    row.is_default = True
    row.save(update_fields=["is_default"])
    record(FreightTemplateMadeDefault(row.version), subject=row, actor=actor)
    return row


def archive_template(template_id: UUID, *, actor: Actor) -> FreightTemplate:
    """Take a template out of use; its products go back to the default. Without any template all goes free.

    Raises NotFound, or DefaultTemplateNeeded for the default while there are others.
    """
    one_at_a_time()
    row = in_use(template_id)
    others = FreightTemplate.objects.filter(archived_at__isnull=True).exclude(pk=row.pk)
    if row.is_default and others.exists():
        raise DefaultTemplateNeeded()
    FreightAssignment.objects.filter(template=row).delete()
    row.is_default, row.archived_at = False, clock.now()
    row.save(update_fields=["is_default", "archived_at"])
    record(FreightTemplateArchived(row.version), subject=row, actor=actor)
    return row


def one_at_a_time() -> None:
    """Changes to a merchant's templates wait for each other until the transaction ends."""
    with connection.cursor() as cursor:
        key = f"freight:{current_merchant()}"
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def in_use(template_id: UUID) -> FreightTemplate:
    """The template, unless it is archived or not there: NotFound."""
    row = FreightTemplate.objects.filter(pk=template_id, archived_at__isnull=True).first()
    if row is None:
        raise NotFound()
    return row


def _write_rules(row: FreightTemplate, rules: Iterable[RuleDraft]) -> None:
    FreightRule.objects.bulk_create(
        FreightRule(
            template=row,
            position=position,
            prefixes=list(rule.prefixes),
            first_g=rule.first_g,
            first_fee_fen=Fen(rule.first_fee_fen),
            step_g=rule.step_g,
            step_fee_fen=Fen(rule.step_fee_fen),
            free_from_fen=None if rule.free_from_fen is None else Fen(rule.free_from_fen),
            not_served=rule.not_served,
        )
        for position, rule in enumerate(rules, 1)
    )
