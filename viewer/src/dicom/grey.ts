import { type DataSet, item, items, number, numbers, text, texts } from './dataset';
import { type FetchBulk, type Lut, type LutSource, lutSource, readLut, type StoredWord, storedWord } from './lut';

export type VoiFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';

export interface Window {
  readonly kind: 'window';
  readonly center: number;
  readonly width: number;
  readonly function: VoiFunction;
  readonly explanation: string | undefined;
}

export interface VoiLut {
  readonly kind: 'lut';
  readonly lut: Lut;
  readonly explanation: string | undefined;
}

export type Voi = Window | VoiLut;

export interface Rescale {
  readonly kind: 'rescale';
  readonly slope: number;
  readonly intercept: number;
}

/** Everything that turns one frame's stored words into grey (PS3.3 C.11), in the order in which it is applied. */
export interface GreyPipeline {
  readonly word: StoredWord;
  /** Stored values that are no part of the picture (C.7.5.1.1.2), both ends included. */
  readonly padding: { readonly from: number; readonly to: number } | undefined;
  readonly modality: Rescale | { readonly kind: 'lut'; readonly lut: Lut };
  readonly unit: string | undefined;
  /** The choices the image offers, the one to start with first; empty when it offers none. */
  readonly voi: readonly Voi[];
  readonly inverse: boolean;
}

/** Reads the grey pipeline of one frame; the tables that the metadata only names are fetched. */
export async function readGrey(set: DataSet, frame: number, fetchBulk: FetchBulk): Promise<GreyPipeline> {
  const word = storedWord(set);
  // Enhanced objects keep these in functional groups, the frame's own before the shared one (PS3.3 C.7.6.16).
  const modalitySet = functionalGroup(set, frame, '00289145') ?? set;
  const voiSet = functionalGroup(set, frame, '00289132') ?? set;
  const modalityItem = item(modalitySet, '00283000');
  const modalitySource = modalityItem && lutSource(modalityItem, '00283002', '00283006');
  const modality = modalitySource
    ? ({ kind: 'lut', lut: await readLut(modalitySource, word.signed, fetchBulk) } as const)
    : rescale(modalitySet);
  const signedInput = modality.kind === 'rescale' && (word.signed || modality.intercept < 0 || modality.slope < 0);
  const luts = await Promise.all(
    items(voiSet, '00283010')
      .map((set) => lutSource(set, '00283002', '00283006'))
      .filter((source): source is LutSource => source !== undefined)
      .map((source) => readLut(source, signedInput, fetchBulk)),
  );
  return {
    word,
    padding: padding(set, word),
    modality,
    unit: unit(set, modalitySet, modalityItem),
    // A sender that writes a table beside a window has drawn its curve for this picture; the windows stay choices.
    voi: [...luts.map((lut): VoiLut => ({ kind: 'lut', lut, explanation: lut.explanation })), ...windows(voiSet)],
    inverse: inverse(set),
  };
}

export function functionalGroup(set: DataSet, frame: number, macro: string): DataSet | undefined {
  return item(items(set, '52009230')[frame - 1], macro) ?? item(item(set, '52009229'), macro);
}

function rescale(set: DataSet): Rescale {
  return { kind: 'rescale', slope: number(set, '00281053') ?? 1, intercept: number(set, '00281052') ?? 0 };
}

function windows(set: DataSet): Window[] {
  const widths = numbers(set, '00281051');
  const explanations = texts(set, '00281055');
  const name = text(set, '00281056');
  const kind = name === 'SIGMOID' || name === 'LINEAR_EXACT' ? name : 'LINEAR';
  return numbers(set, '00281050').flatMap((center, index): Window[] => {
    const width = widths[index];
    if (width === undefined || width <= 0 || (kind === 'LINEAR' && width < 1)) return [];
    return [{ kind: 'window', center, width, function: kind, explanation: explanations[index] }];
  });
}

function padding(set: DataSet, word: StoredWord): { from: number; to: number } | undefined {
  const value = number(set, '00280120');
  if (value === undefined) return undefined;
  const limit = number(set, '00280121') ?? value;
  // Both may arrive as US though the pixels are signed.
  const signed = (raw: number): number => (word.signed && raw > 0x7fff ? raw - 0x10000 : raw);
  return { from: Math.min(signed(value), signed(limit)), to: Math.max(signed(value), signed(limit)) };
}

/**
 * One inversion at most: the Presentation LUT Shape, when present, already includes the photometric interpretation
 * (DX requires INVERSE with MONOCHROME1, C.8.11.3.1.2); without it MONOCHROME1 inverts (C.7.6.3.1.2).
 */
function inverse(set: DataSet): boolean {
  const shape = text(set, '20500020');
  return shape === undefined ? text(set, '00280004') === 'MONOCHROME1' : shape === 'INVERSE';
}

function unit(set: DataSet, modalitySet: DataSet, modalityItem: DataSet | undefined): string | undefined {
  const type = text(modalitySet, '00281054') ?? (modalityItem && text(modalityItem, '00283004'));
  if (type === 'HU' || (type === undefined && text(set, '00080060') === 'CT')) return 'HU';
  return type === undefined || type === 'US' ? undefined : type;
}
