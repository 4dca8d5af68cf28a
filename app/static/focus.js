// Keyboard focus survives every swap: what had it is found again in the new content, by its id, its words or its name.
(() => {
  const FOCUSABLE = "a[href], button:not(:disabled), input:not([type=hidden]):not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex='0']";
  const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=submit]), select, textarea";

  const words = (element) => (element.getAttribute("aria-label") || element.textContent || "").trim().replace(/\s+/g, " ");
  const isLost = () => !document.activeElement || document.activeElement === document.body;
  const inside = (home) => [...home.querySelectorAll(FOCUSABLE)].filter((one) => one.checkVisibility());

  // What a person stood on; an entry of a menu closes with it, so its button is meant.
  const describe = (element) => {
    const menu = element.closest(".dropdown-menu")?.closest(".dropdown");
    const meant = menu?.querySelector('[data-bs-toggle="dropdown"]') ?? element;
    const homes = [];
    for (let at = meant; at; at = at.parentElement) if (at.id && at.id !== "main") homes.push(at.id);
    const home = meant.closest("[id]");
    const place = home?.contains(meant) ? inside(home).filter((one) => one.name === meant.name).indexOf(meant) : 0;
    return { element: meant, homes, place, tag: meant.tagName, name: meant.name, words: words(meant) };
  };

  const find = (was) => {
    if (was.element.isConnected && was.element.checkVisibility()) return was.element;
    for (const id of was.homes) {
      const home = document.getElementById(id);
      if (!home?.checkVisibility()) continue;
      if (home.matches(FOCUSABLE)) return home;
      const there = inside(home);
      const named = was.name ? there.filter((one) => one.name === was.name) : [];
      const same = there.find((one) => one.tagName === was.tag && one.name === was.name && words(one) === was.words);
      const found = same ?? named[Math.min(Math.max(was.place, 0), named.length - 1)];
      if (found) return found;
      home.tabIndex = -1; // the part itself, so that Tab goes on from here
      return home;
    }
    return document.getElementById("main");
  };

  const restore = (was) => {
    if (was && isLost()) find(was)?.focus({ preventScroll: true });
  };

  // Asked for by a person, or by a page that looks by itself whether something is done.
  const isPoll = ({ triggeringEvent }) => !triggeringEvent || !triggeringEvent.isTrusted && triggeringEvent.type !== "submit" && triggeringEvent.type !== "click";

  let stood; // before the swap that is under way
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    const active = document.activeElement;
    if (!isPoll(detail.requestConfig) && detail.elt.contains(active)) detail.requestConfig.stood = describe(active);
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { target, requestConfig, xhr } = detail;
    if (detail.shouldSwap && isPoll(requestConfig) && holds(target, xhr.responseText)) detail.shouldSwap = false;
    stood = standsIn(target) ?? requestConfig.stood;
  });
  document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
    const { target, fragment } = detail;
    if (holds(target, [...fragment.children].map((one) => one.outerHTML).join(""))) detail.shouldSwap = false;
    stood = standsIn(target) ?? stood;
  });
  const standsIn = (target) => (target.contains(document.activeElement) && !isLost() ? describe(document.activeElement) : undefined);

  // An open menu, a field that is being filled in, and what is being pressed stay as they are until they are left; the
  // parts around them that have an id show at once what is new.
  const held = new Map();
  const busyIn = (target) => {
    const field = document.activeElement;
    const pressed = target.querySelector("a:active, button:active, summary:active");
    return target.querySelector(".dropdown-menu.show") ?? pressed ?? (target.contains(field) && field.matches(TYPING) ? field : null);
  };
  const holds = (target, html) => {
    const busy = busyIn(target);
    if (!busy) return false;
    held.set(target, html);
    showAround(busy, target, html);
    return true;
  };
  const showAround = (busy, target, html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    for (const piece of template.content.querySelectorAll("[id]")) {
      const old = document.getElementById(piece.id);
      const isApart = old && target.contains(old) && !old.contains(busy) && !busy.contains(old);
      if (!isApart || piece.parentElement.closest("[data-shown]")) continue;
      piece.dataset.shown = "";
      const fresh = document.importNode(piece, true);
      old.replaceWith(fresh);
      htmx.process(fresh);
    }
  };
  const release = () => {
    for (const [target, html] of held) {
      if (target.isConnected && busyIn(target)) continue;
      held.delete(target);
      if (!target.isConnected) continue;
      stood = standsIn(target);
      htmx.swap(target, html, { swapStyle: "outerHTML" });
    }
  };
  document.addEventListener("hidden.bs.dropdown", () => setTimeout(release));
  for (const left of ["focusout", "pointerup", "pointercancel", "keyup"]) document.addEventListener(left, () => setTimeout(release));
  document.addEventListener("htmx:afterSettle", () => {
    if (!document.querySelector(".modal.show")) restore(stood);
  });

  // A dialog gives the focus back to what opened it, also when that was swapped meanwhile.
  let opener;
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.target.id === "dialog-content" && !detail.target.contains(detail.elt)) opener = describe(detail.elt);
  });
  document.addEventListener("hidden.bs.modal", () => opener && find(opener)?.focus());

  // What a swap changed is said once, from outside of it: <div data-announce="25 of 1,240 invoices">.
  const said = new Map();
  const say = (root) => {
    const element = root.closest?.("[data-announce]") ?? root.querySelector?.("[data-announce]");
    if (!element || said.get(element.id) === element.dataset.announce) return;
    said.set(element.id, element.dataset.announce);
    document.getElementById("announcer").textContent = element.dataset.announce;
  };
  document.addEventListener("DOMContentLoaded", () =>
    document.querySelectorAll("[data-announce]").forEach((one) => said.set(one.id, one.dataset.announce)));
  document.addEventListener("htmx:afterSettle", ({ target }) => say(target));
})();
