import type { ImageDescription } from '../dicom/image';
import { type FetchBulk, type Lut, bytesOf, lutSource, readLut } from '../dicom/lut';
import { expandSegments } from './segments';

/** Red, green and blue tables of a PALETTE COLOR image (PS3.3 C.7.6.3.1.5). */
export type Palette = readonly [Lut, Lut, Lut];

export async function readPalette(image: ImageDescription, fetchBulk: FetchBulk): Promise<Palette> {
  const [red, green, blue] = await Promise.all(['1', '2', '3'].map((channel) => readChannel(image, channel, fetchBulk)));
  return [red, green, blue] as [Lut, Lut, Lut];
}

async function readChannel({ set, word }: ImageDescription, channel: string, fetchBulk: FetchBulk): Promise<Lut> {
  const source = lutSource(set, `0028110${channel}`, `0028120${channel}`);
  if (source) return readLut(source, word.signed, fetchBulk);
  const segmented = lutSource(set, `0028110${channel}`, `0028122${channel}`);
  if (!segmented) throw new Error('The image names a colour palette and does not carry it.');
  const data = expandSegments(await bytesOf(segmented, fetchBulk), segmented.bits, segmented.entries);
  return readLut({ ...segmented, data }, word.signed, fetchBulk);
}
