// What the frame gains from script; without it every menu and form still works.

// Menus close on Escape (the focus returns to their button) and on a press elsewhere.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("pointerdown", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

// What went wrong is read first, after a page load and after a swap alike.
const focusSummary = (root) => root.querySelector("[data-focus]")?.focus();
focusSummary(document);
document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));

// A second press while the first is on its way does nothing; the server refuses doubles in any case.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  // A sending that was stopped half way may be repeated.
  setTimeout(() => delete form.dataset.sent, 10000);
});
// Coming back with the back button shows a page that may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// Copying an address: the button shows only where there is a clipboard; the address can be marked by hand anywhere.
for (const button of document.querySelectorAll("[data-copy]")) {
  const said = document.getElementById(`${button.dataset.copy}-copied`);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    said.hidden = false;
  });
}

// Members get a page that says so when there is no network. Visitors are not asked to keep anything.
if (document.body.hasAttribute("hx-headers")) navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
