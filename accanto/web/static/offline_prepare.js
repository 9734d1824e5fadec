// On the page of the week: what is needed where there is no network is put on this device, shut with a PIN.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const carry = document.getElementById("carry");
  if (!carry) return;
  const form = carry.querySelector("form");
  const [pin, again] = form.querySelectorAll("input");
  const error = document.getElementById("carry-error");
  const done = carry.querySelector("[data-done]");
  const words = carry.querySelector("template").content;
  const word = (name) => words.querySelector(`[data-word="${name}"]`).textContent;
  const { reader } = document.body.dataset;

  const able = "indexedDB" in window && "serviceWorker" in navigator && "caches" in window && crypto.subtle;
  if (!window.isSecureContext || !able) {
    const unable = carry.querySelector("[data-unable]");
    unable.textContent = word(window.isSecureContext ? "browser" : "insecure");
    unable.hidden = false;
    return;
  }
  form.hidden = false;

  function wrong(name, field) {
    error.textContent = word(name);
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }

  async function fetched(url) {
    const answer = await fetch(url, { cache: "no-store", redirect: "error" });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  async function prepare() {
    const id = crypto.randomUUID();
    const signIn = await fetched(carry.dataset.key.replace("00000000-0000-0000-0000-000000000000", id));
    const week = await fetched(carry.dataset.week);
    await navigator.serviceWorker.register(carry.dataset.worker, { scope: "/register/" });
    await navigator.serviceWorker.ready;
    const expires = Date.now() + week.days_kept * 86400000;
    await Keys.fill({ id, owner: signIn.owner, pin: pin.value, signIn: signIn.key, names: week, expires });
    // so that a device short of space does not throw it away by itself; it may say no
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    return expires;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = done.textContent = "";
    for (const field of [pin, again]) field.removeAttribute("aria-invalid");
    if (!/^\d{6,}$/.test(pin.value)) return wrong("short", pin);
    if (Keys.isWeak(pin.value)) return wrong("weak", pin);
    if (pin.value !== again.value) return wrong("different", again);
    const button = form.querySelector("button");
    button.disabled = true;
    done.textContent = word("working");
    try {
      if ((await Carried.waiting(reader)).mine) {
        done.textContent = word("waiting");
      } else {
        const day = new Date(await prepare()).toLocaleDateString(document.documentElement.lang);
        form.reset();
        done.textContent = word("done").replace("{day}", day);
      }
      carry.querySelector("[data-go]").hidden = false;
    } catch (failure) {
      console.warn(failure);
      done.textContent = word("failed");
    } finally {
      button.disabled = false;
    }
  });
});
