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
    if (input.files.length) { chosen = [...input.files]; show(); }  // kept by the browser on the way back
  };

  document.querySelectorAll("[data-attach]").forEach((field) => {
    if (field.dataset.attach === "on") return;
    field.dataset.attach = "on";
    dress(field);
  });
})();
