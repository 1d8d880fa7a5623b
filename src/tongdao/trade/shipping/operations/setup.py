"""Connecting a merchant with its carrier gateway."""

from __future__ import annotations

import json
from urllib.parse import urlsplit
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.idempotency import key_id, lock_keys
from tongdao.trade.shipping.events import CarrierConnected
from tongdao.trade.shipping.gateway import Access, Party
from tongdao.trade.shipping.models import CarrierAccount
from tongdao.trade.shipping.refusals import BadCarrierAccount

LONGEST_URL = 200


def connect_carrier(access: Access, sender: Party, *, gateway: str = "kuaidi100", actor: Actor) -> UUID:
    """Make the merchant's carrier account and end the one before it, in a merchant_scope; returns its id.

    Who calls it decides which gateway addresses staff may choose. Raises BadCarrierAccount.
    """
    _check(access, sender, gateway)
    lock_keys([key_id("carrier_account", gateway)])
    now = clock.now()
    CarrierAccount.objects.filter(gateway=gateway, effective_to__isnull=True).update(effective_to=now)
    printed = {"name": sender.name, "phone": sender.phone, "address": sender.address}
    account = CarrierAccount.objects.create(
        gateway=gateway,
        gateway_url=access.url.rstrip("/"),
        key=access.key,
        secret=access.secret,
        customer=access.customer,
        partner_id=access.partner_id,
        sender=json.dumps(printed, ensure_ascii=False),
        effective_from=now,
    )
    record(CarrierConnected(account.id, Code(gateway)), subject=account, actor=actor)
    return account.id


def _check(access: Access, sender: Party, gateway: str) -> None:
    try:
        url = urlsplit(access.url)
    except ValueError:
        raise BadCarrierAccount() from None
    keys = (access.key, access.secret, access.customer, access.partner_id)
    whole = all((*keys, sender.name, sender.phone, sender.address))
    reachable = url.scheme in ("http", "https") and bool(url.hostname) and len(access.url) <= LONGEST_URL
    if gateway != "kuaidi100" or not whole or not reachable or url.query or url.fragment:
        raise BadCarrierAccount()
