// What adding a car gains from script: the camera reads the code itself, large photos are made small before they are
// sent, and a code that stands behind the # of the address is filled in. Typing and uploading work without all of it.

const SIDE = 1600;
const FORMATS = ["qr_code", "data_matrix", "code_39", "code_128"];

// The car's QR code leads here. What stands behind the # is never sent, and leaves the history once it is read.
const code = document.querySelector("[data-code]");
if (code && location.hash.length > 1) {
  code.value ||= decodeURIComponent(location.hash.slice(1)).slice(0, 40);
  history.replaceState(null, "", location.pathname);
}

const scanned = document.querySelector("[data-scanned]");
const camera = document.querySelector("[data-camera]");
if (camera && "BarcodeDetector" in window && navigator.mediaDevices) {
  const supported = await BarcodeDetector.getSupportedFormats();
  const formats = FORMATS.filter((format) => supported.includes(format));
  if (formats.length) offer(new BarcodeDetector({ formats }));
}

function offer(detector) {
  camera.hidden = false;
  const [start, stop] = camera.querySelectorAll("button");
  start.addEventListener("click", () => read(detector, start, stop));
}

async function read(detector, start, stop) {
  const said = camera.querySelector("[role=status]");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  } catch {
    said.textContent = camera.dataset.refused;
    return;
  }
  const video = Object.assign(document.createElement("video"), { srcObject: stream, muted: true, playsInline: true });
  video.className = "camera";
  camera.append(video);
  said.textContent = camera.dataset.reading;
  start.hidden = true;
  stop.hidden = false;
  const end = () => {
    stream.getTracks().forEach((track) => track.stop());
    video.remove();
    start.hidden = false;
    stop.hidden = true;
    said.textContent = "";
  };
  stop.addEventListener("click", end, { once: true });
  addEventListener("pagehide", end, { once: true });
  await video.play();
  while (stream.active) {
    const [found] = await detector.detect(video).catch(() => []);
    if (found && stream.active) {
      end();
      scanned.value = found.rawValue;
      scanned.form.requestSubmit();
      return;
    }
    await new Promise((resume) => setTimeout(resume, 200));
  }
}

// The photo of a phone has more pixels than are needed, and says where it was taken.
const photo = scanned?.form.querySelector("[type=file]");
photo?.addEventListener("change", async () => {
  const [file] = photo.files;
  if (!file || !file.type.startsWith("image/")) return;
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture || Math.max(picture.width, picture.height) <= SIDE) return;
  const scale = SIDE / Math.max(picture.width, picture.height);
  const canvas = Object.assign(document.createElement("canvas"), {
    width: Math.round(picture.width * scale),
    height: Math.round(picture.height * scale),
  });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
  const files = new DataTransfer();
  files.items.add(new File([small], "photo.jpg", { type: "image/jpeg" }));
  photo.files = files.files;
});
