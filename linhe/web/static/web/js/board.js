// The board: a ticket (data-ticket, draggable) dropped on a lane or a person (data-drop) opens the form that would do it.
// The form's address is in data-drop with {id} in place of the ticket; the same form is a link on the ticket's own page,
// so that keyboard and touch need no dragging.

export function watchBoards(root) {
  let held = null;
  root.addEventListener("dragstart", (event) => {
    const ticket = event.target.closest?.("[data-ticket]");
    if (!ticket) return;
    held = ticket.dataset.ticket;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held);
  });
  root.addEventListener("dragover", (event) => {
    const place = event.target.closest?.("[data-drop]");
    if (!place || !held) return;
    event.preventDefault();
    place.classList.add("lane_over");
  });
  root.addEventListener("dragleave", (event) => {
    const place = event.target.closest?.("[data-drop]");
    if (place && !place.contains(event.relatedTarget)) place.classList.remove("lane_over");
  });
  root.addEventListener("drop", (event) => {
    const place = event.target.closest?.("[data-drop]");
    if (!place || !held) return;
    event.preventDefault();
    place.classList.remove("lane_over");
    location.assign(place.dataset.drop.replace("{id}", encodeURIComponent(held)));
  });
  root.addEventListener("dragend", () => (held = null));
}
