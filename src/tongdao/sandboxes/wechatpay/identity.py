"""The sandbox's own identity: what "WeChat Pay" signs with.

As in reality there are two key pairs: the platform certificate (fetched by GET /v3/certificates) and the
newer platform public key (PUB_KEY_ID_…), each under its own serial.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tongdao.sandboxes.wechatpay import crypto, numbers
from tongdao.sandboxes.wechatpay.store import Store

_LIFE = timedelta(days=5 * 365)


@dataclass(frozen=True)
class Platform:
    """Both keys with their serials; `certificate` and `public_key` are PEM."""

    certificate_key: rsa.RSAPrivateKey
    certificate: str
    certificate_serial: str
    effective: datetime
    expires: datetime
    public_key_key: rsa.RSAPrivateKey
    public_key: str
    public_key_id: str

    def key_for(self, serial: str) -> rsa.RSAPrivateKey:
        """The private key that goes with one of our two serials."""
        return self.public_key_key if serial == self.public_key_id else self.certificate_key

    def serial_for(self, signing: str) -> str:
        """The serial for `public_key` or `certificate`."""
        return self.public_key_id if signing == "public_key" else self.certificate_serial


def new_serial() -> int:
    """A serial of exactly forty hex digits, so that its text form has no lost zero."""
    while (serial := x509.random_serial_number()) < 1 << 156:
        pass
    return serial


def _self_signed(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Tongdao sandbox, not Tenpay.com"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Tongdao WeChat Pay sandbox"),
        ]
    )
    start = datetime.now(UTC) - timedelta(minutes=5)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(new_serial()).not_valid_before(start).not_valid_after(start + _LIFE)
    return builder.sign(key, SHA256())


def _create(store: Store) -> None:
    key = crypto.new_key()
    with store.transaction():
        store.remember("certificate_key", crypto.private_pem(key))
        store.remember("certificate", _self_signed(key).public_bytes(Encoding.PEM).decode())
        store.remember("public_key_key", crypto.private_pem(crypto.new_key()))
        store.remember("public_key_id", f"PUB_KEY_ID_{numbers.digits(34)}")


def load(store: Store) -> Platform:
    """The identity kept in `store`; made at the first start."""
    if store.fact("public_key_id") is None:
        _create(store)
    facts = {str(row["name"]): str(row["value"]) for row in store.all("select * from facts")}
    certificate = x509.load_pem_x509_certificate(facts["certificate"].encode())
    public_key_key = crypto.load_private(facts["public_key_key"])
    return Platform(
        certificate_key=crypto.load_private(facts["certificate_key"]),
        certificate=facts["certificate"],
        certificate_serial=f"{certificate.serial_number:040X}",
        effective=certificate.not_valid_before_utc,
        expires=certificate.not_valid_after_utc,
        public_key_key=public_key_key,
        public_key=crypto.public_pem(public_key_key.public_key()),
        public_key_id=facts["public_key_id"],
    )
