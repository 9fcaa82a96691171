import type { Picture } from '../load/study';
import type { Desk } from './desk';

/** Moves through the pictures of the series in the active viewport; stops at its ends. */
export function step(desk: Desk, by: number): void {
  const { shown } = desk.active;
  if (!shown) return;
  const { pictures } = shown.series;
  const at = pictures.indexOf(shown.picture);
  const to = Math.min(pictures.length - 1, Math.max(0, at + by));
  if (to !== at) desk.show(desk.active, shown.series, pictures[to]);
}

export function stepSeries(desk: Desk, by: number): void {
  const { shown } = desk.active;
  const series = desk.study?.series ?? [];
  if (!shown) return;
  const to = Math.min(series.length - 1, Math.max(0, series.indexOf(shown.series) + by));
  if (series[to] !== shown.series) desk.showSeries(series[to]);
}

/** The nearest picture, from the one shown onwards and then from the start, that is not wholly seen. */
export function nextUnseen(desk: Desk): Picture | undefined {
  const { pictures } = desk;
  const at = Math.max(0, pictures.findIndex((picture) => picture === desk.active.shown?.picture));
  return [...pictures.slice(at), ...pictures.slice(0, at)].find((picture) => !desk.coverage.complete(picture));
}

/** Shows the next part, at 1:1, of what has not been seen; false when everything has. */
export function showUnseen(desk: Desk): boolean {
  const next = nextUnseen(desk);
  if (!next) return false;
  const series = desk.study?.series.find((one) => one.pictures.includes(next));
  if (!series) return false;
  const viewport = desk.active;
  if (viewport.shown?.picture !== next) desk.show(viewport, series, next);
  // A small picture that fits at 1:1 or larger has been counted by showing it; only larger ones are walked through.
  const corner = desk.coverage.firstUnseen(next);
  if (corner && (viewport.pixels || (viewport.camera?.scale ?? 0) < 1)) viewport.oneToOneFrom(corner);
  desk.paint();
  return true;
}
