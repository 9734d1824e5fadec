// The words of the register without network, as the page brings them in its language; days, hours and what is mistyped.
"use strict";

const Words = (() => {
  const language = document.documentElement.lang;
  const words = document.getElementById("words").content;
  const word = (name, values = {}) =>
    Object.entries(values).reduce(
      (text, [slot, value]) => text.replace(`{${slot}}`, () => value),
      words.querySelector(`[data-word="${name}"]`).textContent,
    );
  const counted = (name, n) => word(`${name}.${n === 1 ? "one" : "many"}`, { n });
  const isoOf = (date) =>
    [date.getFullYear(), `${date.getMonth() + 1}`.padStart(2, "0"), `${date.getDate()}`.padStart(2, "0")].join("-");
  const today = () => isoOf(new Date());
  const dayOf = (iso) =>
    new Date(`${iso}T12:00:00`).toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long" });
  const momentOf = (iso) => new Date(iso).toLocaleString(language, { dateStyle: "short", timeStyle: "short" });
  const absences = new Map(
    [...document.getElementById("writing").content.querySelectorAll("option")].map((option) => [option.value, option.textContent]),
  );
  const saying = (entry) => (entry.absence ? absences.get(entry.absence) : entry.worked);
  const dateOf = (moment) => new Date(moment).toLocaleDateString(language);

  function mistakeIn(worked, absence) {
    if (absence) return "";
    if (!worked.trim()) return "bad.empty";
    const minutes = (hour, minute) => Number(hour) * 60 + Number(minute ?? 0);
    const alone = worked.match(/^\s*(\d{1,2})(?:[.,](\d{1,2})|:([0-5]\d))?\s*$/);
    if (alone) {
      const hours = Number(alone[1]) + Number(`0.${alone[2] ?? 0}`) + Number(alone[3] ?? 0) / 60;
      return hours > 24 ? "bad.hours" : hours ? "" : "bad.empty";
    }
    const span = String.raw`(\d{1,2})(?:[:.h]([0-5]\d))?\s*[-–—/]\s*(\d{1,2})(?:[:.h]([0-5]\d))?`;
    const said = worked.match(new RegExp(String.raw`^\s*${span}(?:[\s,;+]*(?:e|and)?[\s,;+]*${span})?\s*$`));
    if (!said) return "bad.hours";
    const times = [minutes(said[1], said[2]), minutes(said[3], said[4])];
    if (said[5]) times.push(minutes(said[5], said[6]), minutes(said[7], said[8]));
    // as the register reads them: within the day, each later than the one before
    if (times.some((one) => one > 24 * 60)) return "bad.hours";
    return times.every((one, n) => n === 0 || times[n - 1] < one) ? "" : "bad.order";
  }

  return { word, counted, today, dayOf, dateOf, momentOf, saying, mistakeIn };
})();
