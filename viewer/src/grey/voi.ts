import type { Voi, Window } from '../dicom/grey';

/** Output of the VOI step on a scale of 0 to 255, not rounded (PS3.3 C.11.2.1). */
export function voiOutput(voi: Voi): (x: number) => number {
  if (voi.kind === 'lut') {
    const { first, bits, values } = voi.lut;
    const last = values.length - 1;
    const scale = 255 / (2 ** bits - 1);
    return (x) => Math.min(255, (values[Math.min(last, Math.max(0, Math.round(x) - first))] ?? 0) * scale);
  }
  return windowOutput(voi);
}

function windowOutput({ center, width, function: kind }: Window): (x: number) => number {
  switch (kind) {
    case 'SIGMOID':
      return (x) => 255 / (1 + Math.exp((-4 * (x - center)) / width));
    case 'LINEAR_EXACT':
      return (x) => clamp(((x - center) / width + 0.5) * 255);
    case 'LINEAR': {
      // Width 1 is a threshold: the span between the ends is 0 and must not be divided by.
      const middle = center - 0.5;
      const span = width - 1;
      return (x) => {
        if (x <= middle - span / 2) return 0;
        if (x > middle + span / 2) return 255;
        return ((x - middle) / span + 0.5) * 255;
      };
    }
  }
}

/** The window that shows the same range as a choice, to start dragging from. */
export function asWindow(voi: Voi): Window {
  if (voi.kind === 'window') return voi;
  const { first, values } = voi.lut;
  return { kind: 'window', center: first + values.length / 2, width: values.length, function: 'LINEAR', explanation: undefined };
}

/** The window of an image that offers none: from the smallest to the greatest value. */
export function fullRange(smallest: number, greatest: number): Window {
  const width = greatest - smallest;
  return {
    kind: 'window',
    center: smallest + width / 2,
    width: Math.max(width, Number.MIN_VALUE),
    function: 'LINEAR_EXACT',
    explanation: 'full range',
  };
}

const clamp = (level: number): number => Math.min(255, Math.max(0, level));
