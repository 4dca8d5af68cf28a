// Small behaviours shared by every page: tooltips (on swapped-in content too) and messages from htmx.
(() => {
  const activate = (root) =>
    root.querySelectorAll('[data-bs-toggle="tooltip"]').forEach((el) => bootstrap.Tooltip.getOrCreateInstance(el, { animation: false }));

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
  // What it would still have asked (a hint, a sum) is of no use any more, and its token may be outdated by the answer.
  document.addEventListener("htmx:confirm", (event) => {
    if (event.detail.elt.closest("form.is-sent")) event.preventDefault();
  });
  window.addEventListener("pageshow", () =>
    document.querySelectorAll("form.is-sent").forEach((form) => form.classList.remove("is-sent")));

  // What is fetched into the page's dialog opens it; a form that comes back shows where it went wrong. It is there and
  // has its focus at once: one that slides in takes the focus from whoever is typing by then.
  const focusFirst = (root) => (root.querySelector(".is-invalid") || root.querySelector("[autofocus]"))?.focus();
  document.addEventListener("htmx:afterSettle", (event) => {
    const dialog = event.target.closest("#dialog");
    if (!dialog) return;
    bootstrap.Modal.getOrCreateInstance(dialog).show();
    focusFirst(dialog);
  });
  // What takes a while to fetch opens the dialog at once, with a word about it. Who closes it meanwhile wants no answer.
  let waited;
  document.addEventListener("hidden.bs.modal", () => (waited = undefined));
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.requestConfig.elt.dataset.dialogWaits && detail.xhr !== waited) detail.shouldSwap = false;
  });
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (!detail.elt.dataset.dialogWaits) return;
    waited = detail.xhr;
    const words = document.createElement("p");
    words.className = "modal-body mb-0";
    words.id = "dialog-title";
    words.setAttribute("role", "status");
    words.textContent = detail.elt.dataset.dialogWaits;
    detail.target.replaceChildren(words);
    bootstrap.Modal.getOrCreateInstance(detail.target.closest("#dialog")).show();
  });
  // It closes when a form in it changes something elsewhere on the page, and when there is nothing to show in it.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const dialog = document.getElementById("dialog");
    const isElsewhere = dialog?.contains(detail.requestConfig.elt) && !dialog.contains(detail.target);
    if (detail.shouldSwap && isElsewhere) closeDialog(dialog);
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.successful && detail.elt.dataset.dialogWaits) closeDialog(document.getElementById("dialog"));
  });
  const closeDialog = (dialog) => bootstrap.Modal.getInstance(dialog).hide();
  document.addEventListener("click", (event) => {
    const dialog = event.target.closest("[data-closes-dialog]")?.closest("#dialog");
    if (!dialog) return;
    event.preventDefault();
    closeDialog(dialog);
  });

  // What a person has folded open stays open when it is swapped.
  const opened = new Set();
  document.addEventListener("htmx:beforeSwap", ({ detail }) =>
    detail.target.querySelectorAll("details[id]").forEach(({ id, open }) => (open ? opened.add(id) : opened.delete(id))));
  document.addEventListener("htmx:load", ({ target }) =>
    target.querySelectorAll("details[id]").forEach((fold) => opened.has(fold.id) && (fold.open = true)));

  // "3 minutes ago" stays true while the page is open (app/lib/ages.py has the same words).
  const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const ago = (seconds) => {
    const [name, length] = UNITS.find(([, length]) => seconds >= length) ?? [];
    if (!name) return "less than a minute ago";
    const number = Math.floor(seconds / length);
    return `${number.toLocaleString("en-US")} ${name}${number === 1 ? "" : "s"} ago`;
  };
  setInterval(() => document.querySelectorAll("time[data-ago]").forEach((time) => {
    time.textContent = ago((Date.now() - Date.parse(time.dateTime)) / 1000);
  }), 20_000);

  // Intuit's window never shows the product inside itself: it closes where it can, and the page that opened it goes on.
  const product = document.querySelector(".navbar");
  if (document.documentElement.dataset.window === "connect" && product) {
    window.close();
    const words = document.createElement("h1");
    words.className = "h4";
    words.textContent = "You can close this window. The page that opened it goes on.";
    document.getElementById("main").replaceChildren(words);
    product.remove();
  }

  // Of tabs that scroll, the present one is in sight, and so is the one that the keyboard comes to.
  document.querySelectorAll(".tabs-in-line").forEach((tabs) => {
    const show = (tab) => (tabs.scrollLeft = tab.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2);
    const here = tabs.querySelector("[aria-current]");
    if (here) new ResizeObserver(() => show(here)).observe(tabs); // at once, and when a phone is turned
    tabs.addEventListener("focusin", (event) => show(event.target));
  });

  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.kind));
})();
