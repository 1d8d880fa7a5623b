"""A column of sealed text: bytea in the database, str in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from django.core.exceptions import FieldError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Lookup

from .sealing import open_, seal

# Set and get type of the column, in the way of django-stubs: a nullable one reads `str | None`.
_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)

if TYPE_CHECKING:

    class _Column(models.Field[_ST, _GT]): ...

else:

    class _Column(models.Field):
        def __class_getitem__(cls, types):
            return cls  # Django's own fields know no type parameters at run time


class EncryptedTextField(_Column[_ST, _GT]):
    """Text that the database cannot read, sealed for its own column (see sealing).

    The context is "<app>.<model>.<column>", or `context` where a table was renamed with values in it.
    Look-ups other than isnull are a FieldError: store a blind index beside the column.
    Set-based writes seal by hand: `Model._meta.get_field("name").seal(text)`.
    """

    description = "Encrypted text"
    empty_strings_allowed = False  # what was not given is NULL, not a sealed empty text
    _pyi_private_set_type: str
    _pyi_private_get_type: str
    _pyi_lookup_exact_type: None

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        self.explicit_context = context
        super().__init__(*args, **kwargs)
        for flag in ("primary_key", "unique", "db_index"):
            if getattr(self, flag):
                raise FieldError(f"an encrypted column cannot be {flag}: two seals of one text differ")
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.explicit_context:
            kwargs["context"] = self.explicit_context
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "BinaryField"

    @property
    def context(self) -> str:
        """What a value of this column is bound to."""
        return self.explicit_context or f"{self.model._meta.label_lower}.{self.column}"

    def seal(self, text: str) -> bytes:
        """Seal a text for this column."""
        return seal(self._checked(text), self.context)

    def open(self, sealed: bytes) -> str:
        """Open a value of this column. Raises BadSeal or KeyMissing."""
        return open_(bytes(sealed), self.context)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> str | None:
        return None if value is None else self.open(value)

    def to_python(self, value: object) -> str | None:
        return None if value is None else self._checked(value)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        text = value if prepared else self.get_prep_value(value)
        return None if text is None else self.seal(text)

    def get_lookup(self, lookup_name: str) -> type[Lookup[Any]] | None:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        return self._no_lookups(lookup_name)

    def get_transform(self, lookup_name: str) -> NoReturn:
        self._no_lookups(lookup_name)

    def _no_lookups(self, name: str) -> NoReturn:
        raise FieldError(f"{self} is encrypted and knows no look-up {name!r}: use its blind index")

    def _checked(self, value: object) -> str:
        if not isinstance(value, str):
            raise TypeError(f"{self} holds text, not {type(value).__name__}")
        return value
