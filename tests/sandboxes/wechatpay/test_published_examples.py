"""Signatures and ciphertexts that WeChat Pay itself published, checked with the sandbox's cryptography.

The request signatures are from the page on request signatures (pay.weixin.qq.com/doc/v3/merchant/4012365336),
made with the test key of that page, here its public half. The notification is that of the official Go SDK's
handler test, the short ciphertext that of the official Java SDK's AEAD test.
"""

import json
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import rsa

from tongdao.sandboxes.wechatpay import crypto

EXAMPLES = json.loads((Path(__file__).parent / "published_examples.json").read_text("utf-8"))
NOTICE = EXAMPLES["notification"]


@pytest.mark.parametrize("example", EXAMPLES["requests"], ids=lambda example: example["url"])
def test_published_request_signatures_are_good(example: dict[str, str]) -> None:
    key = crypto.load_public(EXAMPLES["merchant_public_key"])
    parts = [example[name] for name in ("method", "url", "timestamp", "nonce", "body")]
    assert crypto.verify(key, crypto.request_message(*parts), example["signature"])
    parts[4] += " "
    assert not crypto.verify(key, crypto.request_message(*parts), example["signature"])


def test_published_notification_is_signed_as_ours_are() -> None:
    key = x509.load_pem_x509_certificate(NOTICE["certificate"].encode()).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    message = crypto.answer_message(NOTICE["timestamp"], NOTICE["nonce"], NOTICE["body"])
    assert crypto.verify(key, message, NOTICE["signature"])
    assert not crypto.verify(key, message.replace(b"payscore", b"payscorE"), NOTICE["signature"])


def test_published_notification_is_encrypted_as_ours_are() -> None:
    resource = json.loads(NOTICE["body"])["resource"]
    parts = (resource["nonce"], resource["associated_data"])
    plain = crypto.decrypt(NOTICE["apiv3_key"], *parts, resource["ciphertext"])
    assert json.loads(plain)["mchid"] == "1234567890"
    assert crypto.encrypt(NOTICE["apiv3_key"], *parts, plain) == resource["ciphertext"]


def test_published_ciphertext_is_reproduced_and_guarded() -> None:
    example = EXAMPLES["aead"]
    parts = (example["key"], example["nonce"], example["associated_data"])
    assert crypto.encrypt(*parts, example["plaintext"]) == example["ciphertext"]
    assert crypto.decrypt(*parts, example["ciphertext"]) == example["plaintext"]
    with pytest.raises(InvalidTag):
        crypto.decrypt(example["key"], example["nonce"], "certificate", example["ciphertext"])
