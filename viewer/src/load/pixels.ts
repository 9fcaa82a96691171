import { readPalette, type Palette } from '../colour/palette';
import { toRgba } from '../colour/rgba';
import type { GreyPipeline, Voi } from '../dicom/grey';
import { greyOf, isColour, storedNative } from '../dicom/image';
import { readOverlays } from '../dicom/overlay';
import { fullRange } from '../grey/voi';
import { type ModalityTable, modalityTable, valueRange } from '../grey/table';
import type { DicomWeb } from './dicomweb';
import type { Picture } from './study';

export interface GreyPixels {
  readonly kind: 'grey';
  readonly words: Uint16Array<ArrayBuffer>;
  readonly pipeline: GreyPipeline;
  readonly modality: ModalityTable;
  readonly voi: readonly [Voi, ...Voi[]];
  /** What lies over the picture: an SVG path in image pixels. */
  readonly overlays: string;
}

export interface ColourPixels {
  readonly kind: 'colour';
  readonly rgba: Uint8Array<ArrayBuffer>;
  readonly overlays: string;
}

export type Pixels = GreyPixels | ColourPixels;

export const byteLength = (pixels: Pixels): number =>
  pixels.kind === 'grey' ? pixels.words.byteLength : pixels.rgba.byteLength;

/** Fetches a picture and everything needed to draw it. */
export async function loadPixels(
  web: DicomWeb,
  picture: Picture,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<Pixels> {
  const { image, frame } = picture;
  const fetchBulk = (uri: string): Promise<Uint8Array<ArrayBuffer>> => web.bulk(image.studyUid, uri);
  if (![1, 8, 16].includes(image.word.allocated)) {
    throw new Error(`Images of ${image.word.allocated} bits a sample cannot be shown by this viewer.`);
  }
  if (isColour(image)) {
    const palette: Promise<Palette | undefined> =
      image.photometric === 'PALETTE COLOR' ? readPalette(image, fetchBulk) : Promise.resolve(undefined);
    const [bytes, colours, overlays] = await Promise.all([
      web.frame(image, frame, signal, progress),
      palette,
      readOverlays(image, frame, undefined, fetchBulk),
    ]);
    return { kind: 'colour', rgba: toRgba(bytes, image, colours), overlays };
  }
  const [bytes, pipeline] = await Promise.all([web.frame(image, frame, signal, progress), greyOf(image, frame, fetchBulk)]);
  const words = asWords(bytes, image.word.allocated, image.rows * image.columns);
  const overlays = await readOverlays(image, frame, storedNative(image.set) ? words : undefined, fetchBulk);
  const modality = modalityTable(pipeline);
  const [first, ...others] = pipeline.voi;
  if (first) return { kind: 'grey', words, pipeline, modality, voi: [first, ...others], overlays };
  const { smallest, greatest } = valueRange(words, modality);
  const whole = image.word.allocated === 8 && !pipeline.word.signed ? fullRange(0, 255) : fullRange(smallest, greatest);
  return { kind: 'grey', words, pipeline, modality, voi: [whole], overlays };
}

/** One 16-bit word a pixel, whatever the image allocates. */
export function asWords(bytes: Uint8Array<ArrayBuffer>, allocated: number, pixels: number): Uint16Array<ArrayBuffer> {
  if (allocated === 16) {
    return bytes.byteOffset % 2 === 0
      ? new Uint16Array(bytes.buffer, bytes.byteOffset, pixels)
      : new Uint16Array(bytes.slice().buffer, 0, pixels);
  }
  if (allocated === 8) return Uint16Array.from(bytes);
  // Single bits fill each byte from its lowest bit (PS3.5 8.1.1).
  return Uint16Array.from({ length: pixels }, (_, index) => ((bytes[index >> 3] ?? 0) >> (index & 7)) & 1);
}
