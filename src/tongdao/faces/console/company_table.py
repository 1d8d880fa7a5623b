"""The pages about the company itself, its staff and its papers: part of table.PAGES."""

from __future__ import annotations

from tongdao.faces.console.guard import Page
from tongdao.faces.console.lists_table import keep
from tongdao.faces.console.pages import (
    agreements,
    changes,
    company,
    inviting,
    licences,
    roles,
    staff,
    store_pages,
)

MEMBER = "staff/<uuid:staff_id>"
ROLE = "staff/roles/<uuid:role_id>"
TEXT = "pages/<uuid:page_id>"

COMPANY_PAGES: tuple[Page, ...] = (
    Page(
        "goods_kind",
        "products/<uuid:product_id>/kind",
        "goods.edit",
        licences.goods,
        licences.classify,
        section="products",
    ),
    Page("staff", "staff", "staff.manage", staff.show, keep("staff")),
    Page("staff_invite", "staff/invite", "staff.manage", inviting.show, inviting.act, section="staff"),
    Page(
        "invitation_revoke",
        "staff/invitations/<uuid:invitation_id>/revoke",
        "staff.manage",
        act=inviting.revoke,
        back="staff",
        section="staff",
    ),
    Page("roles", "staff/roles", "staff.manage", roles.show, section="staff"),
    Page("role_new", "staff/roles/new", "staff.manage", roles.new, roles.create, section="staff"),
    Page("role", ROLE, "staff.manage", roles.one, roles.change, section="staff"),
    Page("role_archive", f"{ROLE}/archive", "staff.manage", roles.confirm, roles.archive, section="staff"),
    Page("staff_member", MEMBER, "staff.manage", staff.one, staff.change, section="staff"),
    Page("staff_remove", f"{MEMBER}/remove", "staff.manage", staff.confirm, staff.remove, section="staff"),
    Page("brands", "brands", "store.edit", company.brands, company.brand_add, section="settings"),
    Page(
        "brand",
        "brands/<uuid:brand_id>",
        "store.edit",
        company.brand,
        company.brand_rename,
        section="settings",
    ),
    Page("pages", "pages", "store.edit", store_pages.show, section="settings"),
    Page("page_new", "pages/new", "store.edit", store_pages.new, store_pages.create, section="settings"),
    Page("page", TEXT, "store.edit", store_pages.one, store_pages.change, section="settings"),
    Page(
        "page_remove",
        f"{TEXT}/remove",
        "store.edit",
        store_pages.confirm,
        store_pages.remove,
        section="settings",
    ),
    # the company
    Page("company", "company", "company.edit", company.show, company.act),
    Page(
        "company_confirm",
        "company/confirm",
        "company.edit",
        act=company.confirm,
        back="company",
        section="company",
    ),
    Page("licences", "licences", "company.edit", licences.show),
    Page("licence_new", "licences/new", "company.edit", licences.new, licences.create, section="licences"),
    Page(
        "licence_withdraw",
        "licences/<uuid:licence_id>/withdraw",
        "company.edit",
        licences.confirm,
        licences.withdraw,
        section="licences",
    ),
    Page("agreements", "agreements", "company.edit", agreements.show),
    Page(
        "agreement_new",
        "agreements/new",
        "company.edit",
        agreements.new,
        agreements.create,
        section="agreements",
    ),
    Page("agreement", "agreements/<uuid:agreement_id>", "company.edit", agreements.one, section="agreements"),
    Page("changes", "changes", "events.read", changes.show, keep("changes")),
)
