import type { Point } from '../draw/camera';
import { type Mark, type MarkKind, pointsOf } from './mark';

/** Pointer movement, in device pixels, below which a press counts as a click. */
const stillness = 4;

/**
 * A measurement being made. Each point is set either by dragging to it or by clicking at it, so that a mouse, a pen and a
 * finger all work.
 */
export class Draft {
  readonly #kind: MarkKind;
  readonly #points: Point[];
  #pressedAt: Point | undefined;

  constructor(kind: MarkKind, at: Point, pressedAt: Point) {
    this.#kind = kind;
    this.#points = kind === 'probe' ? [at] : [at, at];
    this.#pressedAt = pressedAt;
  }

  get mark(): Mark {
    return { kind: this.#kind, points: [...this.#points] };
  }

  press(): void {
    this.#pressedAt = undefined;
  }

  move(at: Point): void {
    this.#points[this.#points.length - 1] = at;
  }

  /** Ends a press; true when the measurement is complete. */
  release(at: Point, releasedAt: Point): boolean {
    this.move(at);
    const start = this.#pressedAt;
    // The first press without a movement only set the first point.
    if (start && this.#kind !== 'probe' && Math.hypot(releasedAt.x - start.x, releasedAt.y - start.y) < stillness) return false;
    if (this.#points.length >= pointsOf[this.#kind]) return true;
    this.#points.push(at);
    this.#pressedAt = undefined;
    return false;
  }
}
