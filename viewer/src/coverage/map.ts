import type { ImageDescription } from '../dicom/image';
import type { Point } from '../draw/camera';
import { type Picture, pictureKey } from '../load/study';

/** Side of a coverage tile in image pixels. */
export const tile = 64;

/** A rectangle of an image in pixels. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface InstanceCoverage {
  readonly sopInstanceUid: string;
  readonly frames: number;
  readonly framesSeen: number;
  readonly share: number;
}

const across = (image: ImageDescription): number => Math.ceil(image.columns / tile);
const down = (image: ImageDescription): number => Math.ceil(image.rows / tile);

/** Which parts of which pictures have been drawn in full at 1:1 or larger. */
export class CoverageMap {
  readonly #tiles = new Map<string, { readonly seen: Uint8Array; missing: number }>();

  /** Counts the tiles that lie wholly in the region; true when some are new. */
  add(picture: Picture, region: Region): boolean {
    const { image } = picture;
    const record = this.#record(picture);
    const before = record.missing;
    for (let row = 0; row < down(image); row++) {
      if (row * tile < region.top || Math.min(image.rows, (row + 1) * tile) > region.bottom) continue;
      for (let column = 0; column < across(image); column++) {
        if (column * tile < region.left || Math.min(image.columns, (column + 1) * tile) > region.right) continue;
        const index = row * across(image) + column;
        if (record.seen[index]) continue;
        record.seen[index] = 1;
        record.missing--;
      }
    }
    return record.missing < before;
  }

  complete(picture: Picture): boolean {
    return this.#tiles.get(pictureKey(picture))?.missing === 0;
  }

  /** Upper left corner of the first tile not yet seen, row by row. */
  firstUnseen(picture: Picture): Point | undefined {
    const index = this.#record(picture).seen.indexOf(0);
    const columns = across(picture.image);
    return index < 0 ? undefined : { x: (index % columns) * tile, y: Math.floor(index / columns) * tile };
  }

  instance(image: ImageDescription): InstanceCoverage {
    let seen = 0;
    let framesSeen = 0;
    const all = across(image) * down(image);
    for (let frame = 1; frame <= image.frames; frame++) {
      const missing = this.#tiles.get(pictureKey({ image, frame }))?.missing ?? all;
      seen += all - missing;
      if (missing === 0) framesSeen++;
    }
    return { sopInstanceUid: image.sopInstanceUid, frames: image.frames, framesSeen, share: seen / (all * image.frames) };
  }

  #record(picture: Picture): { readonly seen: Uint8Array; missing: number } {
    const key = pictureKey(picture);
    let record = this.#tiles.get(key);
    if (!record) {
      const tiles = across(picture.image) * down(picture.image);
      record = { seen: new Uint8Array(tiles), missing: tiles };
      this.#tiles.set(key, record);
    }
    return record;
  }
}
