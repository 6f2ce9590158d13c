// The language of the page, and what printing needs. Nothing is stored and nothing is asked of a network.
(() => {
  "use strict";
  const root = document.documentElement;
  const tags = { zh: "zh-CN", en: "en" };

  // `data-zh-alt="…" data-en-alt="…"` is an attribute in two languages, `data-zh-text` the text of an element that
  // can hold no elements, as <option> or the <title> of a drawing.
  const attributes = ["alt", "aria-label", "title", "placeholder"];

  function choose(lang) {
    root.lang = tags[lang];
    root.dataset.lang = lang;
    document.title = root.getAttribute(`data-title-${lang}`);
    for (const name of attributes) {
      for (const element of document.querySelectorAll(`[data-${lang}-${name}]`)) {
        element.setAttribute(name, element.getAttribute(`data-${lang}-${name}`));
      }
    }
    for (const element of document.querySelectorAll(`[data-${lang}-text]`)) {
      element.textContent = element.getAttribute(`data-${lang}-text`);
      element.setAttribute("lang", tags[lang]);
    }
    for (const button of document.querySelectorAll("[data-choose]")) {
      button.setAttribute("aria-pressed", String(button.dataset.choose === lang));
    }
    // A link to another page of ours takes the language along: a file:// page has nowhere else to keep it.
    for (const link of document.querySelectorAll("a[data-page]")) {
      link.hash = `lang=${lang}`;
    }
    document.dispatchEvent(new CustomEvent("language", { detail: lang }));
  }

  function wanted() {
    const asked = /^#lang=(zh|en)$/.exec(location.hash);
    if (asked) return asked[1];
    for (const name of navigator.languages || [navigator.language || ""]) {
      const known = /^(zh|en)\b/i.exec(name);
      if (known) return known[1].toLowerCase();
    }
    return root.dataset.lang;
  }

  for (const button of document.querySelectorAll("[data-choose]")) {
    button.addEventListener("click", () => choose(button.dataset.choose));
  }
  choose(wanted());

  // On paper nothing can be unfolded.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of folded) one.open = false;
  });
})();
