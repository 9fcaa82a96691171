import type { InstanceCoverage } from './map';

const pause = 500;
const longestRetry = 30_000;
/** Browsers refuse keepalive bodies above 64 KiB. */
const keepaliveLimit = 60_000;

export type Saving = 'saved' | 'saving' | 'retrying';

/** Tells the server what has been seen, cumulatively, so that a lost message is made good by the next. */
export class CoverageReporter {
  readonly #url: () => string | null;
  readonly #read: () => readonly InstanceCoverage[];
  readonly #onChange: (saving: Saving) => void;
  #timer: number | undefined;
  #sending: Promise<boolean> | undefined;
  #dirty = false;
  #retry = 1000;

  constructor(url: () => string | null, read: () => readonly InstanceCoverage[], onChange: (saving: Saving) => void) {
    this.#url = url;
    this.#read = read;
    this.#onChange = onChange;
  }

  changed(): void {
    this.#dirty = true;
    if (this.#timer === undefined && this.#sending === undefined) this.#schedule(pause);
  }

  /** Sends at once what waits, as when the page goes away. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#dirty) void this.#send();
  }

  /** True once the server knows all that has been seen until now; false when it could not be told. */
  async settle(): Promise<boolean> {
    await this.#sending;
    if (!this.#dirty) return true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#send();
  }

  #schedule(delay: number): void {
    this.#timer = window.setTimeout(() => {
      this.#timer = undefined;
      void this.#send();
    }, delay);
  }

  #send(): Promise<boolean> {
    const url = this.#url();
    if (!url) return Promise.resolve(true);
    this.#dirty = false;
    this.#onChange('saving');
    this.#sending = post(url, JSON.stringify({ instances: this.#read() })).then((saved) => this.#sent(saved));
    return this.#sending;
  }

  #sent(saved: boolean): boolean {
    this.#sending = undefined;
    this.#onChange(saved ? 'saved' : 'retrying');
    if (saved) {
      this.#retry = 1000;
      if (this.#dirty) this.#schedule(pause);
    } else {
      this.#dirty = true;
      this.#schedule(this.#retry);
      this.#retry = Math.min(longestRetry, this.#retry * 2);
    }
    return saved;
  }
}

async function post(url: string, body: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      credentials: 'same-origin',
      keepalive: body.length < keepaliveLimit,
      body,
    });
    return response.ok;
  } catch {
    return false;
  }
}
