// Ticked rows of a list: their number and sum, in a bar with what can be done to all of them at once.
(() => {
  const ticked = new Set();
  const boxes = () => [...document.querySelectorAll("[data-select]")];
  const elsewhere = () => [...document.querySelectorAll("[data-selected-elsewhere]")]; // ticked on other pages

  const show = () => {
    const all = boxes();
    for (const box of all) box.checked = ticked.has(box.value);
    const chosen = all.filter((box) => box.checked);
    const bar = document.getElementById("selection");
    if (!bar) return;
    bar.classList.toggle("is-open", chosen.length > 0 || bar.hasAttribute("data-stays-open"));
    const sum = bar.querySelector("[data-selection-sum]");
    const selected = [...chosen, ...elsewhere()];
    const cents = selected.reduce((total, box) => total + Math.round(Number(box.dataset.amount) * 100), 0);
    const money = (cents / 100).toLocaleString("en-US", { minimumFractionDigits: 2 });
    sum.textContent = selected.length ? `${selected.length} selected, ${sum.dataset.symbol}${money}` : "";
    const head = document.querySelector("[data-select-all]");
    if (!head) return;
    head.checked = chosen.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  };

  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-select-all]")) for (const box of boxes()) target.checked ? ticked.add(box.value) : ticked.delete(box.value);
    else if (target.matches("[data-select]")) target.checked ? ticked.add(target.value) : ticked.delete(target.value);
    else return;
    show();
  });
  // Enter on a tick would press the bar's first button, and act on all that is ticked.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-select], [data-select-all]")) event.preventDefault();
  });
  // Another page of the list begins anew; a row that is swapped alone stays ticked.
  document.addEventListener("htmx:afterSettle", ({ target }) => {
    if (target.id === "invoice-list") ticked.clear();
    show();
  });
  // A file is fetched, and the page stays: the form may be sent again.
  document.addEventListener("submit", ({ submitter, target }) => {
    if (submitter?.hasAttribute("data-stays")) setTimeout(() => target.classList.remove("is-sent"));
  });
  // A search keeps what is ticked, and the reason that was typed, by leaving through the bar's form.
  document.addEventListener("submit", (event) => {
    const bar = document.getElementById("selection"), address = event.target.dataset.bringsTicks;
    if (!bar || !address || !(ticked.size || elsewhere().length || bar.elements.reason.value)) return;
    event.preventDefault();
    bar.elements.q.value = event.target.elements.q.value;
    bar.action = address;
    bar.submit();
  });
  window.addEventListener("pageshow", () => {
    for (const box of boxes()) if (box.checked) ticked.add(box.value);
    show();
  });
})();
