import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openClinic } from './clinic.mjs';
import { el, study, words } from './dicom.mjs';

let clinic;
before(async () => { clinic = await openClinic(); });
after(() => clinic.close());

const window = (c, w) => ({ '00281050': el('DS', c), '00281051': el('DS', w) });
const settle = () => clinic.tab.waitForTimeout(700);
const slices = (count, series = '1.2.3.77') =>
  Array.from({ length: count }, (_, n) => ({
    series,
    meta: { rows: 512, columns: 512, stored: 12, allocated: 16, modality: 'CT' },
    more: { ...window(40, 400), '00281052': el('DS', -1024), '00281053': el('DS', 1), '00280030': el('DS', 0.5, 0.5), '00200037': el('DS', 1, 0, 0, 0, 1, 0) },
    frames: [words(512 * 512, (index) => 1024 + n + (index % 512 < 256 ? 0 : 100))],
  }));
const seen = () => clinic.posts.at(-1)?.instances ?? [];

test('a 13.6-megapixel image is covered by pressing U, and the server is told', async () => {
  const shown = study([{ meta: { rows: 4096, columns: 3328, stored: 14, allocated: 16 }, more: window(8192, 16384), frames: [words(4096 * 3328, (index) => index & 0x3fff)] }]);
  clinic.posts.length = 0;
  await clinic.open(shown);
  await settle();
  assert.equal(clinic.posts.length, 0, 'the fitted picture does not count');
  assert.match(await clinic.text(), /Seen at 1:1: 0 of 1 images/);
  const first = await clinic.tab.evaluate(() => new Promise((resolve) => {
    window.fiducialViewer.addEventListener('coverage', (event) => resolve(event.detail.instances[0].share), { once: true });
    window.fiducialViewer.setOneToOne(1000.5, 1000.5);
  }));
  const { width, height, view } = await clinic.pixels();
  // Only tiles wholly on the screen count: at an odd place one fewer than would fit, each way.
  const tiles = (extent, from) => Math.floor((from + extent) / 64) - Math.ceil(from / 64);
  const expected = (tiles(width, view.centre.x - width / 2) * tiles(height, view.centre.y - height / 2)) / (52 * 64);
  assert.ok(Math.abs(first - expected) < 1e-9, `${first} of the image counts, ${expected} is on the screen`);
  let presses = 0;
  const started = Date.now();
  while (presses < 60 && !/Every image has been seen/.test(await clinic.text())) {
    await clinic.tab.keyboard.press('u');
    presses++;
  }
  console.log(`# coverage of 13.6 MP: ${presses} presses of U in ${Date.now() - started} ms`);
  assert.ok(presses <= 40, `${presses} presses`);
  await settle();
  assert.deepEqual(seen(), [{ sopInstanceUid: shown.sops[0], frames: 1, framesSeen: 1, share: 1 }]);
});

test('small images count when shown; what remains is said; U goes to the next', async () => {
  const shown = study(slices(4));
  clinic.posts.length = 0;
  await clinic.open(shown);
  await clinic.show(shown.sops[2]);
  await settle();
  assert.match(await clinic.text(), /Seen at 1:1: 2 of 4 images\s+remaining: series 1 image 4 and 1 more/);
  assert.deepEqual(seen().map((one) => one.share), [1, 1]);
  await clinic.tab.keyboard.press('u');
  assert.equal((await clinic.stamp()).sopInstanceUid, shown.sops[3]);
  await clinic.tab.waitForTimeout(100);
  await clinic.tab.keyboard.press('u');
  await settle();
  assert.match(await clinic.text(), /Every image has been seen/);
});

test('coverage the server refuses is sent again, and said', async () => {
  clinic.posts.length = 0;
  clinic.refusePosts = 1;
  await clinic.open(study(slices(1)));
  await clinic.tab.waitForTimeout(900);
  assert.match(await clinic.text(), /not saved yet/);
  await clinic.tab.waitForTimeout(1200);
  assert.equal(seen()[0]?.share, 1);
  assert.doesNotMatch(await clinic.text(), /not saved yet/);
  clinic.complaints.length = 0;
});

test('frames of a multi-frame image are counted one by one', async () => {
  const frames = Array.from({ length: 5 }, (_, frame) => Buffer.alloc(128 * 128, frame * 20));
  const shown = study([{ meta: { rows: 128, columns: 128, stored: 8, modality: 'US' }, frames }]);
  clinic.posts.length = 0;
  await clinic.open(shown);
  await clinic.show(shown.sops[0], 4);
  await settle();
  assert.deepEqual(seen(), [{ sopInstanceUid: shown.sops[0], frames: 5, framesSeen: 2, share: 0.4 }]);
  await clinic.tab.keyboard.press('c');
  await clinic.tab.waitForTimeout(1500);
  await clinic.tab.keyboard.press('c');
  assert.match(await clinic.text(), /Seen at 1:1: 5 of 5/);
});

