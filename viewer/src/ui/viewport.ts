import type { Voi } from '../dicom/grey';
import { type Camera, fitted, panned, type Point, type Size, snapped, toImage, toViewport } from '../draw/camera';
import type { Look, Rectangle, Renderer } from '../draw/renderer';
import type { Region } from '../coverage/map';
import { greyTable } from '../grey/table';
import type { Pixels } from '../load/pixels';
import type { Picture, Series } from '../load/study';
import type { Mark } from '../measure/mark';
import { MarkLayer } from '../measure/layer';
import { Corners } from './corners';
import { html } from './dom';
import { OverlayLayer } from './overlays';

export type State =
  | { readonly kind: 'empty' }
  | { readonly kind: 'loading'; readonly share: number }
  | { readonly kind: 'full'; readonly pixels: Pixels }
  | { readonly kind: 'failed'; readonly reason: string };

/** The one object that the pixels, the text around them and the stamp on the canvas are made from. */
export interface Shown {
  readonly series: Series;
  readonly picture: Picture;
  readonly state: State;
}

const loupeSide = 300;

/** One rectangle of the screen that shows one picture. */
export class Viewport {
  readonly element = html('div', { class: 'viewport' });
  readonly #corners = new Corners();
  readonly #overlays = new OverlayLayer();
  readonly #marks = new MarkLayer();
  readonly #message = html('div', { class: 'message', role: 'status' });
  rectangle: Rectangle = { x: 0, y: 0, width: 1, height: 1 };
  pixelRatio = 1;
  shown: Shown | undefined;
  camera: Camera | undefined;
  inverted = false;
  hidesOverlays = false;
  /** Where the loupe is, in device pixels of this viewport. */
  loupe: Point | undefined;
  #chosenVoi: Voi | undefined;
  #table: { readonly pixels: Pixels; readonly voi: Voi; readonly content: Uint8Array<ArrayBuffer> } | undefined;

