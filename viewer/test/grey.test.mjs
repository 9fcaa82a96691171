import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openClinic } from './clinic.mjs';
import { el, study } from './dicom.mjs';
import { count, greyCases, side } from './grey-cases.mjs';

let clinic;
before(async () => { clinic = await openClinic(); });
after(() => clinic.close());

/** Levels of the picture at 1:1, its upper left corner first; checks that red, green and blue agree. */
async function levels() {
  await clinic.tab.evaluate((half) => window.fiducialViewer.setOneToOne(half, half), side / 2);
  const { width, height, view, data } = await clinic.pixels();
  const left = width / 2 - view.centre.x;
  const top = height / 2 - view.centre.y;
  assert.ok(Number.isInteger(left) && Number.isInteger(top), 'pixels lie on device pixels');
  const result = Buffer.alloc(count);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = ((top + y) * width + left + x) * 4;
      assert.ok(data[at] === data[at + 1] && data[at] === data[at + 2]);
      result[y * side + x] = data[at];
    }
  }
  return result;
}

const raw = (pixels, index) => (pixels.length === count ? pixels[index] : pixels.readUInt16LE(index * 2));

for (const one of greyCases) {
  test(`${one.name}: all ${count} pixels`, async () => {
    for (const [path, bytes] of Object.entries(one.bulk ?? {})) clinic.bulk.set(path, bytes);
    const frames = one.frame ? [Buffer.alloc(one.pixels.length), one.pixels] : [one.pixels];
    const shown = study([{ meta: { rows: side, columns: side, ...one.meta }, more: one.more, frames }]);
    const opened = await clinic.open(shown);
    assert.equal(opened.name, 'shown', opened.reason);
    if (one.frame) await clinic.show(shown.sops[0], one.frame);
    const drawn = await levels();
    let worst = 0;
    for (let index = 0; index < count; index++) worst = Math.max(worst, Math.abs(drawn[index] - one.truth(raw(one.pixels, index))));
    // Half a level is what rounding to whole levels costs.
    assert.ok(worst <= 0.5 + 1e-9, `worst error ${worst} levels`);
  });
}

test('the second of several windows is on key 2, with its explanation', async () => {
  const pixels = greyCases[1].pixels;
  await clinic.open(study([{ meta: { rows: side, columns: side, stored: 12, allocated: 16 }, more: { '00281050': el('DS', 2000, 500), '00281051': el('DS', 1501, 100), '00281055': el('LO', 'NORMAL', 'HARD') }, frames: [pixels] }]));
  await clinic.tab.keyboard.press('2');
  const drawn = await levels();
  assert.equal(drawn[500], 129);
  assert.equal(drawn[549], 255);
  assert.match(await clinic.tab.evaluate(() => window.fiducialViewer.shadowRoot.querySelector('select').innerText), /2\s+HARD/);
});

test('nothing was refused by the content security policy', () => assert.deepEqual(clinic.complaints, []));
