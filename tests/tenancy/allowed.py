"""Tables that no policy guards, each with its reason and with what the application may do there.

A new table is a merchant's own, with all its locks, or it gets a line here. `grants` are of the role
tongdao_app: r select, a insert, w update, d delete.
"""

from __future__ import annotations

from typing import NamedTuple


class Allowed(NamedTuple):
    reason: str
    grants: str = "arwd"


GLOBAL = {
    "merchant": Allowed("the tenant itself: a name and a currency, no personal data"),
    "person": Allowed("a human being is no merchant's; names are sealed"),
    "identity": Allowed("how a person signs in, before any merchant is known; values are sealed"),
    "access_token": Allowed("found by its digest before any merchant is known"),
    "person_merge": Allowed("two accounts of one human being: ids and moments"),
    "person_consent": Allowed("what a person said to the platform, before any merchant is known", "ar"),
    "consent_text": Allowed("the words that were shown to everybody: found by their digest", "ar"),
    "platform_level": Allowed(
        "medians over at least six shops, none named; in a scope it is read only", "rad"
    ),
    "throttle": Allowed("how often somebody tried something: blind indexes and moments, nobody is named"),
    "feature_switch": Allowed("the platform's own switches: names and states", "raw"),
    "operator_deed": Allowed("the platform's own record of what its operators did and why", "ra"),
    "directory": Allowed("leads from a token to its merchant: equality look-up, no payload", "ar"),
    "shop_domain": Allowed("leads from a name to its shop: look-up for all, written by its merchant", "ard"),
    "browser_session": Allowed("found by its random key before any merchant is known; no address, no number"),
    "one_time_code": Allowed("sent before anybody is known: blind indexes only"),
    "authenticator": Allowed("a person's second step; the secret is sealed"),
    "recovery_code": Allowed("a person's second step: blind indexes only"),
    "passkey": Allowed("a person's second step, or all of it: public keys only"),
    "erasure": Allowed("what a person asked of all merchants at once: an id, moments and counts"),
    "take_out": Allowed("the same; the copy itself is sealed, below the data directory"),
    "platform_operator": Allowed("who runs the platform: written by the tables' owner alone", "r"),
    "django_migrations": Allowed("what was migrated: no data of anybody", "r"),
    "django_admin_log": Allowed("Django's own log of its admin, shut and empty: see operator_deed", "rd"),
    "django_content_type": Allowed("Django's own list of models"),
    "auth_group": Allowed("Django's own, unused: roles are staff_member.role"),
    "auth_group_permissions": Allowed("Django's own, unused"),
    "auth_permission": Allowed("Django's own list, unused"),
    "procrastinate_events": Allowed("jobs: arguments are ids only, see docs/algorithms/events.md"),
    "procrastinate_jobs": Allowed("jobs: arguments are ids only"),
    "procrastinate_periodic_defers": Allowed("jobs: when a timer ran last"),
    "procrastinate_workers": Allowed("jobs: heartbeats of the workers"),
}

KEYLESS = {"event": "partitioned by time: a key would need the time in it; ids are UUIDv7"}

WITHOUT_MODEL = {"event_reader_position": "read and written by the event readers' own statements"}
