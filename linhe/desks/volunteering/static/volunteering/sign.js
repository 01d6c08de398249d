// A signature drawn with the finger, sent as a picture. Without this script the name is typed.
for (const form of document.querySelectorAll("[data-sign]")) {
  const pad = form.querySelector("[data-sign-pad]");
  const canvas = pad.querySelector("canvas");
  const file = form.querySelector("input[type=file]");
  const pen = canvas.getContext("2d");
  let drawing = false;
  let drawn = false;

  const clear = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.lineWidth = 5;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#111";
    drawn = false;
    file.value = "";
    delete form.dataset.signed;
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  const keep = () =>
    canvas.toBlob((picture) => {
      const files = new DataTransfer();
      files.items.add(new File([picture], "signature.png", { type: "image/png" }));
      file.files = files.files;
      form.dataset.signed = "";
    }, "image/png");

  pad.hidden = false;
  clear();
  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    drawn = true;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (drawing && drawn) keep();
      drawing = false;
    });
  }
  pad.querySelector("[data-sign-clear]").addEventListener("click", clear);
}
