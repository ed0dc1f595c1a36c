(function () {
  "use strict";
  var PAGE = 25;
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };
  var by = function (id) { return document.getElementById(id); };
  all("[data-needs-script]").forEach(function (element) { element.hidden = false; });

  var key = "tunesmith review " + document.body.getAttribute("data-run");
  var decided = {};
  try { decided = JSON.parse(localStorage.getItem(key) || "{}"); } catch (nothing) { decided = {}; }
  var unsaved = Object.keys(decided).length > 0;
  var rows = all("[data-id]").map(function (element) {
    var parts = {};
    all("[data-part]", element).forEach(function (part) { parts[part.getAttribute("data-part")] = part; });
    return {
      element: element, parts: parts, id: element.getAttribute("data-id"),
      known: element.getAttribute("data-decision"),
      text: element.querySelector(".sample").textContent.toLowerCase(),
    };
  });
  var fitting = rows, first = 0, at = -1;

  var show = function (row) {
    var said = decided[row.id];
    var state = said ? said.decision : row.known;
    if (state === "undo") { state = ""; }
    row.element.setAttribute("data-decision", state);
    all("[aria-pressed]", row.element).forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-do") === state));
    });
    row.element.querySelector(".words").hidden = state !== "edit";
  };

  var keep = function () {
    unsaved = true;
    try { localStorage.setItem(key, JSON.stringify(decided)); } catch (full) { return; }
  };

  var collect = function (row, what) {
    var said = { id: row.id, decision: what };
    if (row.parts.note.value.trim()) { said.note = row.parts.note.value.trim(); }
    if (what === "edit") {
      ["question", "reasoning", "answer"].forEach(function (name) {
        if (row.parts[name] && row.parts[name].value.trim()) { said[name] = row.parts[name].value.trim(); }
      });
    }
    decided[row.id] = said;
    keep();
  };

  var decide = function (row, what) {
    if (what === "undo" && !row.known) { delete decided[row.id]; keep(); } else { collect(row, what); }
    show(row);
    count();
    if (what === "edit") {
      row.parts.answer.focus();
      row.parts.answer.setSelectionRange(row.parts.answer.value.length, row.parts.answer.value.length);
    }
  };

  var count = function () {
    var last = Math.min(first + PAGE, fitting.length);
    by("where").textContent = (fitting.length ? first + 1 : 0) + " to " + last + " of " + fitting.length +
      ", " + Object.keys(decided).length + " decided";
    by("before").disabled = first === 0;
    by("after").disabled = last >= fitting.length;
    by("save").disabled = !Object.keys(decided).length;
  };

  var turn = function (to) {
    first = Math.max(0, to);
    rows.forEach(function (row) { row.element.hidden = true; });
    fitting.slice(first, first + PAGE).forEach(function (row) { row.element.hidden = false; });
    at = -1;
    count();
  };

  var choose = function () {
    var wanted = by("find").value.trim().toLowerCase(), recipe = by("recipe").value, state = by("state").value;
    fitting = rows.filter(function (row) {
      var now = row.element.getAttribute("data-decision") || "open";
      return row.text.indexOf(wanted) >= 0 && (!recipe || row.element.getAttribute("data-recipe") === recipe) &&
        (!state || now === state);
    });
    turn(0);
  };

  var move = function (step) {
    var shown = fitting.slice(first, first + PAGE);
    at += step;
    if (at >= shown.length && first + PAGE < fitting.length) { turn(first + PAGE); at = 0; shown = fitting.slice(first, first + PAGE); }
    if (at < 0 && first > 0) { turn(first - PAGE); shown = fitting.slice(first, first + PAGE); at = shown.length - 1; }
    at = Math.max(0, Math.min(at, shown.length - 1));
    if (shown[at]) { shown[at].element.focus(); shown[at].element.scrollIntoView({ block: "center" }); }
  };

  rows.forEach(function (row) {
    row.element.tabIndex = -1;
    all("[data-do]", row.element).forEach(function (button) {
      button.addEventListener("click", function () { decide(row, button.getAttribute("data-do")); });
    });
    all("[data-part]", row.element).forEach(function (part) {
      part.addEventListener("input", function () {
        var said = decided[row.id], state = said ? said.decision : row.known;
        if (state && state !== "undo") { collect(row, state); count(); }
      });
    });
    row.element.addEventListener("focusin", function () { at = fitting.slice(first, first + PAGE).indexOf(row); });
    show(row);
  });

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
      if (event.key === "Escape") { event.target.blur(); }
      return;
    }
    var what = { a: "keep", r: "reject", e: "edit", u: "undo" }[event.key];
    if (event.key === "j") { move(1); } else if (event.key === "k") { move(-1); }
    else if (what && at >= 0) { event.preventDefault(); decide(fitting[first + at], what); }
  });
  ["find", "recipe", "state"].forEach(function (id) { by(id).addEventListener("input", choose); });
  by("before").addEventListener("click", function () { turn(first - PAGE); window.scrollTo(0, 0); });
  by("after").addEventListener("click", function () { turn(first + PAGE); window.scrollTo(0, 0); });
  by("save").addEventListener("click", function () {
    var lines = Object.keys(decided).map(function (id) { return JSON.stringify(decided[id]) + "\n"; });
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(lines, { type: "application/jsonl" }));
    link.download = "decisions.jsonl";
    link.click();
    unsaved = false;
  });
  window.addEventListener("beforeunload", function (event) { if (unsaved) { event.preventDefault(); } });
  turn(0);
}());
