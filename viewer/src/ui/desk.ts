import { CoverageMap, type InstanceCoverage } from '../coverage/map';
import { Renderer } from '../draw/renderer';
import { DicomWeb } from '../load/dicomweb';
import { PixelQueue, priorities } from '../load/queue';
import { type Picture, pictureKey, readStudy, type Series, type Study } from '../load/study';
import type { Mark, MarkKind } from '../measure/mark';
import { html } from './dom';
import { type State, Viewport } from './viewport';

export type Tool = 'window' | 'zoom' | 'pan' | 'scroll' | MarkKind;

/** What the desk tells the world around it. */
export interface DeskEvents {
  changed(): void;
  loaded(): void;
  coverage(): void;
  shown(picture: Picture): void;
  failed(picture: Picture | undefined, reason: string): void;
  measured(text: string, picture: Picture): void;
  keyImage(picture: Picture, marked: boolean): void;
}

const gap = 2;

/** One study on one canvas: what is shown where, and everything that redraws it. */
export class Desk {
  readonly element = html('div', { class: 'desk' });
  readonly canvas = html('canvas', { class: 'pixels', 'aria-hidden': 'true' });
  readonly coverage = new CoverageMap();
  readonly renderer: Renderer;
  readonly queue: PixelQueue;
  readonly #web: DicomWeb;
  readonly #events: DeskEvents;
  readonly #marks = new Map<string, Mark[]>();
  readonly #keyImages = new Set<string>();
  readonly #observer = new ResizeObserver((entries) => this.#resize(entries[0]));
  readonly #abort = new AbortController();
  readonly #grid = html('div', { class: 'viewports' });
  study: Study | undefined;
  viewports: Viewport[] = [];
  active = new Viewport();
  tool: Tool = 'window';
  draft: Mark | undefined;
  lastMeasurement: string | undefined;
  #pending = 0;

