// The connect window: opened as a pop-up from the settings page, watched until it closes; and that window's own part.
(() => {
  const CHANNEL = "fsm-navigator-quickbooks";
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : null;

  const connectLink = document.querySelector("[data-quickbooks-connect]");
  if (connectLink) watchConnect(connectLink);
  const result = document.querySelector("[data-quickbooks-result]");
  if (result) finish(result);

  function watchConnect(link) {
    const hint = document.getElementById("quickbooks-hint");
    const showPage = () => window.location.assign(link.dataset.pageUrl);
    let watching = 0;

    link.addEventListener("click", (event) => {
      const popup = window.open(link.href, "quickbooks-connect", "popup,width=820,height=760");
      event.preventDefault();
      if (!popup || popup.closed) {
        explainBlocked();
        return;
      }
      hint.textContent = "Go on in Intuit's window. It closes by itself when you are done.";
      clearInterval(watching);
      watching = setInterval(() => popup.closed && whenClosed(), 400);
    });

    // The link itself, without a pop-up, is the way on that no browser blocks.
    function explainBlocked() {
      hint.textContent = "Your browser blocked the window. Allow pop-ups for this site and press the button again, or ";
      const here = document.createElement("a");
      here.href = link.href;
      here.textContent = "go on in this window";
      hint.append(here, ".");
    }

    async function whenClosed() {
      clearInterval(watching);
      if (await isConnected()) showPage();
      else hint.textContent = "The window was closed before QuickBooks was connected. You can try again.";
    }

    async function isConnected() {
      const answer = await fetch(link.dataset.statusUrl, { headers: { "HX-Request": "true" } });
      const panel = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("quickbooks-panel");
      return panel?.dataset.connected === "yes";
    }

    channel?.addEventListener("message", (event) => {
      if (event.data === "connected") showPage();
    });
  }

  function finish(element) {
    if (element.dataset.quickbooksResult === "connected") {
      channel?.postMessage("connected");
      window.close();
    } else {
      const button = element.querySelector("[data-close-window]");
      button.hidden = window.opener === null && window.name !== "quickbooks-connect";
      button.addEventListener("click", () => window.close());
    }
  }
})();
