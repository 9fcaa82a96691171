import type { Voi, Window } from '../dicom/grey';
import type { GreyPixels } from '../load/pixels';
import { fullRange } from '../grey/voi';
import { valueRange } from '../grey/table';

export interface Preset {
  readonly name: string;
  readonly voi: () => Voi;
}

const hounsfield = (center: number, width: number): (() => Window) => () => ({
  kind: 'window', center, width, function: 'LINEAR', explanation: undefined,
});

/** Hounsfield windows in everyday use; 1 is always what the image itself asks for. */
const computedTomography: readonly Preset[] = [
  { name: 'Soft tissue', voi: hounsfield(40, 400) },
  { name: 'Lung', voi: hounsfield(-600, 1500) },
  { name: 'Bone', voi: hounsfield(480, 2500) },
  { name: 'Brain', voi: hounsfield(40, 80) },
  { name: 'Liver', voi: hounsfield(60, 160) },
  { name: 'Mediastinum', voi: hounsfield(50, 350) },
  { name: 'Subdural', voi: hounsfield(75, 215) },
];

/** Up to nine choices for the keys 1 to 9: the image's own, those of its modality, its whole range. */
export function presets(modality: string, pixels: GreyPixels): readonly Preset[] {
  const own = pixels.voi.slice(0, modality === 'CT' ? 1 : 6).map((voi, index): Preset => ({
    name: voi.explanation ?? (index === 0 ? 'As sent' : `As sent, ${index + 1}`),
    voi: () => voi,
  }));
  const whole: Preset = {
    name: 'Whole range',
    voi: () => {
      const { smallest, greatest } = valueRange(pixels.words, pixels.modality);
      return fullRange(smallest, greatest);
    },
  };
  return [...own, ...(modality === 'CT' ? computedTomography : []), whole].slice(0, 9);
}
