// Hands the payment to WeChat, and says what became of it. What WeChat reports is no proof: the order's page
// asks the channel.
"use strict";
(() => {
  const spot = document.querySelector("[data-wechat-pay]");
  if (!spot) return;
  const given = JSON.parse(spot.dataset.wechatPay);
  const say = (what) => {
    for (const part of spot.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== what;
  };
  const pay = () => {
    say("asking");
    window.WeixinJSBridge.invoke("getBrandWCPayRequest", given, ({ err_msg: told = "" }) => {
      if (told.endsWith(":ok")) location.replace(spot.dataset.done);
      else say(told.endsWith(":cancel") ? "cancelled" : "failed");
    });
  };
  let begun = false;
  const begin = () => {
    if (begun || !window.WeixinJSBridge) return;
    begun = true;
    pay();
  };
  spot.querySelector("[data-again]").addEventListener("click", () => (window.WeixinJSBridge ? pay() : say("absent")));
  document.addEventListener("WeixinJSBridgeReady", begin);
  begin();
  setTimeout(() => begun || say("absent"), 5000);
})();
