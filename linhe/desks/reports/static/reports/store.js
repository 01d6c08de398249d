// What has not been sent yet, photos too, kept on this device: one draft, one outbox, in IndexedDB.

const NAME = "linhe-reports";
const KEPT_FOR_MS = 7 * 24 * 3600 * 1000;

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function run(mode, work) {
  const db = await open();
  try {
    return await new Promise((resolve, reject) => {
      const doing = db.transaction("kept", mode);
      const asked = work(doing.objectStore("kept"));
      doing.oncomplete = () => resolve(asked.result);
      doing.onerror = doing.onabort = () => reject(doing.error);
    });
  } finally {
    db.close();
  }
}

export const NAMES = { draft: "draft", outbox: "outbox" };

export async function keep(name, value) {
  await run("readwrite", (store) => store.put({ ...value, at: Date.now() }, name));
}

export async function kept(name) {
  const found = await run("readonly", (store) => store.get(name));
  if (found && Date.now() - found.at > KEPT_FOR_MS) {
    await drop(name);
    return undefined;
  }
  return found;
}

export async function drop(name) {
  await run("readwrite", (store) => store.delete(name));
}
