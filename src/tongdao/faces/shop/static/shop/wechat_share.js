// Inside WeChat: tells it how this page looks when it is shared. Everywhere else it does nothing.
"use strict";
(() => {
  const asked = document.currentScript.dataset.share;
  if (!asked || !navigator.userAgent.includes("MicroMessenger")) return;
  const meta = (name) => document.querySelector(`meta[property="og:${name}"]`)?.content || "";
  const share = (told) => {
    const { wx } = window;
    const card = { title: meta("title"), desc: meta("description"), link: told.link, imgUrl: meta("image") };
    const jsApiList = ["updateAppMessageShareData", "updateTimelineShareData"];
    wx.config({ debug: false, ...told.config, jsApiList });
    wx.ready(() => {
      wx.updateAppMessageShareData(card);
      wx.updateTimelineShareData(card);
    });
  };
  const begin = async () => {
    const body = new URLSearchParams({ url: location.href.split("#")[0] });
    const answer = await fetch(asked, { method: "POST", body });
    if (!answer.ok) return;
    const told = await answer.json();
    const sdk = document.createElement("script");
    sdk.src = told.sdk;
    sdk.addEventListener("load", () => share(told));
    document.head.append(sdk);
  };
  begin();
})();
