// Sheets to sign on: what is drawn goes into a hidden field, in units of a sheet of 1000 by 300.
"use strict";

const WIDTH = 1000;
const HEIGHT = 300;

function sheet(pad) {
  const canvas = pad.querySelector("canvas");
  const field = pad.querySelector("input[type=hidden]");
  const pen = canvas.getContext("2d");
  let strokes = [];
  let drawing = false;

  function redraw() {
    pen.clearRect(0, 0, WIDTH, HEIGHT);
    pen.lineWidth = 6;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#0b1f3a";
    for (const stroke of strokes) {
      pen.beginPath();
      pen.moveTo(stroke[0], stroke[1]);
      for (let n = 2; n < stroke.length; n += 2) pen.lineTo(stroke[n], stroke[n + 1]);
      pen.stroke();
    }
  }

  function add(event) {
    const box = canvas.getBoundingClientRect();
    const x = Math.round(((event.clientX - box.left) / box.width) * WIDTH);
    const y = Math.round(((event.clientY - box.top) / box.height) * HEIGHT);
    strokes[strokes.length - 1].push(x, y);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    strokes.push([]);
    add(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing || !event.isPrimary) return;
    for (const one of event.getCoalescedEvents ? event.getCoalescedEvents() : [event]) add(one);
    redraw();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      drawing = false;
      field.value = JSON.stringify(strokes);
    });
  }
  pad.querySelector("button").addEventListener("click", () => {
    strokes = [];
    field.value = "";
    redraw();
  });

  // after a refused form what was drawn is still there
  try {
    strokes = field.value ? JSON.parse(field.value) : [];
  } catch {
    strokes = [];
  }
  redraw();
}

function show(drawings, form) {
  if (!form.querySelector("input[name=how]")) return; // one sheet by itself
  const how = form.querySelector("input[name=how]:checked");
  drawings.hidden = !how || how.value !== "drawn";
  for (const pad of drawings.querySelectorAll(".pad")) {
    const box = form.querySelector(`input[name=signers][value="${pad.dataset.signer}"]`);
    pad.hidden = !box || !box.checked;
  }
}

document.addEventListener("DOMContentLoaded", () => {
  for (const drawings of document.querySelectorAll("[data-drawings]")) {
    const form = drawings.closest("form");
    drawings.querySelectorAll(".pad").forEach(sheet);
    form.addEventListener("change", () => show(drawings, form));
    show(drawings, form);
  }
});
