// The screen in the room gets its new code without a flicker. Without this
// script the page loads itself again.
"use strict";

const refresh = async () => {
  const lost = document.querySelector("[data-lost]");
  try {
    const response = await fetch(location.href);
    if (response.redirected || !response.ok) {
      location.reload();
      return;
    }
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    document.querySelector("main").replaceWith(next.querySelector("main"));
  } catch {
    lost.hidden = false;
  }
};
setInterval(refresh, 5000);
