"""The administrative divisions of China (GB/T 2260: province, prefecture, county; six digits), by version.

Addresses keep the code together with the version they were chosen from, so that a division abolished later
can still be read. Source, date and licence of each version: docs/data/divisions.md.

A municipality's districts and the counties a province governs directly hang on the province itself: codes
such as 110100 or 469000, which statistics put between them, name no division. Four cities have no counties
and are leaves. Hong Kong, Macau and Taiwan have a code of their own only, so they are leaves too: what lies
beneath is free text.
"""

from tongdao.rulebook.divisions.table import (
    VERSION,
    Division,
    Level,
    UnknownDivision,
    UnknownVersion,
    children,
    full_name,
    get,
    is_leaf,
    path,
    versions,
)

__all__ = [
    "VERSION",
    "Division",
    "Level",
    "UnknownDivision",
    "UnknownVersion",
    "children",
    "full_name",
    "get",
    "is_leaf",
    "path",
    "versions",
]
