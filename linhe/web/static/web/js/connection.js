// Says when the device is offline.

export function watchConnection(root) {
  const note = root.querySelector("[data-offline]");
  const show = () => note && (note.hidden = navigator.onLine);
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}
