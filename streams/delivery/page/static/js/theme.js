// Light, dark, or as the system says. Not a module: it must run before the first paint.
"use strict";
(() => {
  const key = "escalation-theme";
  const order = ["auto", "light", "dark"];
  const root = document.documentElement;

  function stored() {
    try {
      const value = localStorage.getItem(key);
      return order.includes(value) ? value : "auto";
    } catch {
      return "auto"; // storage may be forbidden; the theme then lasts as long as the page
    }
  }

  function show(theme) {
    root.dataset.theme = theme;
    const button = document.getElementById("theme");
    if (button) button.textContent = `Theme: ${theme}`;
  }

  function next() {
    const theme = order[(order.indexOf(root.dataset.theme) + 1) % order.length];
    try {
      localStorage.setItem(key, theme);
    } catch {
      // as above
    }
    show(theme);
  }

  show(stored());
  document.addEventListener("DOMContentLoaded", () => {
    show(stored());
    document.getElementById("theme").addEventListener("click", next);
  });
  document.addEventListener("escalation:theme", next);
})();
