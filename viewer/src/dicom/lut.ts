import { type DataSet, decodeBase64, number, numbers, text } from './dataset';

/** A lookup table as the image carries it; its data may still have to be fetched. */
export interface LutSource {
  readonly entries: number;
  readonly first: number;
  readonly firstIsUnsigned: boolean;
  readonly bits: number;
  readonly explanation: string | undefined;
  readonly data: readonly number[] | Uint8Array<ArrayBuffer> | { readonly uri: string };
}

/** A lookup table ready for use: input `first + i` gives `values[i]`, inputs outside take the nearest end. */
export interface Lut {
  readonly first: number;
  readonly bits: number;
  readonly values: Uint16Array<ArrayBuffer>;
  readonly explanation: string | undefined;
}

export type FetchBulk = (uri: string) => Promise<Uint8Array<ArrayBuffer>>;

/** Reads a table of C.11.1.1 (Modality), C.11.2.1 (VOI) or C.7.6.3.1.5 (palette) by its descriptor and data tags. */
export function lutSource(set: DataSet, descriptorTag: string, dataTag: string): LutSource | undefined {
  const [entries, first, bits] = numbers(set, descriptorTag);
  const element = set[dataTag];
  if (entries === undefined || first === undefined || bits === undefined || element === undefined) return undefined;
  const data =
    element.InlineBinary !== undefined
      ? decodeBase64(element.InlineBinary)
      : element.BulkDataURI !== undefined
        ? { uri: element.BulkDataURI }
        : numbers(set, dataTag);
  return {
    // 65,536 entries do not fit 16 bits and are written as 0 (PS3.3 C.11.1.1.1).
    entries: (entries & 0xffff) === 0 ? 65536 : entries & 0xffff,
    first,
    firstIsUnsigned: set[descriptorTag]?.vr !== 'SS',
    bits,
    explanation: text(set, '00283003'),
    data,
  };
}

/**
 * Completes a table. `signedInput` says that the values looked up can be negative: a first mapped value that arrives
 * unsigned is then two's complement.
 */
export async function readLut(source: LutSource, signedInput: boolean, fetchBulk: FetchBulk): Promise<Lut> {
  const data = 'uri' in source.data ? await fetchBulk(source.data.uri) : source.data;
  const values = data instanceof Uint8Array ? entriesOf(data, source) : Uint16Array.from(data);
  if (values.length < source.entries) {
    throw new Error(`A lookup table of the image should have ${source.entries} entries and has ${values.length}.`);
  }
  const wraps = signedInput && source.firstIsUnsigned && source.first > 0x7fff;
  return {
    first: wraps ? source.first - 0x10000 : source.first,
    bits: source.bits,
    values: values.subarray(0, source.entries),
    explanation: source.explanation,
  };
}

/** What a table's element holds, in little endian; values that were given as numbers are words. */
export async function bytesOf({ data }: LutSource, fetchBulk: FetchBulk): Promise<Uint8Array<ArrayBuffer>> {
  if (data instanceof Uint8Array) return data;
  return 'uri' in data ? fetchBulk(data.uri) : new Uint8Array(Uint16Array.from(data).buffer);
}

/** Bytes are packed one an entry only when there are as many bytes as entries; else each entry fills a word. */
function entriesOf(bytes: Uint8Array<ArrayBuffer>, source: LutSource): Uint16Array<ArrayBuffer> {
  if (bytes.length < source.entries * 2) return Uint16Array.from(bytes);
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
}

/** The bits that tell how stored words become values (PS3.3 C.7.6.3, PS3.5 8.1.1). */
export interface StoredWord {
  readonly allocated: number;
  readonly stored: number;
  readonly high: number;
  readonly signed: boolean;
}

export function storedWord(set: DataSet): StoredWord {
  const allocated = number(set, '00280100') ?? 16;
  const stored = number(set, '00280101') ?? allocated;
  return {
    allocated,
    stored,
    high: number(set, '00280102') ?? stored - 1,
    signed: number(set, '00280103') === 1,
  };
}
