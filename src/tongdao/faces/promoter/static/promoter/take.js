// Hands a transfer that waits to WeChat, and says what became of it. What WeChat reports is no proof: the
// payout's page asks the channel.
"use strict";
(() => {
  const spot = document.querySelector("[data-take]");
  if (!spot) return;
  const given = JSON.parse(spot.dataset.take);
  const say = (what) => {
    for (const part of spot.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== what;
  };
  const take = () => {
    if (!window.WeixinJSBridge) {
      say("absent");
      return;
    }
    say("asking");
    window.WeixinJSBridge.invoke("requestMerchantTransfer", given, ({ err_msg: told = "" }) => {
      if (told.endsWith(":ok")) location.replace(spot.dataset.done);
      else say(told.endsWith(":cancel") ? "cancelled" : "failed");
    });
  };
  spot.querySelector("[data-again]").addEventListener("click", take);
})();
