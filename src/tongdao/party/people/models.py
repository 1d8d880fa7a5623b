"""One person behind many channel identities. Global: a person is not a merchant's."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from tongdao.foundation.ids import uuid7
from tongdao.foundation.pii import EncryptedTextField


class PersonManager(BaseUserManager["Person"]):
    """Persons are made by party.people.operations; Django's own helpers for users are not used."""


class Person(AbstractBaseUser):
    """A human being. Names and numbers are encrypted; what one signs in with are the identities."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    shown_name = EncryptedTextField(null=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "id"

    class Meta:
        db_table = "person"


class IdentityKind(models.TextChoices):
    """How a person is recognised."""

    BROWSER = "browser"  # one browser's random key: a guest, until it proves more
    PHONE = "phone"  # a mainland mobile number, proven by a code (issue: people) or stated by staff
    EMAIL = "email"  # staff sign in with it


class Identity(models.Model):
    """One way to recognise a person. Numbers are recycled by carriers, so each holds for a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identities")
    kind = models.CharField(max_length=16, choices=IdentityKind.choices)
    lookup = models.BinaryField(max_length=32)  # blind index of the normalised value
    value = EncryptedTextField(null=True)
    verified_at = models.DateTimeField(null=True)
    valid_from = models.DateTimeField(auto_now_add=True)
    valid_to = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "lookup"], condition=Q(valid_to__isnull=True), name="identity_one_holder"
            )
        ]


class AccessToken(models.Model):
    """A bearer token of the API. Only its SHA-256 is kept; the token itself is shown once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_token"
