// Shows hover and focus without a pointer: each rule for them also gets a class, from the site's own sheets, so that the
// page cannot say anything else than they do.
const FOCUSABLE = "a[href], button, summary, input, select, textarea, [tabindex='0']";
const HOVERABLE = `${FOCUSABLE}, .card--link, .choice`;

const shown = (selector) =>
  selector.replaceAll(/:focus-visible|:focus(?![-\w])/g, (state) => `:is(${state}, .shows-focus)`).replaceAll(":hover", ":is(:hover, .shows-hover)");

const extend = (rules) => {
  for (const rule of rules) {
    if (rule.selectorText && /:hover|:focus/.test(rule.selectorText) && !rule.selectorText.includes(":not(:focus")) {
      rule.selectorText = shown(rule.selectorText);
    }
    if (rule.cssRules) extend(rule.cssRules);
  }
};

for (const sheet of document.styleSheets) extend(sheet.cssRules);
for (const [state, which] of [["focus", FOCUSABLE], ["hover", HOVERABLE]]) {
  for (const element of document.querySelectorAll(`[data-shows="${state}"] :is(${which})`)) element.classList.add(`shows-${state}`);
}
for (const menu of document.querySelectorAll("[data-shows='open'] .menu")) {
  menu.removeAttribute("name");
  menu.open = true;
}
