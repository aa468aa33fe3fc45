// Draws the mark as PNG files, which phones want for the icon of an installed application. The
// shapes are those of pictures/mark.svg; how far a point is from each of them gives its colour.
import { deflateSync } from "node:zlib";

const BOX = 48;
const STROKE = 1.75;
const SEA = [10, 102, 110];
const WHITE = [255, 255, 255];
const MINT = [159, 214, 211];
const BEAM = [255, 138, 76];

const toSegment = ([ax, ay], [bx, by]) => (x, y) => {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const along = length2 && Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length2));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
};
const line = (...points) => points.slice(1).map((point, at) => toSegment(points[at], point));
const dots = (...points) => points.map((point) => toSegment(point, point));

const INK = [
  { colour: WHITE, radius: STROKE, shapes: line([14, 24], [14, 34], [34, 34], [34, 14], [24, 14]) },
  { colour: MINT, radius: STROKE, shapes: dots([14, 24], [14, 17.3], [17.4, 14]) },
  { colour: BEAM, radius: 4.5, shapes: dots([14, 24]) },
];

// A rounded square; negative inside.
const tile = (round) => (x, y) => {
  const [dx, dy] = [x, y].map((at) => Math.abs(at - BOX / 2) - BOX / 2 + round);
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - round;
};

// One pixel is `unit` wide: its edge is half of that on each side of the outline.
const share = (distance, unit) => Math.min(1, Math.max(0, 0.5 - distance / unit));

function colourAt(x, y, unit, zoom) {
  const [ix, iy] = [x, y].map((at) => (at - BOX / 2) / zoom + BOX / 2);
  return INK.reduce((under, { colour, radius, shapes }) => {
    const near = Math.min(...shapes.map((distance) => distance(ix, iy)));
    const part = share(near - radius, unit / zoom);
    return under.map((value, at) => value + (colour[at] - value) * part);
  }, SEA);
}

// A maskable icon fills its square; what matters lies within the middle 80 % (W3C App Manifest).
export function drawIcon(size, isMaskable) {
  const unit = BOX / size;
  const outline = isMaskable ? () => -BOX : tile(12);
  const zoom = isMaskable ? 0.85 : 1;
  const rows = Buffer.alloc(size * (1 + size * 4));
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const [x, y] = [(column + 0.5) * unit, (row + 0.5) * unit];
      const pixel = [...colourAt(x, y, unit, zoom), 255 * share(outline(x, y), unit)];
      rows.set(pixel.map(Math.round), row * (1 + size * 4) + 1 + column * 4);
    }
  }
  return png(size, rows);
}

// PNG (W3C, third edition): signature, header, one packed block of rows, end.
function png(size, rows) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const packed = deflateSync(rows, { level: 9 });
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", packed), chunk("IEND")]);
}

function chunk(name, data = Buffer.alloc(0)) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc(body), body.length + 4);
  return frame;
}

// PNG, annex D.
function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
