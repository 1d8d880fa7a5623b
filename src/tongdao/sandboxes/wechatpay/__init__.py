"""WeChat Pay sandbox: a process of its own that speaks the WeChat Pay API v3 protocol.

Run it with `python -m tongdao.sandboxes.wechatpay --host 127.0.0.1 --port N --data DIR`. It imports nothing
else of tongdao; all its state lives in DIR:

- `sandbox.sqlite3`: orders, refunds, transfers, notifications, merchants, platform keys (survives kill -9),
- `control.token`: the bearer token of the control API (see `control`), mode 600,
- `merchant.json`: the demo merchant, mode 600, rewritten at each start because `gateway` may move.

Keys of `merchant.json` (also the answer of `POST /_control/merchants`), all strings:

- `gateway`: base URL of this sandbox, what `https://api.mch.weixin.qq.com` is in reality,
- `mchid`, `appid`, `name`: the merchant,
- `merchant_private_key`: PKCS#8 PEM with which the merchant signs, `cert_serial_no`: the serial that goes
  with it,
- `apiv3_key`: 32 characters, the AES-256-GCM key of notifications and certificates,
- `platform_public_key` (PEM) and `platform_public_key_id` (`PUB_KEY_ID_…`): to verify in public key mode,
- `platform_certificate` (PEM) and `platform_certificate_serial`: to verify in certificate mode,
- `signing`: `public_key` or `certificate`, the key with which notifications to this merchant are signed.

Facts are taken from pay.weixin.qq.com/doc/v3/merchant (basic payment, merchant transfers, direct merchant).
Known differences from reality: http notify URLs are allowed, prepay ids and H5 links live until
`time_expire`, bills are not served yet.
"""
