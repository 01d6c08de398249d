// Time limits on the page keep moving: elements with data-due (an ISO moment). So do stop watches: elements with
// data-elapsed, the seconds that had passed when the page was made.

const SOON_MS = 15 * 60 * 1000;

export function tickClocks(root) {
  const tick = () => root.querySelectorAll("[data-due]").forEach(show);
  setInterval(tick, 20000);
  setInterval(() => root.querySelectorAll("[data-elapsed]").forEach(count), 1000);
}

const begun = new WeakMap();

function count(watch) {
  if (!begun.has(watch)) begun.set(watch, performance.now() - 1000);
  const seconds = Number(watch.dataset.elapsed) + Math.floor((performance.now() - begun.get(watch)) / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  watch.textContent = h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function show(clock) {
  const left = new Date(clock.dataset.due) - Date.now();
  const english = document.documentElement.lang === "en";
  const words = duration(Math.abs(left), english);
  const text = clock.querySelector(".clock__text");
  if (left < 0) text.textContent = english ? `${words} late` : `超时 ${words}`;
  else text.textContent = english ? `${words} left` : `剩 ${words}`;
  clock.classList.toggle("clock_late", left < 0);
  clock.classList.toggle("clock_soon", left >= 0 && left <= SOON_MS);
}

function duration(ms, english) {
  const minutes = Math.round(ms / 60000);
  const days = Math.floor(minutes / 1440); // from a day on nobody counts minutes, as in moments.py
  if (minutes < 1) return english ? "under 1 min" : "不到 1 分钟";
  const parts = [
    [days, "天", "d"],
    [Math.floor(minutes / 60) % 24, "小时", "h"],
    [days ? 0 : minutes % 60, "分钟", "min"],
  ].filter(([n]) => n > 0);
  return parts.map(([n, zh, en]) => `${n} ${english ? en : zh}`).join(" ");
}