/** Page coordinates of an image point. */
const onPage = ([x, y]) => clinic.tab.evaluate(([x, y]) => {
  const viewer = window.fiducialViewer;
  const box = viewer.shadowRoot.querySelector('canvas.pixels').getBoundingClientRect();
  const { centre, scale } = viewer.view;
  return { x: box.left + box.width / 2 + (x - centre.x) * scale, y: box.top + box.height / 2 + (y - centre.y) * scale };
}, [x, y]);
const drag = async (...points) => {
  const { mouse } = clinic.tab;
  const [first, ...others] = await Promise.all(points.map(onPage));
  await mouse.move(first.x, first.y);
  await mouse.down();
  for (const [index, point] of others.entries()) {
    await mouse.move(point.x, point.y, { steps: 3 });
    if (index === 0) await mouse.up();
    else await mouse.click(point.x, point.y);
  }
  if (others.length === 0) await mouse.up();
};
const measured = async (key, ...points) => {
  await clinic.tab.evaluate(() => {
    window.heard = undefined;
    window.fiducialViewer.addEventListener('measurement', (event) => { window.heard = event.detail.text; }, { once: true });
  });
  await clinic.tab.keyboard.press(key);
  await drag(...points);
  return clinic.tab.evaluate(() => window.heard);
};

test('length, angle, ellipse and value measure in millimetres, degrees and Hounsfield units', async () => {
  await clinic.open(study(slices(1)));
  await clinic.tab.evaluate(() => window.fiducialViewer.setOneToOne(256, 256));
  assert.equal(await measured('l', [100, 200], [220, 200]), 'Length 60.0 mm');
  assert.equal(await measured('a', [100, 300], [200, 300], [200, 200]), 'Angle 90.0°');
  assert.match(await measured('e', [300, 300], [340, 340]), /^Ellipse 314\.\d mm², mean 100 HU, SD 0, 100 to 100$/);
  assert.match(await measured('p', [50.5, 60.5]), /^Value 0 HU at column 51, row 61$/);
  await clinic.tab.keyboard.press('m');
  assert.match(await clinic.tab.inputValue('#report'), /^Value 0 HU at column 51, row 61\. $/);
});

test('a length on a detector image says so, and one without spacing is in pixels', async () => {
  const image = (more) => study([{ meta: { rows: 512, columns: 512, stored: 8 }, more, frames: [Buffer.alloc(512 * 512, 90)] }]);
  await clinic.open(image({ '00181164': el('DS', 0.2, 0.2) }));
  await clinic.tab.evaluate(() => window.fiducialViewer.setOneToOne(256, 256));
  assert.equal(await measured('l', [100, 200], [200, 200]), 'Length 20.0 mm at detector');
  await clinic.open(image({}));
  await clinic.tab.evaluate(() => window.fiducialViewer.setOneToOne(256, 256));
  assert.equal(await measured('l', [100, 200], [200, 200]), 'Length 100.0 px');
});

test('window by drag, number and key; zoom, pan, invert and reset', async () => {
  await clinic.open(study(slices(2)));
  await clinic.tab.keyboard.press('Space');
  await clinic.tab.keyboard.press('w');
  await drag([200, 200], [300, 200]);
  assert.match(await clinic.text(), /C 40 W (?!400\b)\d+/);
  await clinic.tab.keyboard.press('3');
  assert.match(await clinic.text(), /C -600 W 1500/);
  await clinic.tab.evaluate(() => window.fiducialViewer.setWindow(300, 80));
  assert.match(await clinic.text(), /C 300 W 80/);
  const field = clinic.tab.getByLabel('Window centre');
  await field.fill('55');
  await field.press('Enter');
  assert.match(await clinic.text(), /C 55 W 80/);
  await clinic.tab.evaluate(() => document.activeElement.blur());
  const before = await clinic.tab.evaluate(() => window.fiducialViewer.view);
  await clinic.tab.keyboard.press('t');
  await drag([200, 200], [250, 230]);
  const after = await clinic.tab.evaluate(() => window.fiducialViewer.view);
  assert.ok(Math.abs(before.centre.x - after.centre.x - 50) < 2 && Math.abs(before.centre.y - after.centre.y - 30) < 2);
  await clinic.tab.keyboard.press('i');
  assert.match(await clinic.text(), /INVERTED/);
  await clinic.tab.keyboard.press('ArrowDown');
  assert.match(await clinic.text(), /Image 2 \/ 2/);
  await clinic.tab.keyboard.press('Space');
  assert.match(await clinic.text(), /C 40 W 400/);
  assert.doesNotMatch(await clinic.text(), /INVERTED/);
});

test('keys typed into the report do nothing to the picture', async () => {
  await clinic.open(study(slices(1)));
  await clinic.tab.fill('#report', '');
  await clinic.tab.focus('#report');
  await clinic.tab.keyboard.type('ivory 1:1');
  assert.doesNotMatch(await clinic.text(), /INVERTED|C -600/);
  await clinic.tab.evaluate(() => document.activeElement.blur());
});

test('orientation letters follow rotation and mirroring', async () => {
  await clinic.open(study(slices(1)));
  const letters = () => clinic.tab.evaluate(() => ['left', 'top', 'right', 'bottom'].map((edge) => window.fiducialViewer.shadowRoot.querySelector(`.direction.${edge}`).textContent).join(''));
  assert.equal(await letters(), 'RALP');
  await clinic.tab.keyboard.press('r');
  assert.equal(await letters(), 'PRAL');
  await clinic.tab.keyboard.press('Space');
  await clinic.tab.keyboard.press('h');
  assert.equal(await letters(), 'LARP');
});

test('every button has a name, and nothing was refused by the content security policy', async () => {
  const nameless = await clinic.tab.evaluate(() => [...window.fiducialViewer.shadowRoot.querySelectorAll('button, input, select')].filter((one) => !(one.getAttribute('aria-label') || one.textContent.trim())).length);
  assert.equal(nameless, 0);
  assert.deepEqual(clinic.complaints, []);
});
