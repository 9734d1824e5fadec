// What a device keeps of the register without network, and how it leaves (docs/adr/0015): every signed-in page loads this.
"use strict";

const Carried = (() => {
  const NAME = "accanto-register";
  const changed = new BroadcastChannel(NAME); // told to the other windows of this browser
  class Gone extends Error {}

  function settled(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = request.onblocked = () => reject(request.error || new Error("blocked"));
    });
  }

  // to ask whether it is there must not make it
  async function exists() {
    if (!("indexedDB" in window)) return false;
    if (!indexedDB.databases) return true;
    return (await indexedDB.databases()).some((one) => one.name === NAME);
  }

  // one transaction: `work` is given the stores, and asks only them
  async function within(mode, work) {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("keys", { keyPath: "id" });
      opening.result.createObjectStore("boxes", { keyPath: "id" });
      opening.result.createObjectStore("entries", { keyPath: "id" }).createIndex("box", "box");
    };
    const database = await settled(opening);
    database.onversionchange = () => database.close();
    try {
      const transaction = database.transaction(["keys", "boxes", "entries"], mode);
      const done = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = transaction.onerror = () => reject(transaction.error);
      });
      const store = (name) => transaction.objectStore(name);
      const result = await work(store);
      await done;
      return result;
    } finally {
      database.close();
    }
  }

  const all = (store) => within("readonly", (of) => settled(of(store).getAll()));
  const put = (store, value) => within("readwrite", (of) => settled(of(store).put(value)));
  const remove = (store, ids) =>
    within("readwrite", (of) => Promise.all(ids.map((id) => settled(of(store).delete(id)))));
  const entriesOf = (box) => within("readonly", (of) => settled(of("entries").index("box").getAll(box)));

  // Writes only where the box still is: who left in another window must not find it again. `change` makes the new box.
  async function inBox(id, { entry, change }) {
    if (!(await exists())) throw new Gone();
    await within("readwrite", async (of) => {
      const box = await settled(of("boxes").get(id));
      if (!box) throw new Gone();
      if (entry) await settled(of("entries").put(entry));
      if (change) await settled(of("boxes").put(change(box)));
    });
  }

  // Names and PIN go. Days not yet sent stay shut: only the sign-in of who wrote them opens them.
  async function strip(box) {
    if ((await entriesOf(box.id)).length) await put("boxes", { ...box, names: null, pin: null });
    else await remove("boxes", [box.id]);
    changed.postMessage("stripped");
  }

  // What is too old, and what is not of who reads this page (`reader` empty: nobody has signed in here).
  async function tidy(reader) {
    for (const box of await all("boxes")) {
      const another = reader && box.owner !== reader;
      if ((another || box.expires < Date.now()) && (box.names || box.pin)) await strip(box);
    }
  }

  // {mine, others}: how many days wait to be sent
  async function waiting(reader) {
    const count = { mine: 0, others: 0 };
    if (!(await exists())) return count;
    const owners = new Map((await all("boxes")).map((box) => [box.id, box.owner]));
    for (const entry of await all("entries")) count[owners.get(entry.box) === reader ? "mine" : "others"] += 1;
    return count;
  }

  // All that is this reader's, sent or not; and everything, unless somebody else's days wait here.
  async function forget(reader) {
    if (!(await exists())) return true;
    const mine = (await all("boxes")).filter((box) => box.owner === reader);
    for (const box of mine) {
      await remove("entries", (await entriesOf(box.id)).map((entry) => entry.id));
      await remove("boxes", [box.id]);
    }
    for (const box of await all("boxes")) await strip(box);
    if ((await all("entries")).length) {
      changed.postMessage("forgotten");
      return false;
    }
    await settled(indexedDB.deleteDatabase(NAME));
    for (const name of await caches.keys()) if (name.startsWith(NAME)) await caches.delete(name);
    const registered = await navigator.serviceWorker.getRegistrations();
    await Promise.all(registered.map((one) => one.unregister()));
    changed.postMessage("forgotten");
    return true;
  }

  return { all, put, remove, entriesOf, inBox, exists, strip, tidy, waiting, forget, changed, Gone };
})();

function numbered(element, count) {
  const words = count === 1 ? element.dataset.one : element.dataset.many;
  element.textContent = words.replace("{n}", count);
}

// Leaving: who has days to send is told first, and chooses.
function watchLeaving(form, reader) {
  const dialog = document.getElementById("offline-leaving");
  async function leave() {
    let everything = false;
    try {
      everything = await Carried.forget(reader);
    } catch (error) {
      console.warn(error);
    }
    if (!everything) {
      const keep = Object.assign(document.createElement("input"), { type: "hidden", name: "keep", value: "1" });
      form.append(keep);
    }
    form.submit();
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    let mine = 0;
    try {
      mine = (await Carried.waiting(reader)).mine;
    } catch (error) {
      console.warn(error);
    }
    if (!mine || !dialog) return leave();
    for (const text of dialog.querySelectorAll("[data-many]")) numbered(text, mine);
    dialog.querySelector("[data-lose-asked]").hidden = true;
    dialog.showModal();
  });
  if (!dialog) return; // only who keeps a register takes it along
  dialog.querySelector("[data-stay]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-lose]").addEventListener("click", () => {
    const asked = dialog.querySelector("[data-lose-asked]");
    asked.hidden = false;
    asked.querySelector("button").focus();
  });
  dialog.querySelector("[data-lose-asked] button").addEventListener("click", leave);
}

document.addEventListener("DOMContentLoaded", async () => {
  const { reader } = document.body.dataset;
  const form = document.querySelector("form[data-sign-out]");
  if (!reader || !form) return;
  watchLeaving(form, reader);
  try {
    if (!(await Carried.exists())) return;
    await Carried.tidy(reader);
    const count = await Carried.waiting(reader);
    for (const whose of ["mine", "others"]) {
      const notice = document.getElementById(`offline-${whose}`);
      if (!notice || !count[whose]) continue;
      numbered(notice.querySelector("[data-many]"), count[whose]);
      notice.hidden = false;
    }
  } catch (error) {
    console.warn(error);
  }
});
