import { type ImageDescription, readImage } from '../dicom/image';
import type { DataSet } from '../dicom/dataset';

/** One picture to show: a frame of an image. */
export interface Picture {
  readonly image: ImageDescription;
  readonly frame: number;
}

export interface Series {
  readonly uid: string;
  readonly number: number;
  readonly description: string;
  readonly modality: string;
  readonly pictures: readonly Picture[];
}

export interface Study {
  readonly uid: string;
  readonly series: readonly Series[];
}

export const pictureKey = ({ image, frame }: Picture): string => `${image.sopInstanceUid}/${frame}`;

/** Orders the study metadata into series and pictures; refuses metadata that mixes studies or patients. */
export function readStudy(uid: string, sets: readonly DataSet[]): Study {
  const images = sets.map(readImage).filter((image) => image !== undefined);
  if (images.length === 0) throw new Error('This study has no images.');
  if (images.some((image) => image.studyUid !== uid)) {
    throw new Error('The server sent images of another study; nothing is shown.');
  }
  if (new Set(images.map((image) => image.patient.id)).size > 1) {
    throw new Error('The images of this study name different patients; nothing is shown. Tell the archive manager.');
  }
  const series = [...Map.groupBy(images, (image) => image.seriesUid).values()].map(orderedSeries);
  return { uid, series: series.sort((one, other) => one.number - other.number || compare(one.uid, other.uid)) };
}

function orderedSeries(images: ImageDescription[]): Series {
  const ordered = images.sort(
    (one, other) => one.instanceNumber - other.instanceNumber || compare(one.sopInstanceUid, other.sopInstanceUid),
  );
  const [first] = ordered as [ImageDescription];
  return {
    uid: first.seriesUid,
    number: first.seriesNumber,
    description: first.seriesDescription,
    modality: first.modality,
    pictures: ordered.flatMap((image) => Array.from({ length: image.frames }, (_, index) => ({ image, frame: index + 1 }))),
  };
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
