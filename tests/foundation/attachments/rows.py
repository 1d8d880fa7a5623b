"""A room's table of attachments, made for the tests alone: no other test sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, models
from django.test.utils import isolate_apps

from tongdao.foundation.attachments.models import AttachmentRow
from tongdao.foundation.tenancy.operations import SecureTable

with isolate_apps("tongdao.foundation"):

    class Enclosure(AttachmentRow):
        """What a room would write."""

        case = models.UUIDField()

        class Meta(AttachmentRow.Meta):
            app_label = "foundation"
            db_table = "test_enclosure"
            constraints = [
                *AttachmentRow.Meta.constraints,
                models.UniqueConstraint(
                    fields=["merchant_id", "case", "position"], name="test_enclosure_place"
                ),
            ]


@contextmanager
def table() -> Iterator[None]:
    """Made as a migration makes it."""
    with connections["owner"].schema_editor() as schema:
        schema.create_model(Enclosure)
        for statement in SecureTable("enclosure").statements(Enclosure, "test_enclosure"):
            schema.execute(statement, params=None)
    yield
    with connections["owner"].schema_editor() as schema:
        schema.delete_model(Enclosure)
