import { fitted } from '../draw/camera';
import { greyTable } from '../grey/table';
import type { Pixels } from '../load/pixels';
import { priorities } from '../load/queue';
import type { Picture, Series } from '../load/study';
import type { Desk } from './desk';
import { html } from './dom';

const side = 88;

interface Entry {
  readonly series: Series;
  readonly button: HTMLButtonElement;
  readonly picture: HTMLCanvasElement;
  readonly seen: HTMLElement;
  drawn: boolean;
}

/** The series of the study, each with a small picture made by the renderer that makes the large ones. */
export class SeriesStrip {
  readonly element = html('nav', { class: 'strip', 'aria-label': 'Series' });
  readonly #desk: Desk;
  #entries: Entry[] = [];

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  update(): void {
    const series = this.#desk.study?.series ?? [];
    if (this.#entries.length !== series.length) this.#build(series);
    for (const entry of this.#entries) {
      const shown = this.#desk.viewports.some((viewport) => viewport.shown?.series === entry.series);
      entry.button.setAttribute('aria-current', String(shown));
      const { pictures } = entry.series;
      const seen = pictures.filter((picture) => this.#desk.coverage.complete(picture)).length;
      const text = `${seen} of ${pictures.length} seen`;
      if (entry.seen.textContent !== text) entry.seen.textContent = text;
      entry.seen.classList.toggle('complete', seen === pictures.length);
    }
  }

  /** Draws the small pictures that are here and asks for those that are not. */
  fill(): void {
    for (const entry of this.#entries) {
      if (entry.drawn) continue;
      const middle = entry.series.pictures[entry.series.pictures.length >> 1];
      if (!middle) continue;
      const pixels = this.#desk.queue.peek(middle);
      if (pixels) this.#draw(entry, middle, pixels);
      else if (this.#desk.queue.hasRoom) this.#desk.queue.prefetch(middle, priorities.neighbour);
    }
  }

  #build(series: readonly Series[]): void {
    this.#entries = series.map((one) => {
      const picture = html('canvas', { width: String(side), height: String(side), 'aria-hidden': 'true' });
      const seen = html('span', { class: 'seen' });
      const name = one.description || `${one.modality} series ${one.number}`;
      const button = html('button', { type: 'button', title: name }, picture, html('span', { class: 'name' }, name), seen);
      button.addEventListener('click', () => this.#desk.showSeries(one));
      return { series: one, button, picture, seen, drawn: false };
    });
    this.element.replaceChildren(...this.#entries.map((entry) => entry.button));
  }

  #draw(entry: Entry, { image }: Picture, pixels: Pixels): void {
    if (entry.drawn || this.#desk.renderer.lost) return;
    const size = { width: side, height: side };
    const table = pixels.kind === 'grey' ? greyTable(pixels.modality, pixels.voi[0], pixels.pipeline.inverse) : undefined;
    const rgba = this.#desk.renderer.thumbnail(image, pixels, fitted(image, size), size, { table, inverted: false });
    entry.picture.getContext('2d')?.putImageData(new ImageData(rgba, side, side), 0, 0);
    entry.drawn = true;
  }
}
