// What stands on the device is shut with two keys: one made of the PIN, one that the browser keeps and does not give out.
// A second way in is the sign-in of the same user in the same role (docs/adr/0015).
"use strict";

const Keys = (() => {
  const ROUNDS = 600000; // of PBKDF2-SHA256
  const MOST_WRONG = 5; // PINs; then the names leave the device (our choice)
  const text = new TextEncoder();
  const random = (size) => crypto.getRandomValues(new Uint8Array(size));
  const joined = (...parts) => new Uint8Array(parts.flatMap((part) => [...new Uint8Array(part)]));

  const imported = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

  async function seal(key, bytes, about) {
    const iv = random(12);
    const how = { name: "AES-GCM", iv, additionalData: text.encode(about) };
    return joined(iv, await crypto.subtle.encrypt(how, key, bytes));
  }

  async function unseal(key, sealed, about) {
    const how = { name: "AES-GCM", iv: sealed.slice(0, 12), additionalData: text.encode(about) };
    return new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.slice(12)));
  }

  const sealJson = (key, value, about) => seal(key, text.encode(JSON.stringify(value)), about);
  const unsealJson = async (key, sealed, about) => JSON.parse(new TextDecoder().decode(await unseal(key, sealed, about)));

  async function ofPin(pin, salt) {
    const typed = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
    return crypto.subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  const ofSignIn = (key) => imported(Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0)));

  // made once and never given out, not even to this page
  async function ofDevice() {
    const kept = (await Carried.all("keys"))[0];
    if (kept) return kept.key;
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await Carried.put("keys", { id: "device", key });
    return key;
  }

  const wrap = async (raw, key, about) => seal(await ofDevice(), await seal(key, raw, about), about);
  const unwrap = async (sealed, key, about) => unseal(key, await unseal(await ofDevice(), sealed, about), about);

  // Writes a new box in place of those of the same owner, which hold nothing to send.
  async function fill({ id, owner, pin, signIn, names, expires }) {
    const raw = random(32);
    const salt = random(16);
    const key = await imported(raw);
    const box = {
      id,
      owner,
      expires,
      wrong: 0,
      salt,
      pin: await wrap(raw, await ofPin(pin, salt), `pin ${id}`),
      signIn: await wrap(raw, await ofSignIn(signIn), `sign-in ${id}`),
      names: await sealJson(key, names, `names ${id}`),
    };
    raw.fill(0);
    const before = (await Carried.all("boxes")).filter((one) => one.owner === owner);
    await Carried.put("boxes", box);
    await Carried.remove("boxes", before.map((one) => one.id));
    return box;
  }

  // The key of the days, or {left: how many times more}; null where the box went away meanwhile. The attempt is written
  // down before it is made, and only where the box still is: who leaves in another window must not find it again.
  async function byPin(box, pin) {
    let wrong = 0;
    let raw;
    const count = (change) =>
      Carried.inBox(box.id, { change }).then(
        () => true,
        (failure) => {
          if (failure instanceof Carried.Gone) return false;
          throw failure;
        },
      );
    if (!(await count((now) => ({ ...now, wrong: (wrong = now.wrong + 1) })))) return null;
    try {
      raw = await unwrap(box.pin, await ofPin(pin, box.salt), `pin ${box.id}`);
    } catch {
      if (wrong >= MOST_WRONG) await Carried.strip({ ...box, wrong });
      return { left: Math.max(0, MOST_WRONG - wrong) };
    }
    if (!(await count((now) => ({ ...now, wrong: 0 })))) return null;
    return { key: await imported(raw) };
  }

  const bySignIn = async (box, key) => imported(await unwrap(box.signIn, await ofSignIn(key), `sign-in ${box.id}`));

  const names = (box, key) => unsealJson(key, box.names, `names ${box.id}`);
  async function keepNames(box, key, value) {
    const names = await sealJson(key, value, `names ${box.id}`);
    await Carried.inBox(box.id, { change: (now) => (now.names ? { ...now, names } : now) });
  }

  async function entries(box, key) {
    const rows = await Carried.entriesOf(box.id);
    return Promise.all(rows.map((row) => unsealJson(key, row.sealed, `entry ${box.id} ${row.id}`)));
  }

  async function keepEntry(box, key, entry) {
    const sealed = await sealJson(key, entry, `entry ${box.id} ${entry.number}`);
    await Carried.inBox(box.id, { entry: { id: entry.number, box: box.id, sealed } });
  }

  // six digits at least, and not those that everybody tries first
  function isWeak(pin) {
    const steps = new Set([...pin].slice(1).map((digit, place) => digit - pin[place]));
    return steps.size === 1 && [-1, 0, 1].includes([...steps][0]);
  }

  return { fill, byPin, bySignIn, names, keepNames, entries, keepEntry, isWeak, MOST_WRONG };
})();
