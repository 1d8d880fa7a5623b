"""The merchant's carrier account: whose keys sign now, who is printed as the sender."""

from __future__ import annotations

import json
from datetime import datetime

from tongdao.foundation import clock
from tongdao.trade.shipping.gateway import Access, CarrierGateway, Party
from tongdao.trade.shipping.kuaidi100 import Kuaidi100Gateway
from tongdao.trade.shipping.models import CarrierAccount


def access_now() -> Access | None:
    """The account in force; None when there is none. In a merchant_scope."""
    account = CarrierAccount.objects.filter(effective_to__isnull=True).first()
    if account is None:
        return None
    return Access(account.gateway_url, account.key, account.secret, account.customer, account.partner_id)


def sender_of(at: datetime) -> Party:
    """The sender in force at a moment (or, before any account, of the first one)."""
    accounts = CarrierAccount.objects.order_by("-effective_from")
    account = accounts.filter(effective_from__lte=at).first() or accounts.reverse()[0]
    printed = json.loads(account.sender)
    return Party(printed["name"], printed["phone"], printed["address"])


def sender_now() -> Party | None:
    """Who is printed as the sender today, which is where goods go back to; None without an account."""
    known = CarrierAccount.objects.filter(effective_to__isnull=True).exists()
    return sender_of(clock.now()) if known else None


def open_gateway(access: Access) -> CarrierGateway:
    """The client that speaks the account's protocol."""
    return Kuaidi100Gateway(access)
