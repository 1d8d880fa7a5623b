from tongdao.terms.agreements.operations.assigning import assign_products
from tongdao.terms.agreements.operations.drafts import RuleDraft, TemplateDraft, draft_of
from tongdao.terms.agreements.operations.templates import (
    archive_template,
    change_template,
    create_template,
    set_default,
)

__all__ = [
    "RuleDraft",
    "TemplateDraft",
    "archive_template",
    "assign_products",
    "change_template",
    "create_template",
    "draft_of",
    "set_default",
]
