"""Personal data: sealed columns, blind indexes to look them up by, and masks to show them with."""

from __future__ import annotations

from .fields import EncryptedTextField
from .indexing import blind_index
from .masks import mask_address, mask_name, mask_phone
from .normalising import BadEmail, BadPhone, normalise_email, normalise_phone
from .sealing import BadSeal, needs_rotation, open_, reseal, seal

__all__ = [
    "BadEmail",
    "BadPhone",
    "BadSeal",
    "EncryptedTextField",
    "blind_index",
    "mask_address",
    "mask_name",
    "mask_phone",
    "needs_rotation",
    "normalise_email",
    "normalise_phone",
    "open_",
    "reseal",
    "seal",
]
