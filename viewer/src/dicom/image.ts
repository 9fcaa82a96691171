import { type DataSet, number, numbers, text } from './dataset';
import { functionalGroup, type GreyPipeline, readGrey } from './grey';
import { type FetchBulk, storedWord, type StoredWord } from './lut';
import { type Orientation, readOrientation } from './orientation';
import { type Patient, readPatient } from './patient';
import { readSpacing, type Spacing } from './spacing';

/** One image object of a study: what is needed to fetch, decode, draw, name and measure it. */
export interface ImageDescription {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly sopInstanceUid: string;
  readonly instanceNumber: number;
  readonly modality: string;
  readonly patient: Patient;
  readonly studyDescription: string;
  readonly studyDate: string;
  readonly seriesDescription: string;
  readonly seriesNumber: number;
  readonly laterality: string | undefined;
  readonly view: string | undefined;
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly photometric: string;
  /** True when frames come colour by plane. */
  readonly planar: boolean;
  readonly word: StoredWord;
  /** Frames a second when played. */
  readonly rate: number;
  readonly set: DataSet;
}

/** Reads one instance of the study metadata; undefined when the instance is no image (a report, a document). */
export function readImage(set: DataSet): ImageDescription | undefined {
  const rows = number(set, '00280010');
  const columns = number(set, '00280011');
  const sopInstanceUid = text(set, '00080018');
  const seriesUid = text(set, '0020000E');
  const studyUid = text(set, '0020000D');
  if (!rows || !columns || !sopInstanceUid || !seriesUid || !studyUid) return undefined;
  const samples = number(set, '00280002') ?? 1;
  const frameTime = number(set, '00181063');
  return {
    studyUid,
    seriesUid,
    sopInstanceUid,
    instanceNumber: number(set, '00200013') ?? 0,
    modality: text(set, '00080060') ?? 'OT',
    patient: readPatient(set),
    studyDescription: text(set, '00081030') ?? '',
    studyDate: text(set, '00080020') ?? '',
    seriesDescription: text(set, '0008103E') ?? '',
    seriesNumber: number(set, '00200011') ?? 0,
    laterality: text(set, '00200062') ?? text(set, '00200060') ?? frameLaterality(set),
    view: text(set, '00185101'),
    frames: Math.max(1, number(set, '00280008') ?? 1),
    rows,
    columns,
    samples,
    photometric: text(set, '00280004') ?? (samples === 3 ? 'RGB' : 'MONOCHROME2'),
    // What the server has decoded comes colour by pixel, whatever the header of the compressed image said.
    planar: number(set, '00280006') === 1 && storedNative(set),
    word: storedWord(set),
    rate: number(set, '00082144') ?? number(set, '00180040') ?? (frameTime ? 1000 / frameTime : 10),
    set,
  };
}

export const isColour = (image: ImageDescription): boolean =>
  image.samples > 1 || image.photometric === 'PALETTE COLOR';

export const greyOf = (image: ImageDescription, frame: number, fetchBulk: FetchBulk): Promise<GreyPipeline> =>
  readGrey(image.set, frame, fetchBulk);

export const spacingOf = (image: ImageDescription, frame: number): Spacing | undefined => readSpacing(image.set, frame);

export const orientationOf = (image: ImageDescription, frame: number): Orientation | undefined =>
  readOrientation(image.set, frame);

/** Height of a pixel divided by its width, for pixels that are not square. */
export function pixelAspect(image: ImageDescription): number {
  const spacing = spacingOf(image, 1);
  if (spacing) return spacing.row / spacing.column;
  const [vertical, horizontal] = numbers(image.set, '00280034');
  return vertical && horizontal ? vertical / horizontal : 1;
}

/** Transfer syntaxes whose pixels lie in the object as they are (PS3.5 A.1 to A.3 and A.5). */
const nativeSyntaxes = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.2'];

export function storedNative(set: DataSet): boolean {
  const syntax = text(set, '00083002') ?? text(set, '00020010');
  return syntax === undefined || nativeSyntaxes.includes(syntax);
}

function frameLaterality(set: DataSet): string | undefined {
  const anatomy = functionalGroup(set, 1, '00209071');
  return anatomy && text(anatomy, '00209072');
}
