// Asks each visible camera for a new still every few seconds; a picture replaces the old one
// only when it has arrived whole.
const PAUSE_MS = 3000;

export function refreshCameras(root) {
  const next = async () => {
    if (root.visibilityState === "visible") {
      await Promise.all([...root.querySelectorAll("img[data-camera]")].map(refresh));
    }
    setTimeout(next, PAUSE_MS);
  };
  setTimeout(next, PAUSE_MS);
}

async function refresh(image) {
  const still = new Image();
  still.src = `${image.dataset.camera}?t=${Date.now()}`;
  try {
    await still.decode();
    image.src = still.src;
  } catch {
    // No picture this time; the last one stays.
  }
}
