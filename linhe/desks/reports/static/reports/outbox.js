// Any page of the desk sends what waited for the network.

import { sendWaiting } from "./sending.js";

const FRESH = "/reports/new/";

async function go() {
  if (!navigator.onLine) return;
  const outcome = await sendWaiting(FRESH);
  if (outcome?.url) location.assign(outcome.url);
  if (outcome?.page) location.assign(FRESH);
}

window.addEventListener("online", go);
go();
