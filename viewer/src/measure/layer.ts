import { type Camera, type Point, type Size, toViewport } from '../draw/camera';
import type { Pixels } from '../load/pixels';
import type { Picture } from '../load/study';
import { describe, type Mark } from './mark';

const namespace = 'http://www.w3.org/2000/svg';

/** Draws measurements over a picture. It is emptied together with the picture and never outlives it. */
export class MarkLayer {
  readonly element = document.createElementNS(namespace, 'svg');

  constructor() {
    this.element.setAttribute('class', 'marks');
    this.element.setAttribute('aria-hidden', 'true');
  }

  clear(): void {
    this.element.replaceChildren();
  }

  draw(marks: readonly Mark[], camera: Camera, viewport: Size, pixelRatio: number, picture: Picture, pixels: Pixels): void {
    this.element.setAttribute('viewBox', `0 0 ${viewport.width} ${viewport.height}`);
    const nodes = marks.flatMap((mark) => {
      const points = mark.points.map((point) => toViewport(camera, viewport, point));
      return [...shapes(mark, points, pixelRatio), label(describe(mark, picture, pixels), points, pixelRatio, viewport)];
    });
    this.element.replaceChildren(...nodes);
  }
}

function shapes(mark: Mark, points: readonly Point[], pixelRatio: number): SVGElement[] {
  const [one, two] = points;
  if (!one) return [];
  const path = points.map(({ x, y }) => `${x},${y}`).join(' ');
  // A dark line below the bright one keeps it readable on white and on black.
  const twice = (name: string, attributes: Record<string, number | string>): SVGElement[] =>
    ['halo', 'line'].map((layer) => node(name, { ...attributes, class: layer }));
  if (mark.kind === 'ellipse' && two) {
    return twice('ellipse', {
      cx: (one.x + two.x) / 2,
      cy: (one.y + two.y) / 2,
      rx: Math.abs(two.x - one.x) / 2,
      ry: Math.abs(two.y - one.y) / 2,
    });
  }
  const ends = points.flatMap(({ x, y }) => {
    const arm = 5 * pixelRatio;
    return twice('path', { d: `M${x - arm},${y}H${x + arm}M${x},${y - arm}V${y + arm}` });
  });
  return mark.kind === 'probe' ? ends : [...twice('polyline', { points: path }), ...ends];
}

function label(text: string, points: readonly Point[], pixelRatio: number, viewport: Size): SVGElement {
  const rightmost = points.reduce((most, point) => (point.x > most.x ? point : most), points[0] ?? { x: 0, y: 0 });
  const size = 13 * pixelRatio;
  // Kept inside the viewport: a number that is cut off may be read as another.
  const width = text.length * size * 0.56;
  const x = Math.max(4, Math.min(rightmost.x + 10 * pixelRatio, viewport.width - width - 4));
  const y = Math.max(size * 1.3, Math.min(rightmost.y + size * 1.4, viewport.height - size));
  const element = node('text', { x, y, 'font-size': size });
  element.textContent = text;
  return element;
}

function node(name: string, attributes: Record<string, number | string>): SVGElement {
  const element = document.createElementNS(namespace, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
