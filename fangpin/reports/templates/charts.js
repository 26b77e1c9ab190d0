"use strict";
// Draws every chart from the JSON beside it. Without JavaScript the tables say the same.
document.documentElement.classList.add("js");
window.addEventListener("DOMContentLoaded", function () {
  document.querySelectorAll("script[data-chart]").forEach(function (source) {
    var figure = JSON.parse(source.textContent);
    var place = document.getElementById(source.dataset.chart);
    Plotly.newPlot(place, figure.data, figure.layout, { displayModeBar: false, responsive: true });
  });
});
