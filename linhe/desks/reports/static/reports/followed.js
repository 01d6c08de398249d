// Who follows another's report has no use for their own draft of it.

import { NAMES, drop } from "./store.js";

await drop(NAMES.draft);
document.documentElement.dataset.draft = "dropped";
