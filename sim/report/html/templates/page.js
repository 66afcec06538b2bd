document.querySelectorAll("table.sortable").forEach(function (table) {
  table.querySelectorAll("thead th").forEach(function (head, column) {
    head.querySelector("button").addEventListener("click", function () {
      var body = table.tBodies[0], falling = head.getAttribute("aria-sort") === "ascending";
      var value = function (row) {
        var cell = row.cells[column], number = cell.getAttribute("data-value");
        return number === null ? cell.textContent : parseFloat(number);
      };
      var compare = function (a, b) {
        var x = value(a), y = value(b);
        if (typeof x === "string") return x.localeCompare(y, document.documentElement.lang);
        if (isNaN(x) || isNaN(y)) return isNaN(x) - isNaN(y);
        return x - y;
      };
      var rows = Array.from(body.rows).sort(function (a, b) { return falling ? compare(b, a) : compare(a, b); });
      rows.forEach(function (row) { body.appendChild(row); });
      table.querySelectorAll("thead th").forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", falling ? "descending" : "ascending");
    });
  });
});

function unfold() {
  var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (var part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  if (target) target.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();
