// Files that go with a form: chosen one after the other, seen before they are sent, taken out again. Without
// this script the field sends what the browser shows as chosen.
"use strict";
(() => {
  const large = (bytes) =>
    bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
  const same = (one, other) =>
    one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

  const draw = async (file, canvas) => {
    try {
      const picture = await createImageBitmap(file, { resizeWidth: 264 });
      canvas.width = canvas.height = 264;
      const scale = Math.max(264 / picture.width, 264 / picture.height);
      const [width, height] = [picture.width * scale, picture.height * scale];
      canvas.getContext("2d").drawImage(picture, (264 - width) / 2, (264 - height) / 2, width, height);
    } catch {
      canvas.remove();  // nothing that this browser can show; its name stands below
    }
  };

  // Files are sent under the reader's eyes. Where that fails, or is refused, words and files stand as they were
  // and can be sent again: the form's own key makes it count once.
  const send = (form, submitter, field) => {
    const words = field.querySelector("input[type=file]").dataset;
    const bar = Object.assign(document.createElement("progress"), { max: 100 });
    bar.setAttribute("aria-label", words.sending);
    const state = Object.assign(document.createElement("p"), { className: "small", textContent: words.sending });
    state.setAttribute("role", "status");
    form.querySelectorAll("[data-sent-back]").forEach((old) => old.remove());
    field.append(bar, state);
    const over = (notice) => {
      [bar, state].forEach((one) => one.remove());
      document.dispatchEvent(new Event("sending:over"));
      notice.dataset.sentBack = "";
      notice.tabIndex = -1;
      form.prepend(notice);
      notice.focus();
    };
    const failed = () => {
      const notice = Object.assign(document.createElement("p"), { className: "error", textContent: words.failed });
      notice.setAttribute("role", "alert");
      over(notice);
    };
    const answered = () => {
      const where = request.getResponseHeader("X-Go-To");
      if (where) return go(new URL(where, location.href));
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const notice = page.querySelector("main .notice-error, main [role=alert]");
      return notice ? over(document.adoptNode(notice)) : failed();
    };
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable || event.loaded === event.total) return bar.removeAttribute("value");
      bar.value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("load", answered);
    request.addEventListener("error", failed);
    request.open("POST", form.action);
    request.setRequestHeader("X-Sent-From-Page", "1");
    const body = new FormData(form);
    if (submitter?.name) body.append(submitter.name, submitter.value);
    request.send(body);
  };

  const go = (where) => {
    const here = where.pathname === location.pathname && where.search === location.search;
    location.assign(where);
    if (here && where.hash) location.reload();  // else the browser only moves to the mark
  };

  const dress = (field) => {
    const input = field.querySelector("input[type=file]");
    const list = field.querySelector("ul");
    const told = field.querySelector("[data-attach-told]");
    const words = input.dataset;
    let chosen = [];

    const problem = (file) => {
      const video = file.type.startsWith("video/");
      if (file.type && !input.accept.split(",").includes(file.type)) return words.wrong;
      return file.size > Number(video ? words.video : words.picture) ? words.tooLarge : "";
    };

    const item = (file, index) => {
      const spot = document.createElement("li");
      spot.className = "stack stack-s small";
      if (file.type.startsWith("image/")) {
        const canvas = document.createElement("canvas");
        canvas.setAttribute("aria-hidden", "true");
        spot.append(canvas);
        draw(file, canvas);
      }
      const name = document.createElement("span");
      name.textContent = `${file.name.length > 24 ? `…${file.name.slice(-22)}` : file.name} ${large(file.size)}`;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-secondary button-small";
      button.textContent = words.remove;
      button.setAttribute("aria-label", `${words.remove} ${file.name}`);
      button.addEventListener("click", () => {
        chosen.splice(index, 1);
        show();
        (list.querySelectorAll("button")[Math.min(index, chosen.length - 1)] || input).focus();
      });
      spot.append(name, button);
      return spot;
    };

    const show = () => {
      const held = new DataTransfer();
      chosen.forEach((file) => held.items.add(file));
      input.files = held.files;
      list.replaceChildren(...chosen.map(item));
      const together = chosen.reduce((sum, file) => sum + file.size, 0);
      const wrong = chosen.filter(problem).map((file) => `${problem(file)} ${file.name}`);
      if (chosen.length > Number(words.most)) wrong.push(words.tooMany);
      if (together > Number(words.together)) wrong.push(`${words.tooLarge} ${large(together)}`);
      input.setCustomValidity(wrong[0] || "");
      told.className = wrong.length ? "error" : "small";
      told.textContent = wrong.join(" ") || `${words.count} ${chosen.length}, ${large(together)}`;
      list.hidden = told.hidden = !chosen.length;
    };

    input.addEventListener("change", () => {
      const fresh = [...input.files].filter((file) => !chosen.some((known) => same(known, file)));
      chosen = [...chosen, ...fresh];
      show();
    });
    input.form?.addEventListener("reset", () => { chosen = []; show(); });
    input.form?.addEventListener("submit", (event) => {
      if (event.defaultPrevented || !chosen.length || input.form.dataset.sent) return;
      event.preventDefault();
      send(input.form, event.submitter, field);
    });
    if (input.files.length) { chosen = [...input.files]; show(); }  // kept by the browser on the way back
  };

  document.querySelectorAll("[data-attach]").forEach((field) => {
    if (field.dataset.attach === "on") return;
    field.dataset.attach = "on";
    dress(field);
  });
})();
