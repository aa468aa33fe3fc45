// Badges: a hand scanner is a keyboard, and needs only a field that listens. Where the browser can
// read codes by itself, the camera does it too; the form is the same.
const LOOK_MS = 200;
const BADGE = /^[B-LN-PR-VX]{30}$/;

export function readBadges(root) {
  const form = root.querySelector("form[data-badge]");
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  if (!form) return;
  catchKeys(root, form.elements.badge);
  offerCamera(root, form);
}

// Somebody pressed beside the field, then showed the badge: what the scanner types is not lost.
function catchKeys(root, field) {
  root.addEventListener("keydown", (event) => {
    const isElsewhere = event.target === root.body || event.target.tagName === "MAIN";
    if (isElsewhere && event.key.length === 1 && !event.ctrlKey && !event.metaKey) field.focus();
  });
}

async function offerCamera(root, form) {
  const part = root.querySelector("[data-badge-camera]");
  if (!part || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const formats = await window.BarcodeDetector.getSupportedFormats();
  if (!formats.includes("qr_code")) return;
  part.hidden = false;
  const start = part.querySelector("[data-badge-start]");
  start.addEventListener("click", async () => {
    start.hidden = true;
    try {
      await look(part, form);
    } catch {
      part.querySelector("[data-badge-view]").hidden = true;
      part.querySelector("[data-badge-dark]").hidden = false;
    }
  });
}

async function look(part, form) {
  const video = part.querySelector("video");
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user" } });
  window.addEventListener("pagehide", () => stream.getTracks().forEach((track) => track.stop()));
  video.srcObject = stream;
  part.querySelector("[data-badge-view]").hidden = false;
  await video.play();
  for (;;) {
    const codes = await detector.detect(video);
    const badge = codes.map((code) => code.rawValue).find((text) => BADGE.test(text));
    if (badge) {
      form.elements.badge.value = badge;
      stream.getTracks().forEach((track) => track.stop());
      form.requestSubmit();
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
