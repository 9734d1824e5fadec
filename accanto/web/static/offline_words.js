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
    const hours = /^\s*\d{1,2}(([.,]\d{1,2})|(:[0-5]\d))?\s*$/;
    const times = /^\s*\d{1,2}([:.h]\d{2})?\s*[-–—/]\s*\d{1,2}([:.h]\d{2})?([\s,;+]*(e|and)?[\s,;+]*\d{1,2}([:.h]\d{2})?\s*[-–—/]\s*\d{1,2}([:.h]\d{2})?)?\s*$/;
    return times.test(worked) || (hours.test(worked) && parseFloat(worked.replace(",", ".")) <= 24) ? "" : "bad.hours";
  }

  return { word, counted, today, dayOf, dateOf, momentOf, saying, mistakeIn };
})();