  constructor(root: string, events: DeskEvents) {
    this.#web = new DicomWeb(root);
    this.queue = new PixelQueue(this.#web, () => events.loaded());
    this.#events = events;
    this.element.append(this.canvas, this.#grid);
    this.renderer = new Renderer(this.canvas, () => this.#lost(), () => this.paint());
    this.layout(1);
    try {
      this.#observer.observe(this.canvas, { box: 'device-pixel-content-box' });
    } catch {
      // Safari has no device pixel box; the size is then computed from the pixel ratio.
      this.#observer.observe(this.canvas);
    }
  }

  async open(studyUid: string): Promise<void> {
    this.active.say('Loading the list of images');
    try {
      const sets = await this.#web.metadata(studyUid, this.#abort.signal);
      if (this.#abort.signal.aborted) return;
      this.study = readStudy(studyUid, sets);
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.active.say(`No images. ${reasonOf(error)}`);
      this.#events.failed(undefined, reasonOf(error));
      return;
    }
    this.showSeries(this.study.series[0]);
  }

  /** One or two viewports beside each other. */
  layout(count: 1 | 2): void {
    const others = Array.from({ length: count - 1 }, () => new Viewport());
    this.viewports = [this.active, ...others];
    this.#grid.replaceChildren(...this.viewports.map((viewport) => viewport.element));
    this.#grid.classList.toggle('two', count === 2);
    this.#arrange();
    const next = this.study?.series[(this.study.series.findIndex((one) => one === this.active.shown?.series) + 1) % this.study.series.length];
    for (const viewport of others) if (next) this.show(viewport, next, next.pictures[0]);
    this.paint();
  }

  activate(viewport: Viewport): void {
    if (viewport === this.active) return;
    this.active = viewport;
    this.paint();
  }

  showSeries(series: Series | undefined, index = 0): void {
    if (series) this.show(this.active, series, series.pictures[index]);
  }

  /** Shows a picture; whatever was there is gone from the screen before this returns. */
  show(viewport: Viewport, series: Series, picture: Picture | undefined): void {
    if (!picture) return;
    if (viewport === this.active) this.draft = undefined;
    const ready = this.queue.peek(picture);
    const place = (state: State): void => {
      viewport.place({ series, picture, state });
      this.paint();
    };
    if (ready) {
      place({ kind: 'full', pixels: ready });
      this.#events.shown(picture);
      this.#prefetch(series, picture);
      return;
    }
    place({ kind: 'loading', share: 0 });
    this.queue.forgetWishes();
    void this.#load(viewport, series, picture, place);
  }

  async #load(viewport: Viewport, series: Series, picture: Picture, place: (state: State) => void): Promise<void> {
    const wanted = (): boolean => viewport.shown?.picture === picture && this.viewports.includes(viewport);
    try {
      const pixels = await this.queue.request(picture, priorities.view, (share) => {
        if (wanted() && viewport.shown?.state.kind === 'loading') viewport.say(`Loading ${Math.round(share * 100)} %`);
      });
      if (!wanted()) return;
      place({ kind: 'full', pixels });
      this.#events.shown(picture);
      this.#prefetch(series, picture);
    } catch (error) {
      if (!wanted() || this.#abort.signal.aborted) return;
      place({ kind: 'failed', reason: reasonOf(error) });
      this.#events.failed(picture, reasonOf(error));
    }
  }

  /** Finds a picture by its identifiers and shows it in the active viewport. */
  showInstance(sopInstanceUid: string, frame = 1): boolean {
    for (const series of this.study?.series ?? []) {
      const picture = series.pictures.find((one) => one.image.sopInstanceUid === sopInstanceUid && one.frame === frame);
      if (!picture) continue;
      this.show(this.active, series, picture);
      return true;
    }
    return false;
  }

  marksOf(picture: Picture): Mark[] {
    const key = pictureKey(picture);
    let marks = this.#marks.get(key);
    if (!marks) this.#marks.set(key, (marks = []));
    return marks;
  }

  measured(mark: Mark, text: string, picture: Picture): void {
    this.marksOf(picture).push(mark);
    this.lastMeasurement = text;
    this.#events.measured(text, picture);
  }

  toggleKeyImage(): void {
    const picture = this.active.shown?.picture;
    if (!picture || !this.active.pixels) return;
    const key = pictureKey(picture);
    const marked = !this.#keyImages.delete(key);
    if (marked) this.#keyImages.add(key);
    this.#events.keyImage(picture, marked);
  }

  get pictures(): readonly Picture[] {
    return this.study?.series.flatMap((series) => series.pictures) ?? [];
  }

  coverageByInstance(): InstanceCoverage[] {
    const images = new Set(this.pictures.map((picture) => picture.image));
    return [...images].map((image) => this.coverage.instance(image)).filter((instance) => instance.share > 0);
  }

  /** Redraws with the next screen refresh. */
  repaint(): void {
    if (this.#pending) return;
    this.#pending = requestAnimationFrame(() => this.paint());
  }

  /** Redraws now. Both viewports share a canvas whose content the browser may have dropped, so both are drawn. */
  paint(): void {
    cancelAnimationFrame(this.#pending);
    this.#pending = 0;
    if (this.renderer.lost) return;
    this.renderer.clear({ x: 0, y: 0, width: this.canvas.width, height: this.canvas.height });
    let grown = false;
    for (const viewport of this.viewports) {
      viewport.element.classList.toggle('active', viewport === this.active && this.viewports.length > 1);
      const picture = viewport.shown?.picture;
      if (picture && this.#count(viewport, picture)) grown = true;
      const marks = picture ? [...this.marksOf(picture), ...(this.draft && viewport === this.active ? [this.draft] : [])] : [];
      viewport.paint(this.renderer, marks, {
        key: picture !== undefined && this.#keyImages.has(pictureKey(picture)),
        seen: picture !== undefined && this.coverage.complete(picture),
      });
    }
    const { shown } = this.active;
    this.canvas.dataset['sopInstanceUid'] = shown?.picture.image.sopInstanceUid ?? '';
    this.canvas.dataset['state'] = shown?.state.kind ?? 'empty';
    if (grown) this.#events.coverage();
    this.#events.changed();
  }

  close(): void {
    this.#abort.abort();
    this.#observer.disconnect();
    cancelAnimationFrame(this.#pending);
    this.queue.close();
    this.renderer.dispose();
  }

  /** Only what a visible page really draws is counted as seen. */
  #count(viewport: Viewport, picture: Picture): boolean {
    const region = document.visibilityState === 'visible' ? viewport.visibleRegion() : undefined;
    return region !== undefined && this.coverage.add(picture, region);
  }

  #prefetch(series: Series, picture: Picture): void {
    const at = series.pictures.indexOf(picture);
    const order = series.pictures.map((_, index) => index).sort((one, other) => Math.abs(one - at) - Math.abs(other - at));
    for (const index of order.slice(1)) {
      const next = series.pictures[index];
      if (!next || !this.queue.hasRoom) return;
      this.queue.prefetch(next, Math.abs(index - at) <= 2 ? priorities.neighbour : priorities.series);
    }
  }

  #lost(): void {
    for (const viewport of this.viewports) {
      viewport.element.dataset['state'] = 'loading';
      viewport.say('Image lost, reloading');
    }
    this.canvas.dataset['state'] = 'loading';
  }

  #resize(entry: ResizeObserverEntry | undefined): void {
    const box = entry?.devicePixelContentBoxSize?.[0];
    const width = box?.inlineSize ?? Math.round(this.canvas.clientWidth * devicePixelRatio);
    const height = box?.blockSize ?? Math.round(this.canvas.clientHeight * devicePixelRatio);
    if (width < 1 || height < 1) return;
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    this.#arrange();
    this.paint();
  }

  #arrange(): void {
    const { width, height } = this.canvas;
    const count = this.viewports.length;
    const each = Math.floor((width - gap * (count - 1)) / count);
    const ratio = this.canvas.clientWidth ? width / this.canvas.clientWidth : 1;
    this.viewports.forEach((viewport, index) => viewport.resize({ x: index * (each + gap), y: 0, width: each, height }, ratio));
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
