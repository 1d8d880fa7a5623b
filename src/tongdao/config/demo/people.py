"""Who is there in the demo: an operator, staff of each role, two promoters. All names are made up."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from tongdao.config.demo.private import write_private
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.operations import add_staff
from tongdao.party.merchants.permissions import rights_of
from tongdao.party.network.agreements import version_now
from tongdao.party.network.models import Promoter
from tongdao.party.network.operations import Consent, join_promoter
from tongdao.party.people.models import Person, PlatformRole
from tongdao.party.people.operations import find_person, register_person
from tongdao.party.people.operators import grant_operator, platform_role

STAFF = {
    Role.OWNER: ("owner@demo.example", "岑汀"),
    Role.OPERATIONS: ("operations@demo.example", "阿舟"),
    Role.SERVICE: ("service@demo.example", "小禾"),
    Role.FINANCE: ("finance@demo.example", "老秦"),
    Role.READ_ONLY: ("reader@demo.example", "访客"),
}
OPERATOR = ("operator@demo.example", "阿岚")
PROMOTERS = (("linxi@demo.example", "林溪"), ("aheng@demo.example", "阿蘅"))


def demo_password(data_dir: Path) -> str:
    """One for all demo people, made once for this installation and kept in a file that only we can read."""
    path = data_dir / "demo-password"
    if not path.exists():
        write_private(path, token(12))
    return path.read_text(encoding="utf-8").strip()


def demo_person(sign_in_name: str, shown_name: str, password: str) -> Person:
    """The person, who signs in with `password` from now on."""
    person = find_person(sign_in_name)
    if person is None:
        return register_person(sign_in_name=sign_in_name, password=password, shown_name=shown_name)
    if not person.check_password(password):
        person.set_password(password)
        person.save(update_fields=["password"])
    return person


def fill_staff(merchant_id: UUID, password: str, *, actor: Actor) -> int:
    """Everyone who does not work there yet starts; returns how many did."""
    started = 0
    for role, (sign_in_name, shown_name) in STAFF.items():
        person = demo_person(sign_in_name, shown_name, password)
        with merchant_scope(merchant_id):
            if rights_of(person.id) is None:
                add_staff(person.id, role, actor=actor)
                started += 1
    return started


def fill_operator(password: str) -> bool:
    """Who runs the demo's platform; the second step is set up at the first sign-in. False: there already."""
    person = demo_person(*OPERATOR, password)
    if platform_role(person.id) is not None:
        return False
    grant_operator(person.id, PlatformRole.OPERATOR, reason="the demo's own operator")
    return True


def fill_promoters(merchant_id: UUID, password: str) -> list[UUID]:
    """Ids of the demo promoters, in the order of PROMOTERS."""
    found = []
    for sign_in_name, shown_name in PROMOTERS:
        person = demo_person(sign_in_name, shown_name, password)
        with merchant_scope(merchant_id):
            row = Promoter.objects.filter(person_id=person.id, left_at__isnull=True).first()
            found.append((row or _join(person.id, shown_name)).id)
    return found


def _join(person_id: UUID, shown_name: str) -> Promoter:
    """By their own act, as on the page for joining."""
    consent = Consent(version_now(), of_age=True)
    return join_promoter(person_id, shown_name=shown_name, actor=Actor("person", person_id), consent=consent)
