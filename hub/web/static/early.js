// Runs before the first paint, so that a chosen theme or language never flashes. Everything else is in app.js.
(() => {
  try {
    const theme = localStorage.getItem("hub.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    const language = localStorage.getItem("hub.language");
    if (language === "en" || language === "pt-BR") document.documentElement.lang = language;
  } catch {
    // No storage (a strict browser): the system's theme and the browser's language do.
  }
})();
