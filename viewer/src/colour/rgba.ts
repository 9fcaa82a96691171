import type { ImageDescription } from '../dicom/image';
import { storedValue } from '../grey/table';
import type { Palette } from './palette';

/** Colour frames as four bytes a pixel; they go past the grey pipeline (PS3.3 C.7.6.3.1.2). */
export function toRgba(bytes: Uint8Array<ArrayBuffer>, image: ImageDescription, palette: Palette | undefined): Uint8Array<ArrayBuffer> {
  if (palette) return fromPalette(bytes, image, palette);
  if (image.samples !== 3 || image.word.allocated !== 8) {
    throw new Error(`Colour images of ${image.samples} samples and ${image.word.allocated} bits cannot be shown by this viewer.`);
  }
  switch (image.photometric) {
    case 'RGB':
    // The decoder has undone the reversible and irreversible transforms of JPEG 2000 (PS3.5 8.2.4).
    case 'YBR_RCT':
    case 'YBR_ICT':
      return fromTriples(bytes, image, (rgba, at, one, two, three) => {
        rgba[at] = one;
        rgba[at + 1] = two;
        rgba[at + 2] = three;
      });
    case 'YBR_FULL':
      return fromTriples(bytes, image, writeYbr);
    case 'YBR_FULL_422':
      return bytes.length === image.rows * image.columns * 2 ? from422(bytes, image) : fromTriples(bytes, image, writeYbr);
    default:
      throw new Error(`Colour images of the kind ${image.photometric} cannot be shown by this viewer.`);
  }
}

type Write = (rgba: Uint8Array, at: number, one: number, two: number, three: number) => void;

function fromTriples(bytes: Uint8Array, image: ImageDescription, write: Write): Uint8Array<ArrayBuffer> {
  const pixels = image.rows * image.columns;
  const rgba = opaque(pixels);
  const step = image.planar ? 1 : 3;
  const plane = image.planar ? pixels : 1;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const at = pixel * step;
    write(rgba, pixel * 4, bytes[at] ?? 0, bytes[at + plane] ?? 0, bytes[at + 2 * plane] ?? 0);
  }
  return rgba;
}

/** Y1 Y2 CB CR for each two pixels of a row. */
function from422(bytes: Uint8Array, image: ImageDescription): Uint8Array<ArrayBuffer> {
  const pixels = image.rows * image.columns;
  const rgba = opaque(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const pair = (pixel >> 1) * 4;
    writeYbr(rgba, pixel * 4, bytes[pair + (pixel & 1)] ?? 0, bytes[pair + 2] ?? 0, bytes[pair + 3] ?? 0);
  }
  return rgba;
}

/** The inverse of the equations of C.7.6.3.1.2, full range. */
const writeYbr: Write = (rgba, at, y, cb, cr) => {
  rgba[at] = level(y + 1.402 * (cr - 128));
  rgba[at + 1] = level(y - (0.114 * 1.772 * (cb - 128) + 0.299 * 1.402 * (cr - 128)) / 0.587);
  rgba[at + 2] = level(y + 1.772 * (cb - 128));
};

function fromPalette(bytes: Uint8Array<ArrayBuffer>, image: ImageDescription, palette: Palette): Uint8Array<ArrayBuffer> {
  const pixels = image.rows * image.columns;
  const words = image.word.allocated === 16 ? new Uint16Array(bytes.slice().buffer) : bytes;
  const rgba = opaque(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const stored = storedValue(words[pixel] ?? 0, image.word);
    for (let channel = 0; channel < 3; channel++) {
      const { first, bits, values } = palette[channel as 0 | 1 | 2];
      const entry = values[Math.min(values.length - 1, Math.max(0, stored - first))] ?? 0;
      rgba[pixel * 4 + channel] = level((entry * 255) / (2 ** bits - 1));
    }
  }
  return rgba;
}

function opaque(pixels: number): Uint8Array<ArrayBuffer> {
  const rgba = new Uint8Array(pixels * 4);
  new Uint32Array(rgba.buffer).fill(0xff000000);
  return rgba;
}

const level = (value: number): number => Math.floor(Math.min(255, Math.max(0, value)) + 0.5);
