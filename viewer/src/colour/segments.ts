const [discrete, linear, indirect] = [0, 1, 2];

/**
 * The entries of a palette that is told in segments (PS3.3 C.7.9.2): values one by one, straight lines from where the last
 * segment ended, and segments told before. Each gives one entry or more, so that no data make more work than the table has entries.
 * `bits` of an entry up to 8: all that is told is told in bytes; else in words.
 */
export function expandSegments(data: Uint8Array, bits: number, entries: number): number[] {
  const unit = bits <= 8 ? 1 : 2;
  const values: number[] = [];
  const cell = (at: number): number => {
    const low = data[at];
    const high = unit === 1 ? 0 : data[at + 1];
    if (low === undefined || high === undefined) {
      throw new Error(`The image's segmented palette ends when it has told ${values.length} of ${entries} entries.`);
    }
    return low | (high << 8);
  };
  /** Gives where the next segment begins. */
  const add = (start: number, mayPoint: boolean): number => {
    const [kind, length, at] = [cell(start), cell(start + unit), start + 2 * unit];
    if (length === 0) throw new Error("The image's segmented palette has a segment of no length.");
    const last = values.at(-1);
    if (kind === discrete) {
      for (let index = 0; index < length && values.length < entries; index++) values.push(cell(at + index * unit));
      return at + length * unit;
    }
    if (kind === linear && last !== undefined) {
      const end = cell(at);
      for (let index = 1; index <= length && values.length < entries; index++) {
        values.push(Math.round(last + ((end - last) * index) / length));
      }
      return at + unit;
    }
    if (kind === indirect && last !== undefined && mayPoint) {
      // Four bytes, or two words of which the lower comes first: the same in little endian.
      let from = 0;
      for (let byte = 4 - unit; byte >= 0; byte -= unit) from = from * 256 ** unit + cell(at + byte);
      for (let index = 0; index < length && values.length < entries; index++) from = add(from, false);
      return at + 4;
    }
    throw new Error(`The image's segmented palette has a segment of kind ${kind} where none may be.`);
  };
  let at = 0;
  while (values.length < entries) at = add(at, true);
  return values;
}
