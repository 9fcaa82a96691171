import type { Desk } from './desk';

/** Plays the series of the active viewport at the rate it was acquired with; waits for pictures not yet here. */
export class Cine {
  readonly #desk: Desk;
  #timer: number | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  get playing(): boolean {
    return this.#timer !== undefined;
  }

  toggle(): void {
    if (this.playing) this.stop();
    else this.#play();
    this.#desk.repaint();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #play(): void {
    const { shown } = this.#desk.active;
    if (!shown || shown.series.pictures.length < 2) return;
    const rate = Math.min(60, Math.max(1, shown.picture.image.rate));
    this.#timer = window.setInterval(() => this.#next(), 1000 / rate);
  }

  #next(): void {
    const { shown } = this.#desk.active;
    if (!shown) return;
    const { pictures } = shown.series;
    const next = pictures[(pictures.indexOf(shown.picture) + 1) % pictures.length];
    if (next && this.#desk.queue.peek(next)) this.#desk.show(this.#desk.active, shown.series, next);
  }
}
