import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openClinic } from './clinic.mjs';
import { study } from './dicom.mjs';

let clinic;
before(async () => { clinic = await openClinic({ screenScale: 1.25 }); });
after(() => clinic.close());

test('with a screen scaled by 125 %, 1:1 is still one image pixel on one device pixel', async () => {
  const side = 256;
  const pixels = Buffer.from(Array.from({ length: side * side }, (_, index) => (index * 37 + (index >> 8) * 11) & 255));
  await clinic.open(study([{ meta: { rows: side, columns: side, stored: 8 }, frames: [pixels] }]));
  await clinic.tab.evaluate(() => window.fiducialViewer.setOneToOne(128, 128));
  const { width, height, view, data } = await clinic.pixels();
  const box = await clinic.tab.evaluate(() => window.fiducialViewer.shadowRoot.querySelector('canvas.pixels').getBoundingClientRect().width);
  assert.ok(Math.abs(width - box * 1.25) < 1, `${width} device pixels for ${box} CSS pixels`);
  const [left, top] = [width / 2 - view.centre.x, height / 2 - view.centre.y];
  let wrong = 0;
  for (let index = 0; index < side * side; index++) {
    if (data[((top + (index >> 8)) * width + left + (index & 255)) * 4] !== pixels[index]) wrong++;
  }
  assert.equal(wrong, 0);
});

test('two images beside each other are two pictures, each with its own text and stamp', async () => {
  const image = (level, patient, series) => ({ meta: { rows: 100, columns: 100, stored: 8, description: `Series ${level}` }, series, frames: [Buffer.alloc(10000, level)] });
  const shown = study([image(60, 'A', '1.2.1'), image(180, 'A', '1.2.2')]);
  await clinic.open(shown);
  await clinic.tab.keyboard.press('x');
  await clinic.tab.waitForFunction(() => window.fiducialViewer.shadowRoot.querySelectorAll('.viewport[data-state="full"]').length === 2);
  const stamps = await clinic.tab.evaluate(() => [...window.fiducialViewer.shadowRoot.querySelectorAll('.viewport')].map((one) => ({ uid: one.dataset.sopInstanceUid, text: one.innerText })));
  assert.deepEqual(stamps.map((one) => one.uid), shown.sops);
  assert.match(stamps[0].text, /Series 60/);
  assert.match(stamps[1].text, /Series 180/);
  const middle = async () => { const { width, height, data } = await clinic.pixels(); return data[((height >> 1) * width + (width >> 1)) * 4]; };
  assert.equal(await middle(), 60);
  await clinic.tab.keyboard.press('.');
  assert.equal(await middle(), 180);
  await clinic.tab.keyboard.press('.');
  await clinic.tab.keyboard.press('x');
  assert.equal(await middle(), 60);
});

test('nothing was refused by the content security policy', () => assert.deepEqual(clinic.complaints, []));
