"""One person behind many channel identities. Global: a person is not a merchant's."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
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
    name_mask = models.BinaryField(max_length=32, null=True)  # blind index of what is shown of it: see tails
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "id"

    class Meta:
        db_table = "person"
        indexes = [
            models.Index(fields=["name_mask"], condition=Q(name_mask__isnull=False), name="person_name_mask"),
        ]

    def __str__(self) -> str:
        """The id: a person's name is not for logs."""
        return str(self.pk)

    @property
    def acting(self) -> Person:
        """Who acts for this human being: this one, or whom it was merged into."""
        return self.merged_into or self


class PersonMerge(models.Model):
    """Two accounts of one human being became one, or were proposed to. Undone, it is as if it had not been.

    No row of anybody moves: `absorbed` acts no more, and what is read of `root` is read of both (see the SQL
    function `tongdao_persons`). `Person.merged_into` is the same with chains cut short.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    root = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges_away")
    reason = models.CharField(max_length=40)  # a code: see merging.Reason
    proposed_by = models.UUIDField(null=True)  # the person or colleague; null: by signing in
    merchant_id = models.UUIDField(null=True)  # whose staff proposed it; null: the person itself
    proposed_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True)  # when who holds the root has shown that the other is theirs
    done_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # when the last merchant concerned had been told
    undone_at = models.DateTimeField(null=True)
    untold_at = models.DateTimeField(null=True)  # the same of its undoing

    class Meta:
        db_table = "person_merge"
        indexes = [
            models.Index(
                fields=["done_at"],
                condition=Q(done_at__isnull=False, told_at__isnull=True, undone_at__isnull=True),
                name="person_merge_to_tell",
            ),
            models.Index(
                fields=["undone_at"],
                condition=Q(undone_at__isnull=False, untold_at__isnull=True),
                name="person_merge_to_untell",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"],
                condition=Q(done_at__isnull=False, undone_at__isnull=True),
                name="person_merge_once",
            ),
            models.CheckConstraint(condition=~Q(root=models.F("absorbed")), name="person_merge_two"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(proved_at__isnull=False), name="person_merge_proved"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(done_at__isnull=False), name="person_merge_undone"
            ),
        ]


class ConsentText(models.Model):
    """What was shown to people who were asked or told something, word by word; kept once for all of them."""

    digest = models.BinaryField(max_length=32, primary_key=True)  # SHA-256 of the text
    purpose = models.CharField(max_length=24)
    version = models.CharField(max_length=24)
    language = models.CharField(max_length=8)
    text = models.TextField()
    stored_at = models.DateTimeField()

    class Meta:
        db_table = "consent_text"


class PersonConsent(models.Model):
    """What a person was told by the platform, or has said to it. Rows are added and never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=24)  # see rulebook.consents
    given = models.BooleanField()
    version = models.CharField(max_length=24)  # of the text
    digest = models.BinaryField(max_length=32)  # of the text that was shown: consent_text
    face = models.CharField(max_length=16)  # where: "shop", "api" …
    at = models.DateTimeField()

    class Meta:
        db_table = "person_consent"
        indexes = [models.Index(fields=["person", "purpose", "at"], name="person_consent_last")]


class IdentityKind(models.TextChoices):
    """How a person is recognised."""

    BROWSER = "browser"  # one browser's random key: a guest, until it proves more
    PHONE = "phone"  # a mainland mobile number, proven by a code or stated by staff
    EMAIL = "email"  # staff sign in with it
    WECHAT_UNION = "wechat_union"  # a WeChat user, in all apps of one open-platform account
    WECHAT_OPEN = "wechat_openid"  # the same in one app: its appid, a space, the openid


class Identity(models.Model):
    """One way to recognise a person. Numbers are recycled by carriers, so each holds for a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identities")
    kind = models.CharField(max_length=16, choices=IdentityKind.choices)
    lookup = models.BinaryField(max_length=32)  # blind index of the normalised value
    value = EncryptedTextField(null=True)
    tail = models.BinaryField(max_length=32, null=True)  # blind index of a phone's last digits: see tails
    verified_at = models.DateTimeField(null=True)  # first proven; null: only stated, by itself or by staff
    proved_at = models.DateTimeField(null=True)  # last proven: how sure it is that the number is still theirs
    valid_from = models.DateTimeField(auto_now_add=True)
    valid_to = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity"
        indexes = [
            models.Index(
                fields=["tail"],
                condition=Q(tail__isnull=False, valid_to__isnull=True),
                name="identity_tail",
            ),
        ]
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


class BrowserSession(AbstractBaseSession):
    """A browser that is signed in: Django's session, and whose it is (see sessions.SessionStore)."""

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="sessions")
    device = models.CharField(max_length=60, default="")  # "Safari · iPhone", no more than that
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "browser_session"

    @classmethod
    def get_session_store_class(cls) -> type[Any]:
        from tongdao.party.people.sessions import SessionStore

        return SessionStore


class CodePurpose(models.TextChoices):
    """What a one-time code proves a number for; it is good for nothing else."""

    SIGN_IN = "sign_in"
    NUMBER = "number"  # to become the number of an account that is open


class OneTimeCode(models.Model):
    """The last code sent to a number for a purpose. Neither number nor code can be read back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(max_length=16, choices=CodePurpose.choices)
    lookup = models.BinaryField(max_length=32)  # blind index of the number
    digest = models.BinaryField(max_length=32)  # blind index of purpose, number and code
    tries = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "one_time_code"
        constraints = [
            models.UniqueConstraint(fields=["purpose", "lookup"], name="one_time_code_last"),
        ]


class Authenticator(models.Model):
    """A second proof: an app that reckons codes from a shared secret and the time (TOTP, RFC 6238)."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE)
    secret = EncryptedTextField()
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)  # null: shown, but no code of it was seen yet
    last_step = models.BigIntegerField(default=0)  # of the last code taken: each is good once

    class Meta:
        db_table = "authenticator"


class RecoveryCode(models.Model):
    """Instead of the app when it is lost: each is good once. Only a blind index is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=32, unique=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recovery_code"


class Passkey(models.Model):
    """A key pair in a person's own device (WebAuthn). Only the public half is here, and nothing secret."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=40)  # as the person calls it
    credential = models.BinaryField(max_length=1023, unique=True)  # the key's id, made by the device
    public_key = models.BinaryField(max_length=2048)  # COSE
    sign_count = models.BigIntegerField(default=0)  # of its last use; 0: this device does not count
    synced = models.BooleanField(default=False)  # shared among the person's own devices
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    copied_at = models.DateTimeField(null=True)  # when its counter did not rise: it is good no more

    class Meta:
        db_table = "passkey"


class PlatformRole(models.TextChoices):
    """What a person is to the platform itself; what each may do stands in party.people.operators."""

    OPERATOR = "operator"  # looks and acts
    OBSERVER = "observer"  # looks only


class PlatformOperator(models.Model):
    """A person who runs the platform. Only the owner of the tables writes it: no web process makes one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="platform_roles")
    role = models.CharField(max_length=16, choices=PlatformRole.choices)
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "platform_operator"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_at__isnull=True), name="platform_operator_once"
            )
        ]
