"""All lists, with the rows that each is of."""

from __future__ import annotations

from procrastinate.contrib.django.models import ProcrastinateJob

from tongdao.faces.operator.lists.base import ListAdmin
from tongdao.faces.operator.lists.disputes import DisputeList
from tongdao.faces.operator.lists.machinery import CallbackList, IntentList, JobList
from tongdao.faces.operator.lists.merchants import MerchantList
from tongdao.faces.operator.lists.people import PersonList
from tongdao.faces.operator.lists.records import DeedList, ReviewList
from tongdao.foundation.models import Intent, OperatorDeed
from tongdao.party.merchants.models import Merchant
from tongdao.party.people.models import Person
from tongdao.trade.disputes.models import Dispute
from tongdao.trade.payments.models import CallbackRecord
from tongdao.trade.reviews.models import Review

LISTS: tuple[tuple[type, type[ListAdmin]], ...] = (
    (Merchant, MerchantList),
    (Person, PersonList),
    (Review, ReviewList),
    (Dispute, DisputeList),
    (ProcrastinateJob, JobList),
    (CallbackRecord, CallbackList),
    (Intent, IntentList),
    (OperatorDeed, DeedList),
)
