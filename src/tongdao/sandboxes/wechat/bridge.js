// WeixinJSBridge for a browser that is not WeChat. It leads to the payment sandbox's page, which checks the
// signature, and from there back to `data-back`. For trying out and for tests: production never loads it.
"use strict";
(() => {
  if (window.WeixinJSBridge) return;
  const { pay, back } = document.currentScript.dataset;
  window.WeixinJSBridge = {
    invoke(name, given, answer) {
      if (name !== "getBrandWCPayRequest") {
        answer({ err_msg: `${name}:fail` });
        return;
      }
      const query = new URLSearchParams({ ...given, redirect_url: back });
      location.assign(`${pay}?${query}`);
    },
  };
  document.dispatchEvent(new Event("WeixinJSBridgeReady"));
})();
