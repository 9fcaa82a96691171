import type { ImageDescription } from '../dicom/image';
import { pixelAspect } from '../dicom/image';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Columns of a 2x2 matrix: where one step right and one step down in one plane lead in the other. */
export interface Turn {
  readonly right: Point;
  readonly down: Point;
}

/**
 * How an image lies in a viewport. Points of the image are in pixels with whole numbers at pixel edges; points of the
 * viewport are device pixels from its upper left corner.
 */
export interface Camera {
  /** Device pixels for one image column. */
  readonly scale: number;
  readonly aspect: number;
  /** The image point in the middle of the viewport. */
  readonly centre: Point;
  readonly quarterTurns: 0 | 1 | 2 | 3;
  readonly mirrored: boolean;
  readonly fit: boolean;
}

export function fitted(image: ImageDescription, viewport: Size, from?: Camera): Camera {
  const quarterTurns = from?.quarterTurns ?? 0;
  const aspect = pixelAspect(image);
  const [width, height] = quarterTurns % 2 ? [viewport.height, viewport.width] : [viewport.width, viewport.height];
  return {
    scale: Math.min(width / image.columns, height / (image.rows * aspect)),
    aspect,
    centre: { x: image.columns / 2, y: image.rows / 2 },
    quarterTurns,
    mirrored: from?.mirrored ?? false,
    fit: true,
  };
}

/** Image steps to device steps. */
export function turn(camera: Camera): Turn {
  const sin = [0, 1, 0, -1][camera.quarterTurns] ?? 0;
  const cos = [1, 0, -1, 0][camera.quarterTurns] ?? 1;
  const across = camera.mirrored ? -camera.scale : camera.scale;
  const down = camera.scale * camera.aspect;
  return { right: { x: across * cos, y: across * sin }, down: { x: -down * sin, y: down * cos } };
}

/** Device steps to image steps. */
export function inverse({ right, down }: Turn): Turn {
  const determinant = right.x * down.y - right.y * down.x;
  return {
    right: { x: down.y / determinant, y: -right.y / determinant },
    down: { x: -down.x / determinant, y: right.x / determinant },
  };
}

export const apply = (matrix: Turn, { x, y }: Point): Point => ({
  x: matrix.right.x * x + matrix.down.x * y,
  y: matrix.right.y * x + matrix.down.y * y,
});

export function toViewport(camera: Camera, viewport: Size, point: Point): Point {
  const step = apply(turn(camera), { x: point.x - camera.centre.x, y: point.y - camera.centre.y });
  return { x: viewport.width / 2 + step.x, y: viewport.height / 2 + step.y };
}

export function toImage(camera: Camera, viewport: Size, point: Point): Point {
  const step = apply(inverse(turn(camera)), { x: point.x - viewport.width / 2, y: point.y - viewport.height / 2 });
  return { x: camera.centre.x + step.x, y: camera.centre.y + step.y };
}

/** At 1:1 each image pixel must fall on exactly one device pixel, so the middle moves by less than half a pixel. */
export function snapped(camera: Camera, viewport: Size): Camera {
  if (camera.scale !== 1 || camera.aspect !== 1) return camera;
  const [width, height] = camera.quarterTurns % 2 ? [viewport.height, viewport.width] : [viewport.width, viewport.height];
  const snap = (value: number, extent: number): number => (extent % 2 ? Math.floor(value) + 0.5 : Math.round(value));
  return { ...camera, centre: { x: snap(camera.centre.x, width), y: snap(camera.centre.y, height) } };
}

/** Zooms about a point of the viewport, which keeps its place. */
export function zoomed(camera: Camera, viewport: Size, about: Point, factor: number): Camera {
  const fixed = toImage(camera, viewport, about);
  const scale = Math.min(64, Math.max(1 / 64, camera.scale * factor));
  const centre = {
    x: fixed.x + ((camera.centre.x - fixed.x) * camera.scale) / scale,
    y: fixed.y + ((camera.centre.y - fixed.y) * camera.scale) / scale,
  };
  return { ...camera, scale, centre, fit: false };
}

export function panned(camera: Camera, by: Point): Camera {
  const step = apply(inverse(turn(camera)), by);
  return { ...camera, centre: { x: camera.centre.x - step.x, y: camera.centre.y - step.y }, fit: false };
}

export const rotated = (camera: Camera): Camera => ({ ...camera, quarterTurns: ((camera.quarterTurns + 1) % 4) as 0 | 1 | 2 | 3 });

/** Left becomes right on the screen, whatever the rotation; the vertical flip is that and half a turn. */
export function flipped(camera: Camera, axis: 'horizontal' | 'vertical'): Camera {
  const half = axis === 'vertical' ? 2 : 0;
  // Mirroring happens before turning, so a quarter turn has to be taken the other way round.
  const quarterTurns = ((4 - camera.quarterTurns + half) % 4) as 0 | 1 | 2 | 3;
  return { ...camera, mirrored: !camera.mirrored, quarterTurns };
}
