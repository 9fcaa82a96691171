import type { ImageDescription } from '../dicom/image';
import { type FetchBulk, type Lut, lutSource, readLut } from '../dicom/lut';

/** Red, green and blue tables of a PALETTE COLOR image (PS3.3 C.7.6.3.1.5). */
export type Palette = readonly [Lut, Lut, Lut];

export async function readPalette(image: ImageDescription, fetchBulk: FetchBulk): Promise<Palette> {
  if (image.set['00281221']) throw new Error('Segmented palettes cannot be shown by this viewer.');
  const [red, green, blue] = await Promise.all(
    ['1', '2', '3'].map(async (channel) => {
      const source = lutSource(image.set, `0028110${channel}`, `0028120${channel}`);
      if (!source) throw new Error('The image names a colour palette and does not carry it.');
      return readLut(source, image.word.signed, fetchBulk);
    }),
  );
  return [red, green, blue] as [Lut, Lut, Lut];
}
