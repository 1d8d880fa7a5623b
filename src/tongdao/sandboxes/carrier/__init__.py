"""A carrier aggregator that moves parcels by itself, speaking the protocol of Kuaidi100 (快递100).

    python -m tongdao.sandboxes.carrier --host 127.0.0.1 --port 8093 --data DIR [--pace 20] [--speed 60]

`--pace` is the seconds between two steps of a parcel (0: only the control API moves them); `--speed` divides
the real waits between push attempts (every 30 minutes, 4 attempts). One process per DIR. Everything answered
has been written to disk first, so a kill loses nothing; a push whose answer was not recorded is sent again.

The first start writes, readable by the owner only:
  DIR/account.json   {"key", "secret", "customer", "partner_id"}: authorisation key, signing secret, customer
                     number and the month-settled account to order labels with
  DIR/control.token  bearer token of the control API
DIR/carrier.sqlite3 holds the parcels.

Protocol (always HTTP 200; forms, UTF-8; `param` is JSON text and is signed exactly as sent):
  POST /label/order?method=order|cancel   key, t, param, sign = upper(md5(param + t + key + secret))
       {"success": true, "code": 200, "message": "success", "data": {"taskId", "kuaidinum", "kdComOrderNum",
       "bulkpen", "label" ...}}, or {"success": false, "code": 503, "message": "...", "data": null}
       codes: 200, 201 cannot be cancelled, 400 parameters, 501 repeated order number, 503 signature, 600 key
       `orderId` (or `thirdOrderId`) is the caller's own number: asking again with the same content gives
       the same waybill, with other content 501. A cancelled one ends its trace with the fine code 401.
  POST /poll           schema=json, param={company, number, key, parameters: {callbackurl, salt, resultv2}}
       {"result": true, "returnCode": "200", "message": "提交成功"}; 501 followed, 600 key, 700 data
  POST /poll/query.do  customer, param={com, num, phone, resultv2, order},
       sign = upper(md5(param + key + customer))
       the trace, or {"result": false, "returnCode": "400" | "408" | "500" | "503", "message"}
  push to callbackurl  param=<json>, sign=upper(md5(param + salt)) unless no salt was given; wants
       {"result": true, "returnCode": "200"} within 20 seconds
With `resultv2` 4 or more, `state` and `statusCode` are the fine codes (301), else `state` is plain (3).
SF Express numbers (shunfeng) are followed and queried only with the sender's or receiver's phone.

The control API is described in `control.py`. Sources: the public documentation at api.kuaidi100.com
(dianzimiandanV2, dianzimiandanquxiao, the push and query pages) and the vendor's published examples; the
number of push attempts, and the label codes but 200 and 503, are our reading of neighbouring pages.
"""
