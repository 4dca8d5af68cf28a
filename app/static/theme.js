// Before the page is painted: the colour scheme that was chosen, or the system's, followed while the page is open.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    const chosen = root.dataset.appearance;
    root.dataset.bsTheme = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
  };
  if (sessionStorage.getItem("connect-window")) root.dataset.window = "connect"; // see quickbooks.js
  follow();
  dark.addEventListener("change", follow);
  document.addEventListener("appearance", ({ detail }) => {
    root.dataset.appearance = detail.value;
    follow();
  });
})();
