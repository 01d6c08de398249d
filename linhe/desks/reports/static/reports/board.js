// What is ticked stays ticked when the list is fetched again.

const ticked = new Set();

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.name !== "report") return;
  if (box.checked) ticked.add(box.value);
  else ticked.delete(box.value);
});
for (const box of document.querySelectorAll('[name="report"]:checked')) ticked.add(box.value);
document.addEventListener("linhe:renewed", () => {
  for (const box of document.querySelectorAll('[name="report"]')) box.checked = ticked.has(box.value);
});
