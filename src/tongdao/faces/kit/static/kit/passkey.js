// Passkeys: asks the device, puts its answer into the form, sends it. The page works no other way.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const keys = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  // Options come as JSON (WebAuthn Level 3, 5.1); older browsers want bytes.
  const read = (options) => ({
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    ...(options.allowCredentials && { allowCredentials: keys(options.allowCredentials) }),
    ...(options.excludeCredentials && { excludeCredentials: keys(options.excludeCredentials) }),
  });

  const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const told = (credential) => {
    const response = {};
    for (const part of PARTS) if (credential.response[part]) response[part] = text(credential.response[part]);
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || undefined,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    });
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const say = (name) => {
      for (const each of ["unable", "failed", "known"])
        form.querySelector(`[data-passkey-${each}]`).hidden = each !== name;
    };
    const button = form.querySelector("button:not([formnovalidate])");
    if (!window.PublicKeyCredential || !navigator.credentials) {
      button.disabled = true;
      return;  // the page says so until we say otherwise
    }
    say("");
    let sent = false;
    form.addEventListener("submit", async (event) => {
      if (sent) return;
      event.preventDefault();
      say("");
      button.setAttribute("aria-busy", "true");
      try {
        const publicKey = read(JSON.parse(form.dataset.options));
        const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
        form.elements.credential.value = told(credential);
        sent = true;
        form.submit();
      } catch (error) {
        say(error.name === "InvalidStateError" ? "known" : "failed");
        button.removeAttribute("aria-busy");
      }
    });
  });
})();