  constructor() {
    this.element.append(this.#overlays.element, this.#corners.element, this.#marks.element, this.#message);
  }

  get pixels(): Pixels | undefined {
    return this.shown?.state.kind === 'full' ? this.shown.state.pixels : undefined;
  }

  get voi(): Voi | undefined {
    const pixels = this.pixels;
    return pixels?.kind === 'grey' ? (this.#chosenVoi ?? pixels.voi[0]) : undefined;
  }

  set voi(voi: Voi | undefined) {
    this.#chosenVoi = voi;
  }

  /** Puts another picture in place, or another state of the same; nothing of the former one stays. */
  place(shown: Shown | undefined): void {
    const before = this.shown?.picture.image;
    const after = shown?.picture.image;
    if (this.shown?.series.uid !== shown?.series.uid) {
      this.#chosenVoi = undefined;
      this.inverted = false;
      this.hidesOverlays = false;
    }
    if (after && (before?.seriesUid !== after.seriesUid || before.rows !== after.rows || before.columns !== after.columns || !this.camera)) {
      this.camera = fitted(after, this.rectangle);
    }
    this.shown = shown;
    this.#table = undefined;
    this.#corners.clear();
    this.#overlays.clear();
    this.#marks.clear();
    this.#stamp();
  }

  resize(rectangle: Rectangle, pixelRatio: number): void {
    this.rectangle = rectangle;
    this.pixelRatio = pixelRatio;
    if (this.camera && this.shown) {
      this.camera = this.camera.fit
        ? fitted(this.shown.picture.image, rectangle, this.camera)
        : snapped(this.camera, rectangle);
    }
  }

  fit(): void {
    if (this.shown) this.camera = fitted(this.shown.picture.image, this.rectangle, this.camera);
  }

  /** Shows the image at 1:1 with one of its points in the middle. */
  oneToOne(at?: Point): void {
    if (!this.camera) return;
    this.camera = snapped({ ...this.camera, scale: 1, centre: at ?? this.camera.centre, fit: false }, this.rectangle);
  }

  /** Shows the image at 1:1 with the given image point in the corner the reader starts from, without empty margins. */
  oneToOneFrom(corner: Point): void {
    if (!this.camera || !this.shown) return;
    const { columns, rows } = this.shown.picture.image;
    const upright: Camera = { ...this.camera, scale: 1, fit: false };
    const extent = toImage({ ...upright, centre: { x: 0, y: 0 } }, this.rectangle, { x: this.rectangle.width, y: this.rectangle.height });
    const middle = (from: number, half: number, length: number): number =>
      2 * half >= length ? length / 2 : Math.min(length - half, Math.max(half, from + half));
    this.oneToOne({
      x: middle(corner.x, Math.abs(extent.x), columns),
      y: middle(corner.y, Math.abs(extent.y), rows),
    });
  }

  pan(by: Point): void {
    if (this.camera) this.camera = snapped(panned(this.camera, by), this.rectangle);
  }

  reset(): void {
    this.#chosenVoi = undefined;
    this.inverted = false;
    this.hidesOverlays = false;
    if (this.shown) this.camera = fitted(this.shown.picture.image, this.rectangle);
  }

  toImage(point: Point): Point | undefined {
    return this.camera && toImage(this.camera, this.rectangle, point);
  }

  paint(renderer: Renderer, marks: readonly Mark[], facts: { readonly key: boolean; readonly seen: boolean }): void {
    const { shown, camera, pixels } = this;
    this.#stamp();
    if (!shown || !camera || !pixels) {
      renderer.clear(this.rectangle);
      return;
    }
    renderer.draw(this.rectangle, shown.picture.image, pixels, camera, this.look());
    this.#paintLoupe(renderer, shown, camera, pixels);
    this.#corners.write({ ...shown, ...facts, camera, voi: this.voi, inverted: this.inverted, hides: this.hidesOverlays && pixels.overlays !== '' });
    // Overlays and measurements lie at the places of the unmagnified picture; over the glass they would point at something else.
    this.#overlays.draw(this.loupe || this.hidesOverlays ? '' : pixels.overlays, camera, this.rectangle);
    this.#marks.draw(this.loupe ? [] : marks, camera, this.rectangle, this.pixelRatio, shown.picture, pixels);
  }

  look(): Look {
    const { pixels, voi } = this;
    if (pixels?.kind !== 'grey' || !voi) return { table: undefined, inverted: this.inverted };
    if (this.#table?.pixels !== pixels || this.#table.voi !== voi) {
      this.#table = { pixels, voi, content: greyTable(pixels.modality, voi, pixels.pipeline.inverse) };
    }
    return { table: this.#table.content, inverted: this.inverted };
  }

  /** The part of the image on the screen, when it is drawn at 1:1 or larger. */
  visibleRegion(): Region | undefined {
    const { camera, shown, rectangle } = this;
    if (!camera || !shown || shown.state.kind !== 'full' || Math.min(camera.scale, camera.scale * camera.aspect) < 1) return undefined;
    const one = toImage(camera, rectangle, { x: 0, y: 0 });
    const other = toImage(camera, rectangle, { x: rectangle.width, y: rectangle.height });
    return {
      left: Math.min(one.x, other.x),
      top: Math.min(one.y, other.y),
      right: Math.max(one.x, other.x),
      bottom: Math.max(one.y, other.y),
    };
  }

  /** Says something in place of the picture. */
  say(text: string): void {
    if (this.#message.textContent !== text) this.#message.textContent = text;
  }

  #paintLoupe(renderer: Renderer, shown: Shown, camera: Camera, pixels: Pixels): void {
    if (!this.loupe) return;
    const side = Math.round(Math.min(loupeSide * this.pixelRatio, this.rectangle.width / 2, this.rectangle.height / 2));
    const inside = (at: number, extent: number): number => Math.round(Math.min(extent - side, Math.max(0, at - side / 2)));
    const x = inside(this.loupe.x, this.rectangle.width);
    const y = inside(this.loupe.y, this.rectangle.height);
    const glass: Size = { width: side, height: side };
    const under = toImage(camera, this.rectangle, this.loupe);
    const magnified: Camera = { ...camera, scale: camera.scale < 1 ? 1 : camera.scale * 2, centre: under, fit: false };
    // The point below the pointer stays below the pointer, also where the glass stops at the edge.
    const shift = toViewport(magnified, glass, under);
    const placed = panned(magnified, { x: this.loupe.x - x - shift.x, y: this.loupe.y - y - shift.y });
    const at: Rectangle = { ...glass, x: this.rectangle.x + x, y: this.rectangle.y + y };
    renderer.clear({ x: at.x - 2, y: at.y - 2, width: side + 4, height: side + 4 }, 0.7);
    renderer.draw(at, shown.picture.image, pixels, snapped(placed, glass), this.look());
  }

  #stamp(): void {
    const state = this.shown?.state;
    this.element.dataset['sopInstanceUid'] = this.shown?.picture.image.sopInstanceUid ?? '';
    this.element.dataset['frame'] = String(this.shown?.picture.frame ?? '');
    this.element.dataset['state'] = state?.kind ?? 'empty';
    this.say(
      state?.kind === 'failed'
        ? `${whichPicture(this.shown)}: nothing is shown. ${state.reason}`
        : state?.kind === 'loading'
          ? `Loading ${Math.round(state.share * 100)} %`
          : '',
    );
  }
}

function whichPicture(shown: Shown | undefined): string {
  if (!shown) return 'No picture';
  return `Image ${shown.series.pictures.indexOf(shown.picture) + 1} of series ${shown.series.number}`;
}
