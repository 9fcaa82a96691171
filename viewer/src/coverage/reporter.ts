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
  #sending = false;
  #dirty = false;
  #retry = 1000;

  constructor(url: () => string | null, read: () => readonly InstanceCoverage[], onChange: (saving: Saving) => void) {
    this.#url = url;
    this.#read = read;
    this.#onChange = onChange;
  }

  changed(): void {
    this.#dirty = true;
    if (this.#timer === undefined && !this.#sending) this.#schedule(pause);
  }

  /** Sends at once what waits, as when the page goes away. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#dirty) void this.#send();
  }

  #schedule(delay: number): void {
    this.#timer = window.setTimeout(() => {
      this.#timer = undefined;
      void this.#send();
    }, delay);
  }

  async #send(): Promise<void> {
    const url = this.#url();
    if (!url) return;
    const body = JSON.stringify({ instances: this.#read() });
    this.#dirty = false;
    this.#sending = true;
    this.#onChange('saving');
    const saved = await post(url, body);
    this.#sending = false;
    this.#onChange(saved ? 'saved' : 'retrying');
    if (saved) {
      this.#retry = 1000;
      if (this.#dirty) this.#schedule(pause);
    } else {
      this.#dirty = true;
      this.#schedule(this.#retry);
      this.#retry = Math.min(longestRetry, this.#retry * 2);
    }
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
