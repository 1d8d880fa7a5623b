// WeixinJSBridge for a browser that is not WeChat. It leads to the payment sandbox's page (paying, or taking a
// transfer), which checks what it is given, and from there back to `data-back`. For trying out and for tests: production never loads it.
"use strict";
(() => {
  if (window.WeixinJSBridge) return;
  const { pay, transfer, back } = document.currentScript.dataset;
  const pages = { getBrandWCPayRequest: pay, requestMerchantTransfer: transfer };
  window.WeixinJSBridge = {
    invoke(name, given, answer) {
      if (!pages[name]) {
        answer({ err_msg: `${name}:fail` });
        return;
      }
      const query = new URLSearchParams({ ...given, redirect_url: back });
      location.assign(`${pages[name]}?${query}`);
    },
  };
  document.dispatchEvent(new Event("WeixinJSBridgeReady"));
})();
