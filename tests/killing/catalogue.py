"""A catalogue that comes in from a product file, large enough for a kill to fall into its import."""

from __future__ import annotations

from typing import Any

from tests.killing.town import Town

PRODUCTS = 300
HANDLE = "cloud-tea-0"
HEAD = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Inventory Qty,Variant Price\n"
)
ROW = "cloud-tea-{n},云雾茶 {n},<p>明前</p>,山间茶舍,茶,green,true,Title,Default Title,TEA-{n},7,128\n"
FILE = (HEAD + "".join(ROW.format(n=n) for n in range(PRODUCTS))).encode()


def bring_in(town: Town, merchant_id: str, owner: str) -> None:
    """Hand the file in and wait for its end. When the answer is lost it goes in twice, which does no harm."""
    path = f"/merchants/{merchant_id}/imports"
    taken = town.api("POST", path, token=owner, file=FILE, good=(202,)).body

    def ended() -> Any:
        run = town.api("GET", f"{path}/{taken['import_id']}", token=owner).body
        return run if run["state"] in ("done", "failed") else None

    run = town.wait(ended, "the end of an import")
    assert (run["state"], run["problem_total"]) == ("done", 0), run
