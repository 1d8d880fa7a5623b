// The JS-SDK in small: the configuration is really checked; what a page shares is kept in `wx.__shared`.
"use strict";
(() => {
  const here = new URL(document.currentScript.src).origin;
  const waiting = [];
  let state = "";
  let failed = () => {};
  const share = (kind) => (data) => {
    if (state !== "config:ok") return;
    window.wx.__shared[kind] = { title: data.title, desc: data.desc, link: data.link, imgUrl: data.imgUrl };
    if (data.success) data.success();
  };
  window.wx = {
    __shared: {},
    __checked(told) {
      state = told;
      if (told === "config:ok") waiting.splice(0).forEach((work) => work());
      else failed({ errMsg: told });
    },
    config({ appId, timestamp, nonceStr, signature }) {
      const url = location.href.split("#")[0];
      const check = document.createElement("script");
      check.src = `${here}/sandbox/config.js?${new URLSearchParams({ appId, timestamp, nonceStr, signature, url })}`;
      document.head.append(check);
    },
    ready(work) {
      if (state === "config:ok") work();
      else waiting.push(work);
    },
    error(work) {
      failed = work;
    },
    updateAppMessageShareData: share("chat"),
    updateTimelineShareData: share("moments"),
  };
})();
