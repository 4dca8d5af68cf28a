// Small behaviours shared by every page: tooltips (on swapped-in content too) and messages from htmx.
(() => {
  const activate = (root) =>
    root.querySelectorAll('[data-bs-toggle="tooltip"]').forEach((el) => bootstrap.Tooltip.getOrCreateInstance(el));

  const toast = (text, kind = "danger") => {
    const element = document.createElement("div");
    element.className = `toast text-bg-${kind} border-0`;
    element.setAttribute("role", "alert");
    const body = document.createElement("div");
    body.className = "toast-body";
    body.textContent = text;
    element.append(body);
    document.getElementById("toasts").append(element);
    element.addEventListener("hidden.bs.toast", () => element.remove());
    bootstrap.Toast.getOrCreateInstance(element, { delay: 6000 }).show();
  };

  document.addEventListener("DOMContentLoaded", () => activate(document));
  document.addEventListener("htmx:afterSettle", (event) => activate(event.target.parentElement || document));
  document.addEventListener("htmx:beforeCleanupElement", (event) => bootstrap.Tooltip.getInstance(event.target)?.dispose());
  // What is shown as disabled does nothing, and a menu around it stays open for the tooltip that says why.
  document.addEventListener("click", (event) => {
    if (!event.target.closest('[aria-disabled="true"]')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("htmx:responseError", (event) => {
    const answer = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    toast(answer.body.textContent.trim() || "That did not work. Reload the page and try again.");
  });
  document.addEventListener("htmx:sendError", () => toast("FSM Navigator cannot be reached. Check your connection and try again."));
  // A second click on a form that is already on its way must not do the work twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post" || form.hasAttribute("target")) return;
    if (form.classList.contains("is-sent")) event.preventDefault();
    form.classList.add("is-sent");
  });
  window.addEventListener("pageshow", () =>
    document.querySelectorAll("form.is-sent").forEach((form) => form.classList.remove("is-sent")));

  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.kind));
})();
