"""Django's side of signing in: its sessions know a person by id."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from tongdao.party.people.models import Person
from tongdao.party.people.operations import check_sign_in
from tongdao.party.people.refusals import SignInFailed


class IdentityBackend(BaseBackend):
    """Recognises a person by one of the identities and the password."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Person | None:
        try:
            return check_sign_in(username or "", password or "")
        except SignInFailed:
            return None

    def get_user(self, user_id: UUID | str | int) -> Person | None:
        return Person.objects.filter(pk=str(user_id), is_active=True).first()
