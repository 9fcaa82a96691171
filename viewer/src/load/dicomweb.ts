import type { DataSet } from '../dicom/dataset';
import type { ImageDescription } from '../dicom/image';
import { firstPart, parseContentType, type Part } from './multipart';

const octets = 'multipart/related; type="application/octet-stream"';
const nativeLittleEndian = new Set(['', '1.2.840.10008.1.2', '1.2.840.10008.1.2.1']);

/** Retrieves from one DICOMweb root (PS3.18 10.4) with the cookies of this origin. Failures are sentences. */
export class DicomWeb {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root.replace(/\/+$/, '');
  }

  async metadata(studyUid: string, signal: AbortSignal): Promise<DataSet[]> {
    const url = `${this.#root}/studies/${studyUid}/metadata`;
    const response = await get(url, 'application/dicom+json', signal, 'The list of images');
    const { type } = parseContentType(response.headers.get('content-type') ?? '');
    if (type !== 'application/dicom+json' && type !== 'application/json') {
      throw new Error(`The list of images came as "${type || 'no content type'}" instead of DICOM JSON.`);
    }
    const sets: unknown = await response.json();
    if (!Array.isArray(sets)) throw new Error('The list of images is not a DICOM JSON array.');
    return sets as DataSet[];
  }

  /** Bytes of one frame, native and little endian, checked against the size that the image announces. */
  async frame(
    image: ImageDescription,
    frame: number,
    signal: AbortSignal,
    progress: (share: number) => void,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { studyUid, seriesUid, sopInstanceUid } = image;
    const url = `${this.#root}/studies/${studyUid}/series/${seriesUid}/instances/${sopInstanceUid}/frames/${frame}`;
    const response = await get(url, octets, signal, 'The image', gone);
    const lengths = frameLengths(image);
    const body = await readAll(response, lengths[0] ?? 1, progress);
    const part = firstPart(body, response.headers.get('content-type') ?? '');
    checkPart(part);
    // A frame of odd length may be padded to even (PS3.5 8.1.1).
    const length = lengths.find((expected) => part.body.length === expected || part.body.length === expected + (expected & 1));
    if (length === undefined) {
      throw new Error(`The image should have ${lengths[0]} bytes and came with ${part.body.length}.`);
    }
    return part.body.subarray(0, length);
  }

  async bulk(studyUid: string, uri: string): Promise<Uint8Array<ArrayBuffer>> {
    const url = new URL(uri, new URL(`${this.#root}/studies/${studyUid}/metadata`, document.baseURI));
    // The scheme may be that of a proxy's inner side; only the host has to be this one.
    if (url.host !== location.host) throw new Error(`A table of the image lies at another place, ${url.host}.`);
    const response = await get(url.pathname + url.search, `${octets}, application/octet-stream`, new AbortController().signal, 'A table of the image');
    const body = new Uint8Array(await response.arrayBuffer());
    const type = response.headers.get('content-type') ?? '';
    return parseContentType(type).type === 'multipart/related' ? firstPart(body, type).body : body;
  }
}

/** The lengths a frame may have; YBR_FULL_422 comes subsampled or already expanded (C.7.6.3.1.2). */
export function frameLengths(image: ImageDescription): number[] {
  const pixels = image.rows * image.columns;
  if (image.word.allocated === 1) return [Math.ceil(pixels / 8)];
  const bytes = image.word.allocated / 8;
  const whole = pixels * image.samples * bytes;
  return image.photometric === 'YBR_FULL_422' ? [whole, pixels * 2 * bytes] : [whole];
}

function checkPart(part: Part): void {
  if (part.type !== 'application/octet-stream') {
    throw new Error(`The image came as "${part.type || 'an unnamed type'}" instead of plain pixels.`);
  }
  const syntax = part.parameters.get('transfer-syntax') ?? '';
  if (!nativeLittleEndian.has(syntax)) {
    throw new Error(`The image came in the transfer syntax ${syntax}, which the server should have decoded.`);
  }
}

/** The list of the study named it: what is missing now was taken away, or closed to this person, since. */
const gone = 'it was there when the study was opened; since then the study was deleted or closed to you. Open it anew from your list';

async function get(url: string, accept: string, signal: AbortSignal, what: string, missing = 'the archive does not have it'): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { headers: { accept }, credentials: 'same-origin', signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Error(`${what} could not be fetched: the server did not answer.`, { cause: error });
  }
  if (!response.ok) throw new Error(`${what} could not be fetched: ${meaning(response.status, missing)}.`);
  return response;
}

function meaning(status: number, missing: string): string {
  switch (status) {
    case 401:
      return 'the session has ended, sign in again (401)';
    case 403:
      return 'this account may not see it (403)';
    case 404:
    case 410:
      return `${missing} (${status})`;
    case 406:
      return 'the server cannot decode it (406)';
    default:
      return `the server answered ${status}`;
  }
}

async function readAll(response: Response, expected: number, progress: (share: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.body) return new Uint8Array(await response.arrayBuffer());
  let bytes = new Uint8Array(expected + 1024);
  let length = 0;
  const reader = response.body.getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    if (length + chunk.value.length > bytes.length) {
      const wider = new Uint8Array(Math.max(bytes.length * 2, length + chunk.value.length));
      wider.set(bytes);
      bytes = wider;
    }
    bytes.set(chunk.value, length);
    length += chunk.value.length;
    progress(Math.min(1, length / expected));
  }
  return bytes.subarray(0, length);
}
