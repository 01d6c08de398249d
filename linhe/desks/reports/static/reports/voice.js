// Speaking instead of typing where the browser can hear; and a guess at the kind from what was said.

const WAIT_MS = 500;

export function listen(form) {
  suggest(form);
  const button = form.querySelector("[data-speak]");
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  if (!Recognition) return;
  button.hidden = false;
  let hearing = null;
  const show = (busy) => {
    button.querySelector("[data-speak-idle]").hidden = busy;
    button.querySelector("[data-speak-busy]").hidden = !busy;
    button.setAttribute("aria-pressed", String(busy));
  };
  button.addEventListener("click", () => {
    if (hearing) {
      hearing.stop();
      return;
    }
    hearing = new Recognition();
    hearing.lang = document.documentElement.lang === "en" ? "en-GB" : "zh-CN";
    hearing.onresult = (event) => {
      const said = [...event.results].map((one) => one[0].transcript).join("");
      const words = form.elements.words;
      words.value = `${words.value}${said}`.slice(0, words.maxLength);
      words.dispatchEvent(new Event("input", { bubbles: true }));
    };
    hearing.onend = hearing.onerror = () => {
      hearing = null;
      show(false);
    };
    hearing.start();
    show(true);
  });
}

function suggest(form) {
  const chip = form.querySelector("[data-suggested]");
  let due = null;
  form.elements.words.addEventListener("input", () => {
    clearTimeout(due);
    due = setTimeout(async () => {
      const words = form.elements.words.value.trim();
      if (!words) return;
      let found;
      try {
        const answer = await fetch(`${form.dataset.suggest}?${new URLSearchParams({ words: words.slice(0, 300) })}`);
        found = await answer.json();
      } catch {
        return; // offline: the tiles are there to choose from
      }
      chip.hidden = !found.code || form.elements.category.value === found.code;
      chip.textContent = `${form.dataset.sounds}「${found.name}」`;
      chip.onclick = () => {
        form.elements.category.value = found.code;
        chip.hidden = true;
        form.querySelector("[name=category]:checked").dispatchEvent(new Event("change", { bubbles: true }));
      };
    }, WAIT_MS);
  });
}
