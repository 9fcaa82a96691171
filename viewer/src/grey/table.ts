import type { GreyPipeline, Voi } from '../dicom/grey';
import type { StoredWord } from '../dicom/lut';
import { voiOutput } from './voi';

export const words = 0x10000;

/** The stored value in a 16-bit word: only the stored bits, with their sign (PS3.5 8.1.1). */
export function storedValue(raw: number, word: StoredWord): number {
  const value = (raw >> (word.high + 1 - word.stored)) & (2 ** word.stored - 1);
  return word.signed && value >= 2 ** (word.stored - 1) ? value - 2 ** word.stored : value;
}

/** Value after the Modality step for each of the 65,536 words, and which of them are padding. */
export interface ModalityTable {
  readonly values: Float64Array;
  readonly padding: Uint8Array;
}

export function modalityTable(pipeline: GreyPipeline): ModalityTable {
  const values = new Float64Array(words);
  const padding = new Uint8Array(words);
  const { modality } = pipeline;
  for (let raw = 0; raw < words; raw++) {
    const stored = storedValue(raw, pipeline.word);
    if (pipeline.padding && stored >= pipeline.padding.from && stored <= pipeline.padding.to) padding[raw] = 1;
    if (modality.kind === 'rescale') {
      values[raw] = stored * modality.slope + modality.intercept;
    } else {
      const { first, values: entries } = modality.lut;
      values[raw] = entries[Math.min(entries.length - 1, Math.max(0, stored - first))] ?? 0;
    }
  }
  return { values, padding };
}

/**
 * The whole grey pipeline in one table: the grey level, 0 to 255, of each of the 65,536 words. Padding is black whatever
 * the polarity, so that the surround of a picture never dazzles.
 */
export function greyTable(modality: ModalityTable, voi: Voi, inverse: boolean): Uint8Array<ArrayBuffer> {
  const table = new Uint8Array(words);
  const output = voiOutput(voi);
  for (let raw = 0; raw < words; raw++) {
    if (modality.padding[raw]) continue;
    const level = output(modality.values[raw] ?? 0);
    table[raw] = Math.floor((inverse ? 255 - level : level) + 0.5);
  }
  return table;
}

/** Smallest and greatest value after the Modality step among a frame's words, padding left out. */
export function valueRange(pixels: Uint16Array, modality: ModalityTable): { smallest: number; greatest: number } {
  const present = new Uint8Array(words);
  for (const raw of pixels) present[raw] = 1;
  let smallest = Infinity;
  let greatest = -Infinity;
  for (let raw = 0; raw < words; raw++) {
    if (!present[raw] || modality.padding[raw]) continue;
    const value = modality.values[raw] ?? 0;
    smallest = Math.min(smallest, value);
    greatest = Math.max(greatest, value);
  }
  return smallest <= greatest ? { smallest, greatest } : { smallest: 0, greatest: 1 };
}
