from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import define


@dataclass(frozen=True, slots=True)
class FreightTemplateCreated:
    """A freight template is in use from now on; its rules stand in the event."""

    template_version: int


@dataclass(frozen=True, slots=True)
class FreightTemplateChanged:
    """Orders from now on are sent under this version; old and new rules stand in the event."""

    template_version: int


@dataclass(frozen=True, slots=True)
class FreightTemplateMadeDefault:
    """Products without a template of their own are sent under this one from now on."""

    template_version: int


@dataclass(frozen=True, slots=True)
class FreightTemplateArchived:
    """Nothing is sent under this template any more; its products went back to the default."""

    template_version: int


@dataclass(frozen=True, slots=True)
class FreightTemplateAssigned:
    """These products are sent under another template from now on. None: under the default."""

    template_id: UUID | None
    product_ids: tuple[UUID, ...]


define("freight_template.created", FreightTemplateCreated)
define("freight_template.changed", FreightTemplateChanged)
define("freight_template.made_default", FreightTemplateMadeDefault)
define("freight_template.archived", FreightTemplateArchived)
define("freight_template.assigned", FreightTemplateAssigned)
