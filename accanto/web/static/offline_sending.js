// From the device to the register, when there is a network: who signed in, then the days, a hundred at a time.
"use strict";

const Sending = (() => {
  const AT_ONCE = 100;
  const NO_PACKET = "00000000-0000-0000-0000-000000000000";
  const PATIENCE = 30000; // milliseconds

  class Problem extends Error {} // its message is the name of a word of the page

  async function ask(url, options = {}) {
    let answer;
    try {
      // a session that has ended answers with the way to the sign-in
      answer = await fetch(url, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE), ...options });
    } catch {
      throw new Problem("no.network");
    }
    if (answer.type === "opaqueredirect") throw new Problem("sign.in");
    if (answer.status === 404) throw new Problem("another");
    if (!answer.ok) throw new Problem("trouble");
    return answer.json().catch(() => {
      throw new Problem("trouble");
    });
  }

  // The key of the sign-in for this box. Another user, or another role, has no right to it.
  async function signIn(main, box) {
    const found = await ask(main.dataset.key.replace(NO_PACKET, box.id));
    if (found.owner !== box.owner) throw new Problem("another");
    return found.key;
  }

  const isThere = () =>
    fetch(location.pathname, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(5000) }).then(
      (answer) => answer.ok,
      () => false,
    );

  const week = (main) => ask(main.dataset.week);

  function token() {
    const cookie = document.cookie.split("; ").find((one) => one.startsWith("accanto_csrf="));
    return cookie ? cookie.split("=")[1] : "";
  }

  const said = ({ number, traineeship, day, worked, absence, made_at, correction, seen }) => ({
    number, traineeship, day, worked, absence, made_at, correction: correction || "", seen: seen || "",
  }); // prettier-ignore

  // Sends entries to write, or to give up; `each` is told every answer as it comes, so that what is done stays done.
  async function send(main, box, { write = [], giveUp = [] }, each) {
    await signIn(main, box);
    const all = [...write.map((entry) => ["send", entry]), ...giveUp.map((entry) => ["give_up", entry])];
    for (let first = 0; first < all.length; first += AT_ONCE) {
      const body = { send: [], give_up: [] };
      for (const [what, entry] of all.slice(first, first + AT_ONCE)) body[what].push(said(entry));
      const { answers } = await ask(main.dataset.send, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify(body),
      });
      for (const answer of answers) await each(answer);
    }
  }

  return { send, signIn, isThere, week, Problem };
})();
