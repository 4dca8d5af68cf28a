// The connect window: opened as a pop-up from the settings page, watched until it closes; and that window's own part.
(() => {
  // Intuit's pages may cut the tie between the two windows (Cross-Origin-Opener-Policy), so they talk over a channel:
  // the window says "connected", the page answers "seen".
  const channel = new BroadcastChannel("fsm-navigator-quickbooks");
  const ANSWER_WITHIN = 800;

  // Whoever comes back with the browser's Back sees what is true now, not what was kept.
  window.addEventListener("pageshow", ({ persisted }) => persisted && window.location.reload());

  // The navigation's count goes with the queue.
  document.addEventListener("htmx:afterSettle", ({ target }) => {
    if (target.id === "quickbooks-queue") count(Number(document.getElementById(target.id).dataset.needs));
  });

  function count(needs) {
    const entry = document.getElementById("navigation-quickbooks");
    const most = Number(entry.dataset.most);
    entry.hidden = needs === 0;
    entry.querySelector(".badge").textContent = needs > most ? `${most}+` : needs;
  }

  const result = document.querySelector("[data-quickbooks-result]");
  if (result) finish(result);
  else watchConnect();

  function watchConnect() {
    let watching = 0;

    // The link is found at each click: htmx swaps the panel around it.
    document.addEventListener("click", (event) => {
      const link = event.target.closest("[data-quickbooks-connect]");
      if (!link) return;
      event.preventDefault();
      // The window gets a copy, by which it knows itself whatever Intuit's pages cut (theme.js).
      sessionStorage.setItem("connect-window", "yes");
      const popup = window.open(link.href, "quickbooks-connect", "popup,width=820,height=760");
      sessionStorage.removeItem("connect-window");
      if (!popup || popup.closed) {
        explainBlocked(link);
        return;
      }
      say("Go on in Intuit's window. It closes by itself when you are done.");
      clearInterval(watching);
      watching = setInterval(() => {
        if (!popup.closed) return;
        clearInterval(watching);
        whenClosed(link);
      }, 400);
    });

    channel.addEventListener("message", (event) => {
      const link = document.querySelector("[data-quickbooks-connect]");
      if (event.data !== "connected" || !link) return;
      clearInterval(watching);
      channel.postMessage("seen");
      window.location.assign(link.dataset.pageUrl);
    });
  }

  // The link itself, without a pop-up, is the way on that no browser blocks.
  function explainBlocked(link) {
    say("Your browser blocked the window. Allow pop-ups for this site and press the button again, or ");
    const here = document.createElement("a");
    here.href = link.href;
    here.textContent = "go on in this window";
    document.getElementById("quickbooks-hint").append(here, ".");
  }

  async function whenClosed(link) {
    if (await isConnected(link.dataset.statusUrl).catch(() => false)) window.location.assign(link.dataset.pageUrl);
    else say("QuickBooks is not connected yet. If Intuit's window is still open, go on there; if you closed it, press the button again.");
  }

  async function isConnected(address) {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    const panel = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("quickbooks-panel");
    return panel?.dataset.connected === "yes";
  }

  function say(text) {
    document.getElementById("quickbooks-hint").textContent = text;
  }

  function finish(element) {
    if (element.dataset.quickbooksResult === "connected") {
      leaveConnected(element.querySelector("[data-quickbooks-page]").href);
      return;
    }
    const button = element.querySelector("[data-close-window]");
    button.hidden = window.opener === null && window.name !== "quickbooks-connect";
    button.addEventListener("click", () => window.close());
  }

  // Without a page that answers, this is no pop-up: the person went on in one window and is led back.
  function leaveConnected(pageUrl) {
    const alone = setTimeout(leave, ANSWER_WITHIN);
    channel.addEventListener("message", (event) => {
      if (event.data !== "seen") return;
      clearTimeout(alone);
      window.close();
    });
    channel.postMessage("connected");

    function leave() {
      if (document.documentElement.dataset.window === "connect") window.close();
      else window.location.replace(pageUrl);
    }
  }
})();
