"""Merchants of the sandbox and the papers each is handed (the keys are listed in the package's docstring)."""

import json
from pathlib import Path

from tongdao.sandboxes.wechatpay import crypto, numbers
from tongdao.sandboxes.wechatpay.identity import Platform, new_serial
from tongdao.sandboxes.wechatpay.store import Row, Store

SIGNINGS = ("public_key", "certificate")


def create(store: Store, name: str, appid: str | None = None, signing: str = "public_key") -> Row:
    """Open a merchant account with fresh keys."""
    key = crypto.new_key()
    mchid = numbers.mchid()
    store.insert(
        "merchants",
        mchid=mchid,
        appid=appid or numbers.appid(),
        name=name,
        signing=signing,
        private_key=crypto.private_pem(key),
        public_key=crypto.public_pem(key.public_key()),
        cert_serial_no=f"{new_serial():040X}",
        apiv3_key=numbers.token(32),
    )
    merchant = find(store, mchid)
    assert merchant is not None
    return merchant


def find(store: Store, mchid: str) -> Row | None:
    """The merchant of that number."""
    return store.one("select * from merchants where mchid = ?", mchid)


def papers(merchant: Row, platform: Platform, gateway: str) -> dict[str, str]:
    """Everything the merchant needs to be a client of this sandbox."""
    return {
        "gateway": gateway,
        "mchid": merchant["mchid"],
        "appid": merchant["appid"],
        "name": merchant["name"],
        "merchant_private_key": merchant["private_key"],
        "cert_serial_no": merchant["cert_serial_no"],
        "apiv3_key": merchant["apiv3_key"],
        "platform_public_key": platform.public_key,
        "platform_public_key_id": platform.public_key_id,
        "platform_certificate": platform.certificate,
        "platform_certificate_serial": platform.certificate_serial,
        "signing": merchant["signing"],
    }


def demo(store: Store) -> Row:
    """The merchant of merchant.json; made at the first start."""
    with store.transaction():
        mchid = store.fact("demo_mchid")
        merchant = find(store, mchid) if mchid else None
        if merchant is None:
            merchant = create(store, "同道示例商户")
            store.remember("demo_mchid", merchant["mchid"])
    return merchant


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, never half."""
    draft = path.with_suffix(path.suffix + ".part")
    draft.touch(mode=0o600)
    draft.chmod(0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def write_demo_papers(path: Path, store: Store, platform: Platform, gateway: str) -> None:
    """Bring merchant.json up to date."""
    text = json.dumps(papers(demo(store), platform, gateway), ensure_ascii=False, indent=2)
    write_private(path, text + "\n")
