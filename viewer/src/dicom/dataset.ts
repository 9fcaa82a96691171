// The DICOM JSON model (PS3.18 Annex F), read without trusting it: a value of the wrong kind counts as absent.

export interface Element {
  readonly vr?: string;
  readonly Value?: readonly unknown[];
  readonly InlineBinary?: string;
  readonly BulkDataURI?: string;
}

export type DataSet = Readonly<Record<string, Element | undefined>>;

/** All values of an element as text; person names give their alphabetic group. */
export function texts(set: DataSet, tag: string): string[] {
  return (set[tag]?.Value ?? []).map(asText).filter((value) => value !== undefined);
}

export function text(set: DataSet, tag: string): string | undefined {
  const first = texts(set, tag)[0]?.trim();
  return first === '' ? undefined : first;
}

/** All values as numbers. DS and IS may arrive as JSON numbers or as strings (PS3.18 F.2.3). */
export function numbers(set: DataSet, tag: string): number[] {
  return (set[tag]?.Value ?? [])
    .map((value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value))
    .filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
}

export function number(set: DataSet, tag: string): number | undefined {
  return numbers(set, tag)[0];
}

export function items(set: DataSet, tag: string): DataSet[] {
  return (set[tag]?.Value ?? []).filter((value): value is DataSet => typeof value === 'object' && value !== null);
}

export function item(set: DataSet | undefined, tag: string): DataSet | undefined {
  return set === undefined ? undefined : items(set, tag)[0];
}

export function decodeBase64(encoded: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object' && value !== null && 'Alphabetic' in value) return String(value.Alphabetic);
  return undefined;
}
