// The register where there is no network: open it with the PIN, write the days, send them when the network is back.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const main = document.getElementById("content");
  const at = (id) => document.getElementById(id);
  const AWAY = 5 * 60000; // milliseconds out of sight, then the PIN is asked again (our choice)
  const { word, counted, today, dayOf, dateOf, momentOf, saying, mistakeIn } = Words;
  const state = { box: null, key: null, week: null, entries: new Map() };

  const keyOf = (traineeship, day) => `${traineeship} ${day}`;
  const copy = (id) => at(id).content.firstElementChild.cloneNode(true);

  function say(...sentences) {
    at("said").replaceChildren(
      ...sentences.map((sentence) => {
        const line = document.createElement("p");
        line.append(...[sentence].flat());
        return line;
      }),
    );
  }

  function explain(problem) {
    if (!(problem instanceof Sending.Problem)) {
      console.warn(problem);
      return say(word("trouble"));
    }
    if (problem.message !== "sign.in") return say(word(problem.message));
    const link = document.createElement("a");
    link.href = `${main.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`;
    link.textContent = word("sign.in.link");
    return say([word("sign.in"), " ", link]);
  }

  // a telephone in a cellar says that it has a network: whether the service answers is what counts
  async function showNetwork() {
    const answers = navigator.onLine && (await Sending.isThere());
    at("network").textContent = word(answers ? "online" : "offline");
    at("network").classList.toggle("is-offline", !answers);
  }

  function show(id) {
    for (const section of ["nothing", "locked", "opened"]) at(section).hidden = section !== id;
  }

  // --- open and shut ---
  async function begin() {
    Object.assign(state, { box: null, key: null, week: null, entries: new Map() });
    // what is shut must not be read under the page either
    for (const id of ["days", "answers", "to-send"]) at(id).replaceChildren();
    at("later").querySelector("ul").replaceChildren();
    if (!(await Carried.exists())) return show("nothing");
    await Carried.tidy("");
    const boxes = (await Carried.all("boxes")).sort((one, other) => other.expires - one.expires);
    // the one that opens with a PIN; else days that only a sign-in opens
    state.box = boxes.find((box) => box.pin) || boxes[0] || null;
    if (!state.box) return show("nothing");
    const count = (await Carried.entriesOf(state.box.id)).length;
    at("locked-count").textContent = count ? counted("waiting", count) : "";
    at("locked-count").hidden = !count;
    at("pin-form").hidden = !state.box.pin;
    at("locked-why").hidden = Boolean(state.box.pin);
    if (!state.box.pin) at("locked-why").textContent = word(state.box.wrong >= Keys.MOST_WRONG ? "pin.closed" : "only.sign.in");
    at("pin").value = "";
    return show("locked");
  }

  async function open(key) {
    state.key = key;
    const rows = await Keys.entries(state.box, key);
    state.entries = new Map(rows.map((entry) => [keyOf(entry.traineeship, entry.day), entry]));
    if (state.box.names) state.week = await Keys.names(state.box, key);
    say();
    render();
    show("opened");
    at("content").focus();
  }

  async function openByPin(event) {
    event.preventDefault();
    at("pin-error").textContent = "";
    const box = (await Carried.all("boxes")).find((one) => one.id === state.box.id);
    // null where it went away meanwhile
    const found = box && (await Keys.byPin(box, at("pin").value));
    at("pin").value = "";
    if (!found) return begin();
    state.box = box;
    if (found.key) return open(found.key);
    if (!found.left) {
      await begin();
      return say(word("pin.closed"));
    }
    at("pin-error").textContent = counted("pin.wrong", found.left);
    return at("pin").focus();
  }

  async function openBySignIn() {
    try {
      const boxes = await Carried.all("boxes");
      // on a shared device the days may be in the box of one or of another
      let problem = null;
      for (const box of [state.box, ...boxes.filter((one) => one.id !== state.box.id)]) {
        try {
          const key = await Keys.bySignIn(box, await Sending.signIn(main, box));
          state.box = box;
          if (!box.names) state.week = await Sending.week(main);
          return await open(key);
        } catch (failure) {
          if (!(failure instanceof Sending.Problem) || failure.message !== "another") throw failure;
          problem = failure;
        }
      }
      throw problem;
    } catch (failure) {
      return explain(failure);
    }
  }

  // --- what is written here ---
  async function keep(entry) {
    try {
      await Keys.keepEntry(state.box, state.key, entry);
    } catch (failure) {
      console.warn(failure);
      say(word(failure instanceof Carried.Gone ? "gone" : "full"));
      return false;
    }
    const key = keyOf(entry.traineeship, entry.day);
    const before = state.entries.get(key);
    state.entries.set(key, entry);
    if (before && before.number !== entry.number) await Carried.remove("entries", [before.number]);
    return true;
  }

  async function drop(entry) {
    await Carried.remove("entries", [entry.number]);
    state.entries.delete(keyOf(entry.traineeship, entry.day));
  }

  // what is changed is another entry: of one already sent the register knows the number
  const made = (traineeship, day, worked, absence) => ({
    number: crypto.randomUUID(),
    traineeship,
    day,
    worked: absence ? "" : worked.trim(),
    absence,
    made_at: new Date().toISOString(),
  });

  // a form in place of the buttons; `done` is given what was written, or nothing
  function writing(place, worked, absence, done) {
    const form = copy("writing");
    const [input, select] = [form.querySelector("input"), form.querySelector("select")];
    input.value = worked;
    select.value = absence;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const mistake = mistakeIn(input.value, select.value);
      input.toggleAttribute("aria-invalid", Boolean(mistake));
      form.querySelector(".offline-error").textContent = mistake ? word(mistake) : "";
      if (mistake) input.focus();
      else done(input.value, select.value);
    });
    form.querySelector("[data-cancel]").addEventListener("click", () => done());
    place.replaceChildren(form);
    input.focus();
  }

  // --- the page ---
  function showCount() {
    const n = state.entries.size;
    at("to-send").textContent = n ? counted("waiting", n) : word("waiting.none");
    at("send").hidden = !n;
  }

  function rowOf(trainee, said) {
    const row = copy("row");
    const entry = state.entries.get(keyOf(trainee.id, said.day));
    row.querySelector("[data-name]").textContent = trainee.name;
    row.querySelector("[data-says]").textContent = entry
      ? word(entry.answer ? "asked" : "written", { said: saying(entry) })
      : said.written
        ? word("recorded")
        : said.planned
          ? word("planned", { hours: said.planned })
          : word("unplanned");
    row.classList.toggle("is-written", Boolean(entry || said.written));
    const [confirm, write, dropping] = row.querySelectorAll("button");
    const again = (focus) => {
      const fresh = rowOf(trainee, said);
      row.replaceWith(fresh);
      showAll(said.day);
      showCount();
      if (focus) fresh.querySelector("button:not([hidden])").focus();
    };
    const save = async (worked, absence) => {
      if (await keep(made(trainee.id, said.day, worked, absence))) say(word("saved"));
      again(true);
    };
    confirm.hidden = !said.planned || said.written || Boolean(entry);
    confirm.textContent = word("confirm", { hours: said.planned });
    confirm.addEventListener("click", () => save(said.planned, ""));
    write.textContent = word(entry || said.written ? "change" : "write");
    write.hidden = Boolean(entry && entry.answer);
    write.addEventListener("click", () => {
      const [worked, absence] = entry ? [entry.worked, entry.absence] : [said.planned, ""];
      writing(row.querySelector(".offline-buttons"), worked, absence, (text, why) =>
        text === undefined ? again(true) : save(text, why),
      );
    });
    dropping.hidden = !entry || Boolean(entry.answer);
    dropping.addEventListener("click", async () => {
      if (!window.confirm(word("drop.sure", { name: trainee.name, day: dayOf(said.day) }))) return;
      await drop(entry);
      again(true);
    });
    for (const button of row.querySelectorAll("button")) {
      button.setAttribute("aria-label", `${button.textContent}: ${trainee.name}, ${dayOf(said.day)}`);
    }
    row.dataset.row = keyOf(trainee.id, said.day);
    return row;
  }

  const isOpen = (trainee, said) =>
    said.planned && !said.written && !state.entries.has(keyOf(trainee.id, said.day));
  const onDay = (day) =>
    state.week.trainees.flatMap((trainee) => trainee.days.filter((said) => said.day === day).map((said) => [trainee, said]));

  function showAll(day) {
    const button = document.querySelector(`[data-day="${day}"] [data-all]`);
    const left = onDay(day).filter((one) => isOpen(...one)).length;
    button.hidden = left < 2;
    button.textContent = word("confirm.all", { n: left });
    button.setAttribute("aria-label", `${button.textContent}, ${dayOf(day)}`);
  }

  function sectionOf(day) {
    const section = copy("day");
    section.dataset.day = day;
    section.querySelector("h2").textContent = day === today() ? word("today", { day: dayOf(day) }) : dayOf(day);
    const [list, others] = section.querySelectorAll("ul");
    const matters = ([trainee, said]) => said.planned || said.written || state.entries.has(keyOf(trainee.id, said.day));
    for (const one of onDay(day)) (matters(one) ? list : others).append(rowOf(...one));
    const details = section.querySelector("details");
    details.hidden = !others.children.length;
    details.querySelector("summary").textContent = word("unplanned.all", { n: others.children.length });
    section.querySelector("[data-all]").addEventListener("click", async () => {
      for (const [trainee, said] of onDay(day).filter((one) => isOpen(...one))) {
        if (!(await keep(made(trainee.id, day, said.planned, "")))) break;
      }
      render();
      say(word("saved"));
      at("send").focus();
    });
    return section;
  }

  function render() {
    const days = [...new Set((state.week ? state.week.trainees : []).flatMap((one) => one.days.map((said) => said.day)))];
    const past = days.filter((day) => day <= today()).sort().reverse();
    at("days").replaceChildren(...past.map(sectionOf));
    past.forEach(showAll);
    const coming = days.filter((day) => day > today()).sort();
    at("later").hidden = !coming.length;
    at("later").querySelector("ul").replaceChildren(
      ...coming.flatMap((day) => onDay(day)).filter(([, said]) => said.planned).map(([trainee, said]) => {
        const line = document.createElement("li");
        line.textContent = `${dayOf(said.day)}: ${trainee.name}, ${said.planned}`;
        return line;
      }),
    );
    const over = state.week && state.week.last < today();
    const until = dateOf(state.box.expires);
    at("kept-until").textContent = over ? word("over") : state.box.names ? word("until", { day: until }) : "";
    at("lock").hidden = !state.box.pin;
    const asked = [...state.entries.values()].filter((entry) => entry.answer);
    at("answers").replaceChildren(...asked.map(answerOf));
    showCount();
  }

  // --- what could not be written: both versions, and who wrote decides ---
  const nameOf = (id) => {
    const trainee = state.week && state.week.trainees.find((one) => one.id === id);
    return trainee ? trainee.name : word("unknown", { n: id });
  };

  function answerOf(entry) {
    const { state: kind, there, sentences } = entry.answer;
    const card = copy("answer");
    card.dataset.answer = kind;
    card.querySelector("h3").textContent = `${nameOf(entry.traineeship)}, ${dayOf(entry.day)}`;
    card.querySelector("[data-sentences]").append(
      ...sentences.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })),
    );
    card.querySelector("[data-there]").textContent = there
      ? word("there", { said: there.said, by: there.by, at: momentOf(there.at) })
      : word("there.none");
    card.querySelector("[data-here]").textContent = word("here", { said: saying(entry), at: momentOf(entry.made_at) });
    const [correct, change, keeping] = card.querySelectorAll("button");
    const select = card.querySelector("select");
    correct.hidden = card.querySelector("[data-reason]").hidden = kind !== "conflict";
    change.hidden = kind === "gone";
    correct.addEventListener("click", () => {
      const error = card.querySelector(".offline-error");
      error.textContent = select.value ? "" : word("bad.reason");
      if (!select.value) return select.focus();
      return send({ write: [{ ...entry, correction: select.value, seen: there.line }] });
    });
    change.addEventListener("click", () =>
      writing(card.querySelector(".offline-buttons"), entry.worked, entry.absence, async (worked, absence) => {
        if (worked !== undefined) await keep(made(entry.traineeship, entry.day, worked, absence));
        render();
        at("to-send").scrollIntoView();
      }),
    );
    keeping.addEventListener("click", async () => {
      // what nobody could read was never offered to the register: it is only thrown away here
      if (kind !== "wrong") return send({ giveUp: [entry] });
      const asked = word("drop.sure", { name: nameOf(entry.traineeship), day: dayOf(entry.day) });
      if (window.confirm(asked)) await drop(entry);
      return render();
    });
    return card;
  }

  async function send(what) {
    const known = new Map([...state.entries.values()].map((entry) => [entry.number, entry]));
    const done = { written: 0, left: 0, discarded: 0, remarks: [] };
    at("send").disabled = true;
    let problem = null;
    try {
      await Sending.send(main, state.box, what, async (answer) => {
        const entry = known.get(answer.number);
        if (!entry) return;
        if (answer.state === "written" || answer.state === "discarded") {
          await drop(entry);
          done[answer.state] += 1;
          if (answer.state === "written") markWritten(entry);
          done.remarks.push(...(answer.sentences || []).map((sentence) => `${nameOf(entry.traineeship)}, ${dayOf(entry.day)}: ${sentence}`));
        } else {
          await keep({ ...entry, answer: { state: answer.state, there: answer.there || null, sentences: answer.sentences } });
          done.left += 1;
        }
      });
    } catch (failure) {
      problem = failure;
    }
    at("send").disabled = false;
    showNetwork();
    if (state.box.names && state.week) await Keys.keepNames(state.box, state.key, state.week).catch(console.warn);
    render();
    if (problem && !done.written && !done.left) explain(problem);
    else {
      say(
        ...(done.written ? [counted("sent", done.written)] : []),
        ...(done.discarded ? [word("kept.out")] : []),
        ...(done.left ? [counted("left", done.left)] : []),
        ...done.remarks,
        ...(problem ? [word(problem instanceof Sending.Problem ? problem.message : "trouble")] : []),
      );
    }
    at("said").focus();
  }

  function markWritten(entry) {
    const trainee = state.week && state.week.trainees.find((one) => one.id === entry.traineeship);
    const said = trainee && trainee.days.find((one) => one.day === entry.day);
    if (said) said.written = true;
  }

  // --- begin ---
  let hiddenAt = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (state.key && state.box.pin && Date.now() - hiddenAt > AWAY) begin();
  });
  // somebody left in another window of this browser, or the device was prepared again
  Carried.changed.addEventListener("message", () => begin());
  addEventListener("online", showNetwork);
  addEventListener("offline", showNetwork);
  showNetwork();
  if (!window.isSecureContext || !crypto.subtle || !("indexedDB" in window)) {
    say(word("unable"));
    return show("nothing");
  }
  at("pin-form").addEventListener("submit", openByPin);
  at("by-sign-in").addEventListener("click", openBySignIn);
  at("lock").addEventListener("click", begin);
  at("send").addEventListener("click", () => send({ write: [...state.entries.values()] }));
  return begin().catch(explain);
});
