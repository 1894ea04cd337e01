// Making and using passkeys. allauth's webauthn-json.js, loaded before, speaks to the browser; without script, or where
// the browser knows no passkeys, the buttons stay hidden and the other way beside them remains.

const { create, get, supported } = window.webauthnJSON;

// The options stand in the page, or are asked for when they are needed: a visitor's page would hold an old challenge.
const optionsOf = async (form) => {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`passkey options: ${answer.status}`);
  return (await answer.json()).request_options;
};

// Every passkey is unlocked by a finger, a face or a PIN, and can be found without the name of its account.
const asPasskey = (options) => {
  options.publicKey.authenticatorSelection = {
    ...options.publicKey.authenticatorSelection,
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  };
  return options;
};

const ask = async (form) => {
  const options = await optionsOf(form);
  return form.dataset.passkey === "create" ? create(asPasskey(options)) : get(options);
};

for (const form of supported() ? document.querySelectorAll("form[data-passkey]") : []) {
  const failed = form.querySelector("[data-passkey-failed]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await ask(form));
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
