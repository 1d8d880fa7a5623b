"""Codes of the company, in words; they stand with the lists. Add new ones there."""

from tongdao.faces.lists.company_words import (
    AGREEMENTS,
    CHANGES,
    FIELDS,
    GOODS,
    HELD,
    LICENCES,
    PERMISSION_WORDS,
    SUSPENDED,
)

__all__ = [
    "AGREEMENTS",
    "CHANGES",
    "FIELDS",
    "GOODS",
    "HELD",
    "LICENCES",
    "PERMISSION_WORDS",
    "SUSPENDED",
]
