import { type DataSet, decodeBase64, number, numbers } from './dataset';
import type { ImageDescription } from './image';
import type { FetchBulk } from './lut';

/** Which bits of an overlay are set, by image row and column counted from 0. */
interface Plane {
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
  readonly isSet: (row: number, column: number) => boolean;
}

/**
 * What lies over a frame (PS3.3 C.9.2), as an SVG path in image pixels that encloses its set bits run by run; empty
 * when there is nothing. `words` are the stored words of a native image: older devices kept an overlay in bits of them
 * that no value uses.
 */
export async function readOverlays(
  image: ImageDescription,
  frame: number,
  words: Uint16Array | undefined,
  fetchBulk: FetchBulk,
): Promise<string> {
  // Groups 6000 to 601E, even (PS3.5 7.6).
  const groups = Array.from({ length: 16 }, (_, index) => (0x6000 + 2 * index).toString(16).toUpperCase());
  const planes = await Promise.all(groups.map((group) => readPlane(image, group, frame, words, fetchBulk)));
  return planes.map((plane) => (plane ? outline(plane, image) : '')).join('');
}

async function readPlane(
  image: ImageDescription,
  group: string,
  frame: number,
  words: Uint16Array | undefined,
  fetchBulk: FetchBulk,
): Promise<Plane | undefined> {
  const { set } = image;
  const rows = number(set, `${group}0010`);
  const columns = number(set, `${group}0011`);
  if (!rows || !columns) return undefined;
  const [row, column] = numbers(set, `${group}0050`);
  const bits = await dataOf(set, `${group}3000`, fetchBulk);
  if (bits) {
    // Of many frames one each from an image frame on (PS3.3 C.9.3); of a single one the same for every frame.
    const frames = number(set, `${group}0015`) ?? 0;
    const at = frames > 0 ? frame - (number(set, `${group}0051`) ?? 1) : 0;
    if (at < 0 || at >= Math.max(1, frames)) return undefined;
    const first = at * rows * columns;
    return {
      top: (row ?? 1) - 1,
      left: (column ?? 1) - 1,
      rows,
      columns,
      // The first bit is the lowest of the first byte (PS3.5 8.1.2).
      isSet: (y, x) => {
        const index = first + y * columns + x;
        return (((bits[Math.floor(index / 8)] ?? 0) >> index % 8) & 1) !== 0;
      },
    };
  }
  const bit = number(set, `${group}0102`);
  const { allocated, stored, high } = image.word;
  if (!words || bit === undefined || bit >= allocated || (bit <= high && bit > high - stored)) return undefined;
  return {
    top: 0,
    left: 0,
    rows: Math.min(rows, image.rows),
    columns: Math.min(columns, image.columns),
    isSet: (y, x) => (((words[y * image.columns + x] ?? 0) >> bit) & 1) !== 0,
  };
}

async function dataOf(set: DataSet, tag: string, fetchBulk: FetchBulk): Promise<Uint8Array | undefined> {
  const element = set[tag];
  if (element?.InlineBinary !== undefined) return decodeBase64(element.InlineBinary);
  return element?.BulkDataURI === undefined ? undefined : fetchBulk(element.BulkDataURI);
}

function outline({ top, left, rows, columns, isSet }: Plane, image: ImageDescription): string {
  const runs: string[] = [];
  const [lastRow, lastColumn] = [Math.min(rows, image.rows - top), Math.min(columns, image.columns - left)];
  for (let row = Math.max(0, -top); row < lastRow; row++) {
    let start = -1;
    for (let column = Math.max(0, -left); column <= lastColumn; column++) {
      const set = column < lastColumn && isSet(row, column);
      if (set && start < 0) start = column;
      if (!set && start >= 0) {
        runs.push(`M${left + start},${top + row}h${column - start}v1h${start - column}z`);
        start = -1;
      }
    }
  }
  return runs.join('');
}
