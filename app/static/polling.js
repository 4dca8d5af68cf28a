// Polls: none while nobody looks, and nothing is sent again that the page shows already (app/web/polling.py).
(() => {
  const isPoll = (element) => element.hasAttribute("data-poll");
  // An element that names what it waits for has nothing to ask while nothing on the page is that.
  const hasNothingToAsk = ({ dataset }) => dataset.pollWhile && !document.querySelector(dataset.pollWhile);

  document.addEventListener("htmx:confirm", (event) => {
    const { elt } = event.detail;
    if (isPoll(elt) && (document.hidden || hasNothingToAsk(elt))) event.preventDefault();
  });
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const { elt, headers } = detail;
    if (isPoll(elt) && elt.dataset.version) headers["If-None-Match"] = `"${elt.dataset.version}"`;
  });

  // A form that is on its way has its answer come back to this very place.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (isPoll(detail.requestConfig.elt) && detail.target.querySelector("form.htmx-request")) detail.shouldSwap = false;
  });

  // Whoever comes back to the page sees it as it is now.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) document.querySelectorAll("[data-poll]").forEach((element) => htmx.trigger(element, "poll"));
  });
})();
