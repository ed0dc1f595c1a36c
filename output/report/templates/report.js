(function () {
  "use strict";
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };
  all("[data-needs-script]").forEach(function (element) { element.hidden = false; });

  var box = document.getElementById("filter");
  var told = document.getElementById("filter-result");
  var items = all("[data-item]").map(function (element) {
    return { element: element, text: element.textContent.toLowerCase() };
  });
  box.addEventListener("input", function () {
    var wanted = box.value.trim().toLowerCase();
    var shown = 0;
    items.forEach(function (item) {
      var fits = item.text.indexOf(wanted) >= 0;
      item.element.hidden = !fits;
      shown += fits ? 1 : 0;
      var around = item.element.closest("details");
      if (wanted && fits && around) { around.open = true; }
    });
    told.textContent = wanted ? shown + " of " + items.length + " shown samples" : "";
  });

  var toggle = document.getElementById("toggle");
  toggle.addEventListener("click", function () {
    var open = toggle.getAttribute("aria-pressed") !== "true";
    toggle.setAttribute("aria-pressed", String(open));
    toggle.textContent = open ? "Close all sections" : "Open all sections";
    all("main details").forEach(function (details) { details.open = open; });
  });
}());
