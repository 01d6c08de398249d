// A short word at the lower edge, also read out by screen readers.

export function toast(text, shownFor = 4000) {
  const place = document.querySelector("[data-toasts]");
  if (!place) return;
  const one = document.createElement("div");
  one.className = "toast";
  one.textContent = text;
  place.append(one);
  setTimeout(() => one.remove(), shownFor);
}
