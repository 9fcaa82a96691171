import type { DicomWeb } from './dicomweb';
import { byteLength, loadPixels, type Pixels } from './pixels';
import { type Picture, pictureKey } from './study';

/** What is fetched first: the picture in view, then its neighbours, then the rest of the series. */
export const priorities = { view: 0, neighbour: 1, series: 2 } as const;
export type Priority = (typeof priorities)[keyof typeof priorities];

interface Entry {
  readonly picture: Picture;
  readonly promise: Promise<Pixels>;
  readonly start: () => void;
  readonly onProgress: Set<(share: number) => void>;
  priority: Priority;
  started: boolean;
  pixels: Pixels | undefined;
  used: number;
}

const backgroundLoads = 4;
const budget = 768 * 1024 * 1024;

/** Fetched pictures, kept within a budget of memory, and those on their way. */
export class PixelQueue {
  readonly #web: DicomWeb;
  readonly #onLoaded: () => void;
  readonly #entries = new Map<string, Entry>();
  readonly #abort = new AbortController();
  /** What could not be loaded is not tried again until someone looks at it. */
  readonly #failed = new Set<string>();
  #clock = 0;

  constructor(web: DicomWeb, onLoaded: () => void) {
    this.#web = web;
    this.#onLoaded = onLoaded;
  }

  /** The picture when it is already here. */
  peek(picture: Picture): Pixels | undefined {
    const entry = this.#entries.get(pictureKey(picture));
    if (entry) entry.used = ++this.#clock;
    return entry?.pixels;
  }

  request(picture: Picture, priority: Priority, onProgress?: (share: number) => void): Promise<Pixels> {
    const key = pictureKey(picture);
    const entry = this.#entries.get(key) ?? this.#enter(key, picture, priority);
    entry.priority = Math.min(entry.priority, priority) as Priority;
    entry.used = ++this.#clock;
    if (onProgress) entry.onProgress.add(onProgress);
    this.#startNext();
    return entry.promise;
  }

  /** Fetches ahead of need; tells nobody about a failure. */
  prefetch(picture: Picture, priority: Priority): void {
    if (!this.#failed.has(pictureKey(picture))) void this.request(picture, priority);
  }

  /** Takes back wishes that nobody waits for, when the reader has moved elsewhere. */
  forgetWishes(): void {
    for (const [key, entry] of this.#entries) if (!entry.started) this.#entries.delete(key);
  }

  /** Room for background loads: prefetching must not push out what it has just fetched. */
  get hasRoom(): boolean {
    return this.#bytes() < budget / 2;
  }

  close(): void {
    this.#abort.abort();
    this.#entries.clear();
  }

  #enter(key: string, picture: Picture, priority: Priority): Entry {
    const { promise, resolve, reject } = Promise.withResolvers<Pixels>();
    // Background loads have no one waiting; the failure is told when the picture is looked at.
    promise.catch(() => undefined);
    const onProgress = new Set<(share: number) => void>();
    const load = async (): Promise<void> => {
      try {
        const pixels = await loadPixels(this.#web, picture, this.#abort.signal, (share) => {
          for (const tell of onProgress) tell(share);
        });
        entry.pixels = pixels;
        this.#failed.delete(key);
        this.#makeRoom(entry);
        resolve(pixels);
        this.#onLoaded();
      } catch (error) {
        this.#entries.delete(key);
        this.#failed.add(key);
        reject(error);
      }
      this.#startNext();
    };
    const entry: Entry = {
      picture, promise, onProgress, priority, started: false, pixels: undefined, used: ++this.#clock,
      start: () => void load(),
    };
    this.#entries.set(key, entry);
    return entry;
  }

  #startNext(): void {
    if (this.#abort.signal.aborted) return;
    const waiting = [...this.#entries.values()].filter((entry) => !entry.started).sort((one, other) => one.priority - other.priority);
    const running = [...this.#entries.values()].filter((entry) => entry.started && !entry.pixels);
    let background = running.filter((entry) => entry.priority > priorities.view).length;
    let inView = running.length - background;
    for (const entry of waiting) {
      // What is looked at never queues, and nothing else begins while it is on its way.
      if (entry.priority > priorities.view && (inView > 0 || background >= backgroundLoads)) return;
      if (entry.priority === priorities.view) inView++;
      else background++;
      entry.started = true;
      entry.start();
    }
  }

  #bytes(): number {
    let bytes = 0;
    for (const entry of this.#entries.values()) bytes += entry.pixels ? byteLength(entry.pixels) : 0;
    return bytes;
  }

  #makeRoom(kept: Entry): void {
    let bytes = this.#bytes();
    const oldest = [...this.#entries].filter(([, entry]) => entry.pixels && entry !== kept);
    oldest.sort(([, one], [, other]) => one.used - other.used);
    for (const [key, entry] of oldest) {
      if (bytes <= budget) return;
      bytes -= entry.pixels ? byteLength(entry.pixels) : 0;
      this.#entries.delete(key);
    }
  }
}
