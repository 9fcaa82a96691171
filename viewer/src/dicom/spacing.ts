import { type DataSet, item, items, number, numbers } from './dataset';
import { functionalGroup } from './grey';

/** Millimetres from one pixel to the next: `row` downwards, `column` across (PS3.3 10.7.1.3). */
export interface Spacing {
  readonly row: number;
  readonly column: number;
  /** What a length is worth: true in the patient, or measured on the detector and magnified by the beam. */
  readonly unit: 'mm' | 'mm at detector';
}

export function readSpacing(set: DataSet, frame: number): Spacing | undefined {
  const measures = functionalGroup(set, frame, '00289110');
  const inPatient = pair(numbers(measures ?? {}, '00280030')) ?? pair(numbers(set, '00280030'));
  if (inPatient) {
    // Projection images whose Pixel Spacing only repeats the detector's are not calibrated (C.7.6.3.1.1 and 10.7.1.3).
    const detector = pair(numbers(set, '00181164'));
    const uncalibrated = detector?.[0] === inPatient[0] && detector[1] === inPatient[1];
    return { row: inPatient[0], column: inPatient[1], unit: uncalibrated ? 'mm at detector' : 'mm' };
  }
  const region = ultrasoundRegion(set);
  if (region) return { ...region, unit: 'mm' };
  const detector = pair(numbers(set, '00181164'));
  return detector && { row: detector[0], column: detector[1], unit: 'mm at detector' };
}

/** One region in centimetres both ways that covers the picture is a scale; several regions are not. */
function ultrasoundRegion(set: DataSet): { row: number; column: number } | undefined {
  const region = item(set, '00186011');
  if (!region || items(set, '00186011').length !== 1) return undefined;
  const centimetres = number(region, '00186024') === 3 && number(region, '00186026') === 3;
  const column = number(region, '0018602C');
  const row = number(region, '0018602E');
  return centimetres && row && column ? { row: Math.abs(row) * 10, column: Math.abs(column) * 10 } : undefined;
}

function pair(values: number[]): [number, number] | undefined {
  const [row, column] = values;
  return row !== undefined && column !== undefined && row > 0 && column > 0 ? [row, column] : undefined;
}
