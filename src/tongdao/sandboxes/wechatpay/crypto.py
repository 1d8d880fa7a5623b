"""The protocol's cryptography: SHA256 with RSA (PKCS#1 v1.5) signatures and AEAD_AES_256_GCM resources.

Sources: pay.weixin.qq.com/doc/v3/merchant/4012365342 (request signature), 4013053249 (verifying answers and
notifications), 4012365870 (JSAPI paySign), 4012071382 (decrypting resources), 4013053265 (sealed fields).
"""

from base64 import b64decode, b64encode
from binascii import Error as BadBase64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

SCHEME = "WECHATPAY2-SHA256-RSA2048"


def lines(*parts: str) -> bytes:
    """The canonical form of everything signed here: each part followed by a newline."""
    return "".join(f"{part}\n" for part in parts).encode()


def request_message(method: str, url: str, timestamp: str, nonce: str, body: str) -> bytes:
    """What a merchant signs; `url` is the path with its query, exactly as sent."""
    return lines(method, url, timestamp, nonce, body)


def answer_message(timestamp: str, nonce: str, body: str) -> bytes:
    """What WeChat Pay signs, for answers and notifications alike."""
    return lines(timestamp, nonce, body)


def jsapi_message(app_id: str, timestamp: str, nonce: str, package: str) -> bytes:
    """What a merchant signs (`paySign`) before WeixinJSBridge opens the payment."""
    return lines(app_id, timestamp, nonce, package)


def sign(key: rsa.RSAPrivateKey, message: bytes) -> str:
    """Base64 of the signature."""
    return b64encode(key.sign(message, padding.PKCS1v15(), SHA256())).decode()


def verify(key: rsa.RSAPublicKey, message: bytes, signature: str) -> bool:
    """Whether `signature` (base64) was made over `message` with the private half of `key`."""
    try:
        key.verify(b64decode(signature, validate=True), message, padding.PKCS1v15(), SHA256())
    except (InvalidSignature, BadBase64, ValueError):
        return False
    return True


def encrypt(apiv3_key: str, nonce: str, associated_data: str, plaintext: str) -> str:
    """Base64 of ciphertext and tag; `nonce` has 12 characters."""
    cipher = AESGCM(apiv3_key.encode())
    return b64encode(cipher.encrypt(nonce.encode(), plaintext.encode(), associated_data.encode())).decode()


def decrypt(apiv3_key: str, nonce: str, associated_data: str, ciphertext: str) -> str:
    """The inverse of `encrypt`; raises cryptography's InvalidTag if anything was altered."""
    cipher = AESGCM(apiv3_key.encode())
    return cipher.decrypt(nonce.encode(), b64decode(ciphertext), associated_data.encode()).decode()


def open_sealed(key: rsa.RSAPrivateKey, sealed: str) -> str:
    """A field that the merchant sealed for us (RSAES-OAEP with SHA-1); ValueError if it is not that."""
    oaep = padding.OAEP(padding.MGF1(SHA1()), SHA1(), None)  # noqa: S303 (the protocol's)
    try:
        return key.decrypt(b64decode(sealed, validate=True), oaep).decode()
    except (BadBase64, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error


def new_key() -> rsa.RSAPrivateKey:
    """A fresh RSA key of the size the protocol asks for."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private_pem(key: rsa.RSAPrivateKey) -> str:
    """PKCS#8 PEM, the form of `apiclient_key.pem`."""
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


def public_pem(key: rsa.RSAPublicKey) -> str:
    """SubjectPublicKeyInfo PEM, the form of `pub_key.pem`."""
    form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return key.public_bytes(*form).decode()


def load_private(pem: str) -> rsa.RSAPrivateKey:
    """Read a PEM; ValueError if it is not RSA."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("not an RSA private key")
    return key


def load_public(pem: str) -> rsa.RSAPublicKey:
    """Read a PEM; ValueError if it is not RSA."""
    key = serialization.load_pem_public_key(pem.encode())
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("not an RSA public key")
    return key
