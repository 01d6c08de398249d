// Draws the table named by data-chart as bars. The table stays for those who read rather than look.

for (const frame of document.querySelectorAll("[data-chart]")) draw(frame);

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function draw(frame) {
  const table = document.getElementById(frame.dataset.chart);
  if (!table || !window.echarts) return;
  const rows = [...table.tBodies[0].rows].map((row) => [row.cells[0].textContent, Number(row.cells[1].textContent.replace(/,/g, ""))]);
  frame.hidden = false;
  const words = table.closest("[data-chart-words]");
  if (words) words.open = false;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const size = parseFloat(getComputedStyle(frame).fontSize) * 0.8;
  const label = { color: colour("ink-2"), fontSize: size };
  const chart = window.echarts.init(frame);
  chart.setOption({
    animation: !still,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 8, top: 24, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: rows.map(([day]) => day), axisLabel: label, axisTick: { show: false }, axisLine: { lineStyle: { color: colour("line-strong") } } },
    yAxis: { type: "value", minInterval: 1, axisLabel: label, splitLine: { lineStyle: { color: colour("line") } } },
    series: [
      {
        type: "bar",
        data: rows.map(([, value], i) => ({
          value: Number.isNaN(value) ? null : value,
          itemStyle: { color: colour(i === rows.length - 1 ? "vermilion" : "teal"), borderRadius: [4, 4, 0, 0] },
        })),
        barMaxWidth: 36,
        label: { show: true, position: "top", color: colour("ink-2"), fontSize: size, formatter: ({ value }) => (value ? String(value) : "") },
      },
    ],
  });
  new ResizeObserver(() => chart.resize()).observe(frame);
}
