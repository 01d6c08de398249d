// Who follows another's report has no use for their own draft of it.

import { NAMES, drop } from "./store.js";

drop(NAMES.draft);
