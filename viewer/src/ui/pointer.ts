import type { Window } from '../dicom/grey';
import { type Camera, type Point, zoomed } from '../draw/camera';
import { asWindow } from '../grey/voi';
import { Draft } from '../measure/draft';
import { describe, type MarkKind } from '../measure/mark';
import { step } from './navigation';
import type { Desk, Tool } from './desk';
import type { Viewport } from './viewport';

interface Drag {
  readonly tool: Tool;
  readonly viewport: Viewport;
  readonly start: Point;
  last: Point;
  readonly window: Window | undefined;
  readonly camera: Camera | undefined;
  scrolled: number;
}

/** Mouse, pen and finger on the pictures. */
export class PointerControl {
  readonly #desk: Desk;
  #drag: Drag | undefined;
  #draft: Draft | undefined;
  #wheel = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
    const { element } = desk;
    element.addEventListener('pointerdown', (event) => this.#down(event));
    element.addEventListener('pointermove', (event) => this.#move(event));
    element.addEventListener('pointerup', (event) => this.#up(event));
    element.addEventListener('pointercancel', () => (this.#drag = undefined));
    element.addEventListener('contextmenu', (event) => event.preventDefault());
    element.addEventListener('wheel', (event) => this.#turnWheel(event), { passive: false });
  }

  #down(event: PointerEvent): void {
    const viewport = this.#viewportAt(event);
    if (!viewport) return;
    this.#desk.activate(viewport);
    this.#desk.element.setPointerCapture(event.pointerId);
    const at = this.#at(event, viewport);
    const tool: Tool = event.button === 1 ? 'pan' : event.button === 2 ? 'zoom' : this.#desk.tool;
    const { voi } = viewport;
    this.#drag = {
      tool, viewport, start: at, last: at, scrolled: 0, camera: viewport.camera, window: voi && asWindow(voi),
    };
    if (isMark(tool)) this.#pressMark(tool, viewport, at);
  }

  #move(event: PointerEvent): void {
    const viewport = this.#drag?.viewport ?? this.#viewportAt(event);
    if (!viewport) return;
    const at = this.#at(event, viewport);
    if (viewport.loupe) {
      viewport.loupe = at;
      this.#desk.repaint();
    }
    if (this.#draft && viewport === this.#desk.active) {
      const point = this.#inImage(viewport, at);
      if (point) this.#draft.move(point);
      this.#desk.draft = this.#desk.draft && this.#draft.mark;
      if (!this.#desk.draft) this.#draft = undefined;
      this.#desk.repaint();
    }
    const drag = this.#drag;
    if (!drag) return;
    this.#dragTo(drag, at);
    drag.last = at;
  }

  #dragTo(drag: Drag, at: Point): void {
    const { viewport } = drag;
    const by = { x: (at.x - drag.start.x) / viewport.pixelRatio, y: (at.y - drag.start.y) / viewport.pixelRatio };
    switch (drag.tool) {
      case 'window':
        if (drag.window) viewport.voi = dragged(drag.window, by);
        break;
      case 'zoom':
        if (drag.camera) viewport.camera = zoomed(drag.camera, viewport.rectangle, drag.start, Math.exp(-by.y / 150));
        break;
      case 'pan':
        viewport.pan({ x: at.x - drag.last.x, y: at.y - drag.last.y });
        break;
      case 'scroll': {
        const length = viewport.shown?.series.pictures.length ?? 1;
        const steps = Math.trunc((by.y / Math.max(200, viewport.rectangle.height / viewport.pixelRatio)) * Math.max(length, 20));
        if (steps !== drag.scrolled) step(this.#desk, steps - drag.scrolled);
        drag.scrolled = steps;
        break;
      }
    }
    this.#desk.repaint();
  }

  #up(event: PointerEvent): void {
    const drag = this.#drag;
    this.#drag = undefined;
    if (!drag || !this.#draft || !isMark(drag.tool)) return;
    const at = this.#at(event, drag.viewport);
    const point = this.#inImage(drag.viewport, at);
    if (!point) return;
    const complete = this.#draft.release(point, at);
    const { mark } = this.#draft;
    if (complete) {
      this.#draft = undefined;
      this.#desk.draft = undefined;
      const { shown, pixels } = drag.viewport;
      if (shown && pixels) this.#desk.measured(mark, describe(mark, shown.picture, pixels), shown.picture);
    } else {
      this.#desk.draft = mark;
    }
    this.#desk.paint();
  }

  #pressMark(kind: MarkKind, viewport: Viewport, at: Point): void {
    const point = viewport.pixels && this.#inImage(viewport, at);
    if (!point) return;
    if (this.#draft && this.#desk.draft?.kind === kind) this.#draft.press();
    else this.#draft = new Draft(kind, point, at);
    this.#desk.draft = this.#draft.mark;
    this.#desk.repaint();
  }

  #turnWheel(event: WheelEvent): void {
    event.preventDefault();
    const viewport = this.#viewportAt(event);
    if (!viewport) return;
    this.#desk.activate(viewport);
    if (event.ctrlKey) {
      if (viewport.camera) {
        viewport.camera = zoomed(viewport.camera, viewport.rectangle, this.#at(event, viewport), Math.exp(-event.deltaY / 400));
      }
      this.#desk.repaint();
      return;
    }
    // A touchpad sends many small turns: they add up to one image.
    this.#wheel += event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 40 : event.deltaY;
    const images = Math.trunc(this.#wheel / 40);
    if (images === 0) return;
    this.#wheel = 0;
    step(this.#desk, Math.sign(images));
  }

  #viewportAt(event: MouseEvent): Viewport | undefined {
    const x = this.#onCanvas(event).x;
    return this.#desk.viewports.find(({ rectangle }) => x >= rectangle.x && x < rectangle.x + rectangle.width);
  }

  #at(event: MouseEvent, { rectangle }: Viewport): Point {
    const { x, y } = this.#onCanvas(event);
    return { x: x - rectangle.x, y: y - rectangle.y };
  }

  #onCanvas(event: MouseEvent): Point {
    const { canvas } = this.#desk;
    const box = canvas.getBoundingClientRect();
    return { x: ((event.clientX - box.left) * canvas.width) / box.width, y: ((event.clientY - box.top) * canvas.height) / box.height };
  }

  /** The image point below a viewport point, kept inside the image. */
  #inImage(viewport: Viewport, at: Point): Point | undefined {
    const point = viewport.toImage(at);
    const image = viewport.shown?.picture.image;
    const inside = (value: number, extent: number): number => Math.min(extent - 1e-3, Math.max(0, value));
    return point && image && { x: inside(point.x, image.columns), y: inside(point.y, image.rows) };
  }
}

const isMark = (tool: Tool): tool is MarkKind => ['length', 'angle', 'ellipse', 'probe'].includes(tool);

/** Across changes the width, downwards the centre, both in proportion to the window at the start of the drag. */
function dragged(start: Window, by: Point): Window {
  const width = start.width * Math.exp(by.x / 250);
  const center = start.center + (by.y * start.width) / 400;
  const whole = start.width >= 20;
  return windowOf(start, whole ? Math.round(center) : center, whole ? Math.max(1, Math.round(width)) : width);
}

/** A window of the same function; LINEAR needs a width of 1 (C.11.2.1.2), so narrower ones are exact. */
export function windowOf(like: Window, center: number, width: number): Window {
  const kind = like.function === 'LINEAR' && width < 1 ? 'LINEAR_EXACT' : like.function;
  return { kind: 'window', center, width, function: kind, explanation: undefined };
}
