// Synthetic instances: DICOM JSON metadata with its frames.

let serial = 0;
export const uid = () => `1.2.826.0.1.3680043.10.1234.${++serial}`;
export const el = (vr, ...Value) => ({ vr, Value });

/** Metadata of one image; `more` adds or replaces elements. */
export function metadata({ study, series, sop, rows, columns, stored = 16, allocated = stored > 8 ? 16 : 8, high = stored - 1, signed = 0, frames = 1, number = 1, modality = 'DX', patient = 'Okafor^Ada', patientId = 'P-1', photometric = 'MONOCHROME2', samples = 1, seriesNumber = 1, description = 'Synthetic' }, more = {}) {
  return {
    '00080016': el('UI', '1.2.840.10008.5.1.4.1.1.1.1'),
    '00080018': el('UI', sop),
    '00080020': el('DA', '20261124'),
    '00080060': el('CS', modality),
    '00081030': el('LO', 'Wrist left'),
    '0008103E': el('LO', description),
    '00100010': { vr: 'PN', Value: [{ Alphabetic: patient }] },
    '00100020': el('LO', patientId),
    '00100030': el('DA', '19700131'),
    '0020000D': el('UI', study),
    '0020000E': el('UI', series),
    '00200011': el('IS', seriesNumber),
    '00200013': el('IS', String(number)),
    '00280002': el('US', samples),
    '00280004': el('CS', photometric),
    '00280008': el('IS', frames),
    '00280010': el('US', rows),
    '00280011': el('US', columns),
    '00280100': el('US', allocated),
    '00280101': el('US', stored),
    '00280102': el('US', high),
    '00280103': el('US', signed),
    ...more,
  };
}

/** A study of which every picture is given as `{ meta options, more, frames: [Buffer] }`. */
export function study(images, { oneSeries = true } = {}) {
  const studyUid = uid();
  const seriesUid = uid();
  const result = { uid: studyUid, sets: [], frames: new Map(), sops: [] };
  images.forEach((image, index) => {
    const sop = uid();
    const series = image.series ?? (oneSeries ? seriesUid : uid());
    result.sops.push(sop);
    result.sets.push(metadata({ study: studyUid, series, sop, number: index + 1, frames: image.frames.length, ...image.meta }, image.more));
    image.frames.forEach((bytes, frame) => result.frames.set(`${sop}/${frame + 1}`, bytes));
  });
  return result;
}

export const words = (count, word) => {
  const buffer = Buffer.alloc(count * 2);
  for (let index = 0; index < count; index++) buffer.writeUInt16LE(word(index) & 0xffff, index * 2);
  return buffer;
};

export const base64Words = (values) => words(values.length, (index) => values[index]).toString('base64');
