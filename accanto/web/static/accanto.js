// Everything here is a comfort: each page works without it.
"use strict";

// after a refused form, the list of what to mend has the focus
function focusMistakes() {
  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();
}

// who is found while one types: the arrows go there and back, Escape or a click elsewhere closes
function closeFound(except) {
  const found = document.getElementById("people-found");
  if (found && !(except && found.parentElement.contains(except))) found.replaceChildren();
}

function moveInFound(event) {
  const search = event.target.closest(".people-search");
  const links = search ? [search.querySelector("input[type=search]"), ...search.querySelectorAll(".people-found a")] : [];
  const to = links[links.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!links.includes(event.target) || !to) return false;
  event.preventDefault();
  to.focus();
  return true;
}

function closeDrops(except) {
  for (const drop of document.querySelectorAll("details.drop[open]")) {
    if (!except || !drop.contains(except)) drop.open = false;
  }
}

document.addEventListener("DOMContentLoaded", focusMistakes);
document.addEventListener("click", (event) => {
  closeDrops(event.target);
  closeFound(event.target);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const drop = event.target.closest("details.drop[open]");
    closeDrops(null);
    if (event.target.closest(".people-found a")) document.getElementById("people-search").focus();
    closeFound(null);
    if (drop) drop.querySelector("summary").focus();
    return;
  }
  if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
    const search = document.getElementById("people-search");
    if (search) {
      event.preventDefault();
      search.focus();
    }
    return;
  }
  // in a list, the arrows go from row to row
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (moveInFound(event)) return;
  const link = event.target.closest(".data-table tbody a");
  const row = link && link.closest("tr");
  let next = row && (event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling);
  while (next && !next.querySelector("a")) {
    next = event.key === "ArrowDown" ? next.nextElementSibling : next.previousElementSibling;
  }
  if (next) {
    event.preventDefault();
    next.querySelector("a").focus();
  }
});

// a plan was filled again from a host or a place: whoever chose it goes on from there
document.addEventListener("plan-filled", () => {
  if (document.activeElement !== document.body) return;
  const place = document.querySelector("#plan-where input[name=place]:checked:not([value=''])");
  (place || document.getElementById("id_host")).focus({ preventScroll: true });
});

// long pages keep what is typed as a draft of whoever types; nothing stays on the device
function keepDrafts(state) {
  const form = state.closest("form");
  let waiting = null;
  let changed = false;
  const body = () => {
    const typed = new FormData(form);
    return new URLSearchParams([...typed].filter(([, value]) => typeof value === "string"));
  };
  async function save() {
    waiting = null;
    changed = false;
    try {
      const answer = await fetch(state.dataset.draft, { method: "POST", body: body(), redirect: "error" });
      if (!answer.ok) throw new Error(answer.status);
      const now = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      state.textContent = `${state.dataset.saved} ${now}.`;
    } catch (error) {
      state.textContent = state.dataset.failed;
    }
  }
  form.addEventListener("input", () => {
    changed = true;
    if (!waiting) waiting = setTimeout(save, 1500);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    changed = false;
  });
  addEventListener("pagehide", () => {
    if (changed) navigator.sendBeacon(state.dataset.draft, body());
  });
  const discard = form.querySelector("[data-discard-draft]");
  if (discard) {
    discard.addEventListener("click", async () => {
      const asked = body();
      asked.set("discard", "1");
      await fetch(state.dataset.draft, { method: "POST", body: asked });
      location.assign(location.href);
    });
  }
}

document.addEventListener("DOMContentLoaded", () => {
  for (const state of document.querySelectorAll("[data-draft]")) keepDrafts(state);
});
