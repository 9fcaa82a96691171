import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openClinic } from './clinic.mjs';
import { base64Words, el, study } from './dicom.mjs';

let clinic;
before(async () => { clinic = await openClinic(); });
after(() => clinic.close());

const [rows, columns] = [64, 96];
const colours = Array.from({ length: rows * columns }, (_, index) => [(index * 7) & 255, (index * 13) & 255, (index * 29) & 255]);
const interleaved = Buffer.from(colours.flat());
const planar = Buffer.from([0, 1, 2].flatMap((channel) => colours.map((colour) => colour[channel])));
const round = (value) => Math.round(Math.min(255, Math.max(0, value)));
/** The decoding matrix as PS3.3 C.7.6.3.1.2 gives its inverse, solved here independently from CCIR 601 weights. */
const fromYbr = ([y, cb, cr]) => {
  const red = y + (cr - 128) * 1.402;
  const blue = y + (cb - 128) * 1.772;
  return [red, (y - 0.299 * red - 0.114 * blue) / 0.587, blue].map(round);
};
const pairs = colours.filter((_, index) => index % 2 === 0);
const subsampled = Buffer.from(colours.flatMap((colour, index) => (index % 2 ? [] : [colour[0], colours[index + 1][0], colour[1], colour[2]])));
const palette = [0, 1, 2].map((channel) => Array.from({ length: 256 }, (_, index) => ((index * (channel + 3)) & 255) * 257));
const [discrete, linear, indirect] = [0, 1, 2];
/** Twice eight entries (values, and a line from the last of them), then a line down to nothing that fills the rest. */
const segmented = (unit) => {
  const entries = [255, 3, 127, 0, 20, 40, 60, 80].map((value) => value * unit);
  const told = [discrete, 4, ...entries.slice(0, 4), linear, 4, 80 * unit, indirect, 2, 0, ...(unit === 1 ? [0, 0, 0] : [0]), linear, 240, 0];
  const down = Array.from({ length: 240 }, (_, index) => Math.round(80 * unit * (1 - (index + 1) / 240)));
  return { table: [...entries, ...entries, ...down], data: (unit === 1 ? Buffer.from(told) : Buffer.from(base64Words(told), 'base64')).toString('base64') };
};
const descriptors = (bits) => Object.fromEntries(['1', '2', '3'].map((channel) => [`0028110${channel}`, el('US', 256, 0, bits)]));
const told = (bits) => ({
  ...descriptors(bits),
  ...Object.fromEntries(['1', '2', '3'].map((channel) => [`0028122${channel}`, { vr: 'OW', InlineBinary: segmented(bits === 8 ? 1 : 257).data }])),
});
const indexes = Buffer.from(Array.from({ length: rows * columns }, (_, index) => (index * 11) & 255));

const cases = [
  ['RGB, colour by pixel', { samples: 3, photometric: 'RGB' }, {}, interleaved, (index) => colours[index]],
  ['RGB, colour by plane', { samples: 3, photometric: 'RGB' }, { '00280006': el('US', 1) }, planar, (index) => colours[index]],
  ['RGB stored compressed by plane, decoded by pixel', { samples: 3, photometric: 'RGB' }, { '00280006': el('US', 1), '00083002': el('UI', '1.2.840.10008.1.2.4.80') }, interleaved, (index) => colours[index]],
  ['YBR_RCT, already decoded', { samples: 3, photometric: 'YBR_RCT' }, {}, interleaved, (index) => colours[index]],
  ['YBR_FULL', { samples: 3, photometric: 'YBR_FULL' }, {}, interleaved, (index) => fromYbr(colours[index])],
  ['YBR_FULL, colour by plane', { samples: 3, photometric: 'YBR_FULL' }, { '00280006': el('US', 1) }, planar, (index) => fromYbr(colours[index])],
  ['YBR_FULL_422, subsampled', { samples: 3, photometric: 'YBR_FULL_422' }, {}, subsampled, (index) => fromYbr([colours[index][0], pairs[index >> 1][1], pairs[index >> 1][2]])],
  ['YBR_FULL_422, expanded', { samples: 3, photometric: 'YBR_FULL_422' }, {}, interleaved, (index) => fromYbr(colours[index])],
  ['PALETTE COLOR, inline and as bulk data', { photometric: 'PALETTE COLOR' }, {
    ...descriptors(16),
    '00281201': { vr: 'OW', InlineBinary: base64Words(palette[0]) },
    '00281202': { vr: 'OW', InlineBinary: base64Words(palette[1]) },
    '00281203': { vr: 'OW', BulkDataURI: '../bulk/blue' },
  }, indexes, (index) => [0, 1, 2].map((channel) => round(palette[channel][indexes[index]] / 257))],
  ['PALETTE COLOR in segments of bytes', { photometric: 'PALETTE COLOR' }, told(8), indexes, (index) => Array(3).fill(round(segmented(1).table[indexes[index]]))],
  ['PALETTE COLOR in segments of words', { photometric: 'PALETTE COLOR' }, told(16), indexes, (index) => Array(3).fill(round(segmented(257).table[indexes[index]] / 257))],
];

for (const [name, meta, more, bytes, truth] of cases) {
  test(`${name}: every pixel`, async () => {
    const shown = study([{ meta: { rows, columns, stored: 8, ...meta }, more, frames: [bytes] }]);
    clinic.bulk.set('/dicomweb/studies/bulk/blue', Buffer.from(base64Words(palette[2]), 'base64'));
    const opened = await clinic.open(shown);
    assert.equal(opened.name, 'shown', opened.reason);
    await clinic.tab.evaluate(([x, y]) => window.fiducialViewer.setOneToOne(x, y), [columns / 2, rows / 2]);
    const { width, height, view, data } = await clinic.pixels();
    const [left, top] = [width / 2 - view.centre.x, height / 2 - view.centre.y];
    let worst = 0;
    for (let index = 0; index < rows * columns; index++) {
      const at = ((top + Math.floor(index / columns)) * width + left + (index % columns)) * 4;
      truth(index).forEach((level, channel) => { worst = Math.max(worst, Math.abs(data[at + channel] - level)); });
    }
    assert.equal(worst, 0, `worst error ${worst} levels`);
  });
}

test('a segmented palette that cannot be is refused with a reason, in no time', async () => {
  const refuse = async (...told) => {
    const data = { vr: 'OW', InlineBinary: base64Words(told) };
    const more = { ...descriptors(16), '00281221': data, '00281222': data, '00281223': data };
    return (await clinic.open(study([{ meta: { rows, columns, stored: 8, photometric: 'PALETTE COLOR' }, more, frames: [indexes] }]))).reason;
  };
  assert.match(await refuse(linear, 4, 9), /kind 1 where none may be/);
  assert.match(await refuse(discrete, 1, 9, indirect, 65535, 6, 0), /kind 2 where none may be/);
  assert.match(await refuse(discrete, 1, 9, indirect, 1, 65535, 65535), /told 1 of 256/);
  assert.match(await refuse(discrete, 100, 9), /told 1 of 256/);
  assert.match(await refuse(discrete, 0), /no length/);
});

test('kinds of colour that are not understood are refused with a reason', async () => {
  const opened = await clinic.open(study([{ meta: { rows, columns, stored: 8, samples: 3, photometric: 'HSV' }, frames: [interleaved] }]));
  assert.match(opened.reason, /HSV cannot be shown/);
});
