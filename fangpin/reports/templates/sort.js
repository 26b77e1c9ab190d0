"use strict";
// Puts the rows of a table in order of a column whose heading is clicked. Without JavaScript the prepared orders do.
window.addEventListener("DOMContentLoaded", function () {
  document.querySelectorAll("table.sortable").forEach(function (table) {
    leaves(table.tHead).forEach(function (heading, column) {
      if (!heading || heading.classList.contains("interval")) { return; }
      heading.tabIndex = 0;
      heading.title = "点击按本列排列";
      heading.addEventListener("click", function () { order(table, column, heading); });
      heading.addEventListener("keydown", function (event) {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); order(table, column, heading); }
      });
    });
  });
});

// The heading right above each column: the lowest cell that covers it alone.
function leaves(head) {
  var grid = [];
  Array.from(head.rows).forEach(function (row, number) {
    var column = 0;
    Array.from(row.cells).forEach(function (cell) {
      while (grid[number] && grid[number][column]) { column += 1; }
      for (var down = 0; down < cell.rowSpan; down += 1) {
        grid[number + down] = grid[number + down] || [];
        for (var across = 0; across < cell.colSpan; across += 1) { grid[number + down][column + across] = cell; }
      }
    });
  });
  return (grid[grid.length - 1] || []).map(function (cell) { return cell.colSpan === 1 ? cell : null; });
}

// Numbers by size, the largest first (ranks the smallest first); words by their pinyin; what is unknown stays last.
function order(table, column, heading) {
  var ascending = heading.getAttribute("aria-sort") ? heading.getAttribute("aria-sort") === "descending"
    : heading.classList.contains("rank") || heading.classList.contains("text");
  table.querySelectorAll("th[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
  heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  var rows = Array.from(table.tBodies[0].rows).map(function (row, place) {
    var text = row.cells[column].textContent.trim();
    var number = parseFloat(text.replace(/,/g, "").replace(/^</, ""));
    return { row: row, place: place, text: text, number: number, unknown: text === "" || text === "—" };
  });
  var words = heading.classList.contains("text") && rows.some(function (r) { return !r.unknown && isNaN(r.number); });
  rows.sort(function (a, b) {
    if (a.unknown || b.unknown) { return a.unknown - b.unknown || a.place - b.place; }
    var larger = words ? a.text.localeCompare(b.text, "zh") : (a.number || 0) - (b.number || 0) || a.text.localeCompare(b.text, "zh");
    return (ascending ? larger : -larger) || a.place - b.place;
  });
  rows.forEach(function (each) { table.tBodies[0].appendChild(each.row); });
}
