import { spacingOf } from '../dicom/image';
import type { Spacing } from '../dicom/spacing';
import type { Point } from '../draw/camera';
import type { Pixels } from '../load/pixels';
import type { Picture } from '../load/study';

export type MarkKind = 'length' | 'angle' | 'ellipse' | 'probe';

/** A measurement as data: points in image pixels, whole numbers at pixel edges. */
export interface Mark {
  readonly kind: MarkKind;
  readonly points: readonly Point[];
}

export const pointsOf: Readonly<Record<MarkKind, number>> = { length: 2, angle: 3, ellipse: 2, probe: 1 };

/** What a measurement says, ready for the report: one line, with its unit. */
export function describe(mark: Mark, picture: Picture, pixels: Pixels): string {
  const spacing = spacingOf(picture.image, picture.frame);
  const [one, two, three] = mark.points;
  if (!one) return '';
  switch (mark.kind) {
    case 'length':
      return two ? `Length ${lengthText(distance(one, two, spacing), spacing)}` : '';
    case 'angle':
      return two && three ? `Angle ${angle(one, two, three, spacing).toFixed(1)}°` : '';
    case 'ellipse':
      return two ? ellipseText(one, two, spacing, picture, pixels) : '';
    case 'probe':
      return `Value ${valueAt(one, picture, pixels)} at column ${Math.floor(one.x) + 1}, row ${Math.floor(one.y) + 1}`;
  }
}

/** Distance in millimetres, or in pixels when the image carries no spacing. */
export function distance(one: Point, other: Point, spacing: Spacing | undefined): number {
  return Math.hypot((other.x - one.x) * (spacing?.column ?? 1), (other.y - one.y) * (spacing?.row ?? 1));
}

/** The angle at `corner` in degrees, 0 to 180, in the patient's proportions. */
export function angle(from: Point, corner: Point, to: Point, spacing: Spacing | undefined): number {
  const bearing = (point: Point): number =>
    Math.atan2((point.y - corner.y) * (spacing?.row ?? 1), (point.x - corner.x) * (spacing?.column ?? 1));
  const degrees = (Math.abs(bearing(to) - bearing(from)) * 180) / Math.PI;
  return degrees > 180 ? 360 - degrees : degrees;
}

export interface Statistics {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  readonly smallest: number;
  readonly greatest: number;
}

/** Statistics of the values whose pixel centres lie in the ellipse between two corners; padding is left out. */
export function ellipseStatistics(one: Point, other: Point, picture: Picture, pixels: Pixels): Statistics | undefined {
  if (pixels.kind !== 'grey') return undefined;
  const { columns, rows } = picture.image;
  const [cx, cy] = [(one.x + other.x) / 2, (one.y + other.y) / 2];
  const [rx, ry] = [Math.abs(other.x - one.x) / 2, Math.abs(other.y - one.y) / 2];
  let [count, sum, squares, smallest, greatest] = [0, 0, 0, Infinity, -Infinity];
  for (let y = Math.max(0, Math.floor(cy - ry)); y < Math.min(rows, cy + ry); y++) {
    for (let x = Math.max(0, Math.floor(cx - rx)); x < Math.min(columns, cx + rx); x++) {
      if (((x + 0.5 - cx) / rx) ** 2 + ((y + 0.5 - cy) / ry) ** 2 > 1) continue;
      const raw = pixels.words[y * columns + x] ?? 0;
      if (pixels.modality.padding[raw]) continue;
      const value = pixels.modality.values[raw] ?? 0;
      count++;
      sum += value;
      squares += value * value;
      smallest = Math.min(smallest, value);
      greatest = Math.max(greatest, value);
    }
  }
  if (count === 0) return undefined;
  const mean = sum / count;
  return { count, mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)), smallest, greatest };
}

function ellipseText(one: Point, other: Point, spacing: Spacing | undefined, picture: Picture, pixels: Pixels): string {
  const width = Math.abs(other.x - one.x) * (spacing?.column ?? 1);
  const height = Math.abs(other.y - one.y) * (spacing?.row ?? 1);
  const area = (Math.PI * width * height) / 4;
  const unit = spacing ? (spacing.unit === 'mm' ? 'mm²' : 'mm² at detector') : 'px²';
  const statistics = ellipseStatistics(one, other, picture, pixels);
  const values = statistics
    ? `, mean ${short(statistics.mean)}${unitOf(pixels)}, SD ${short(statistics.deviation)}, ${short(statistics.smallest)} to ${short(statistics.greatest)}`
    : '';
  return `Ellipse ${area.toFixed(1)} ${unit}${values}`;
}

function valueAt(point: Point, picture: Picture, pixels: Pixels): string {
  const index = Math.floor(point.y) * picture.image.columns + Math.floor(point.x);
  if (pixels.kind === 'colour') return `R ${pixels.rgba[index * 4]} G ${pixels.rgba[index * 4 + 1]} B ${pixels.rgba[index * 4 + 2]}`;
  const raw = pixels.words[index] ?? 0;
  return pixels.modality.padding[raw] ? 'padding' : `${short(pixels.modality.values[raw] ?? 0)}${unitOf(pixels)}`;
}

const lengthText = (length: number, spacing: Spacing | undefined): string => `${length.toFixed(1)} ${spacing?.unit ?? 'px'}`;

const unitOf = (pixels: Pixels): string => (pixels.kind === 'grey' && pixels.pipeline.unit ? ` ${pixels.pipeline.unit}` : '');

const short = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 2 : 1));
