// The page's own behaviour. Every page works without it: this makes them live, forgiving and quick.

import { watchLive } from "./live.js";
import { guardForms } from "./forms.js";
import { keepDrafts } from "./drafts.js";
import { watchBoards } from "./board.js";
import { tickClocks } from "./clocks.js";
import { watchConnection } from "./connection.js";
import { toast } from "./toast.js";

guardForms(document);
keepDrafts(document);
watchBoards(document);
tickClocks(document);
watchConnection(document);
watchLive(document);

// a menu longer than the screen shows where the reader is
document.querySelector(".side__nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// a select that acts at once; its form has a button for those without script
document.addEventListener("change", (event) => {
  const select = event.target.closest("[data-submit-on-change]");
  if (select) select.form.requestSubmit();
});

document.body.addEventListener("htmx:responseError", () => {
  const english = document.documentElement.lang === "en";
  toast(english ? "That did not work. Please try again." : "没有成功，请再试一次。");
});
