import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openClinic, sendPart } from './clinic.mjs';
import { el, study, words } from './dicom.mjs';

let clinic;
before(async () => { clinic = await openClinic(); });
after(() => clinic.close());

const window = (c, w) => ({ '00281050': el('DS', c), '00281051': el('DS', w) });
const flat = (rows, columns, value) => words(rows * columns, () => value);

/** Grey level drawn at an image point. */
function levelAt({ width, height, view, data }, x, y) {
  const column = Math.floor(width / 2 + (x - view.centre.x) * view.scale);
  const row = Math.floor(height / 2 + (y - view.centre.y) * view.scale);
  return data[(row * width + column) * 4];
}

test('an image larger than the largest texture draws every part of itself', async () => {
  const [rows, columns] = [9000, 2500];
  // Each row and column tells where it is: 100 rows of one value, and a step at each 500 columns.
  const value = (x, y) => Math.floor(y / 100) * 100 + Math.floor(x / 500) * 10;
  const pixels = words(rows * columns, (index) => value(index % columns, Math.floor(index / columns)));
  const opened = await clinic.open(study([{ meta: { rows, columns, stored: 14, allocated: 16 }, more: window(4550, 9100), frames: [pixels] }]));
  assert.equal(opened.name, 'shown', opened.reason);
  const largest = await clinic.tab.evaluate(() => { const gl = document.createElement('canvas').getContext('webgl2'); return gl.getParameter(gl.MAX_TEXTURE_SIZE); });
  const truth = (x, y) => Math.min(255, Math.max(0, ((value(x, y) - 4549.5) / 9099 + 0.5) * 255));
  const fit = await clinic.pixels();
  for (let y = 150; y < rows; y += 300) for (let x = 250; x < columns; x += 500) {
    assert.ok(Math.abs(levelAt(fit, x, y) - truth(x, y)) <= 1, `fit at ${x},${y}: ${levelAt(fit, x, y)} for ${truth(x, y)}`);
  }
  for (const [x, y] of [[1250, 8990], [2490, 2048], [2047, 8192], [10, 10], [1, 8999]]) {
    await clinic.tab.evaluate(([x, y]) => window.fiducialViewer.setOneToOne(x, y), [x, y]);
    assert.ok(Math.abs(levelAt(await clinic.pixels(), x + 0.5, y + 0.5) - truth(x, y)) <= 0.5, `1:1 at ${x},${y}`);
  }
  assert.ok(rows > largest || largest > 8192, `MAX_TEXTURE_SIZE is ${largest}`);
});

test('a hairline is plain at 1:1 and averaged, not skipped, at fit', async () => {
  const [rows, columns, line] = [4096, 3328, 1501];
  const pixels = words(rows * columns, (index) => (index % columns === line ? 2000 : 8000));
  await clinic.open(study([{ meta: { rows, columns, stored: 14, allocated: 16 }, more: window(8192, 16384), frames: [pixels] }]));
  const level = (value) => ((value - 8191.5) / 16383 + 0.5) * 255;
  const fit = await clinic.pixels();
  // Summed over the columns around it, the contrast of the line is what it is in the image, scaled.
  const middle = Math.floor(fit.height / 2);
  const centre = Math.floor(fit.width / 2 + (line + 0.5 - fit.view.centre.x) * fit.view.scale);
  let sum = 0;
  for (let x = centre - 6; x <= centre + 6; x++) sum += level(8000) - fit.data[(middle * fit.width + x) * 4];
  const expected = (level(8000) - level(2000)) * fit.view.scale;
  assert.ok(Math.abs(sum - expected) < expected * 0.2 + 3, `contrast ${sum.toFixed(1)} of ${expected.toFixed(1)} levels`);
  await clinic.tab.evaluate(([x, y]) => window.fiducialViewer.setOneToOne(x, y), [line, 2000]);
  const whole = await clinic.pixels();
  assert.ok(Math.abs(levelAt(whole, line + 0.5, 2000.5) - level(2000)) <= 0.5);
  assert.ok(Math.abs(levelAt(whole, line + 1.5, 2000.5) - level(8000)) <= 0.5);
  assert.ok(Math.abs(levelAt(whole, line - 0.5, 2000.5) - level(8000)) <= 0.5);
});

test('signed values are averaged with their sign', async () => {
  const pixels = words(4096 * 4096, (index) => ((index % 4096) & 1 ? 100 : -100));
  await clinic.open(study([{ meta: { rows: 4096, columns: 4096, stored: 16, signed: 1 }, more: window(0.5, 512), frames: [pixels] }]));
  const fit = await clinic.pixels();
  assert.ok(Math.abs(levelAt(fit, 2048, 2048) - 127.5) <= 1, `mean of -100 and 100 shows as ${levelAt(fit, 2048, 2048)}`);
});

test('padding does not bleed into the average', async () => {
  const pixels = words(4096 * 4096, (index) => ((index % 4096) & 1 ? 0 : 3000));
  await clinic.open(study([{ meta: { rows: 4096, columns: 4096, stored: 12, allocated: 16 }, more: { '00280120': el('US', 0), ...window(2048, 4096) }, frames: [pixels] }]));
  const fit = await clinic.pixels();
  assert.ok(Math.abs(levelAt(fit, 2048, 2048) - 187) <= 1, `shows ${levelAt(fit, 2048, 2048)}`);
});

test('rotating and flipping move pixels exactly', async () => {
  const pixels = Buffer.from(Array.from({ length: 256 * 256 }, (_, index) => ((index % 256) * 3 + (index >> 8) * 5) & 255));
  await clinic.open(study([{ meta: { rows: 256, columns: 256, stored: 8 }, frames: [pixels] }]));
  const at = (x, y) => (x * 3 + y * 5) & 255;
  const turns = { r: (x, y) => at(y, 255 - x), h: (x, y) => at(255 - x, y), v: (x, y) => at(x, 255 - y) };
  for (const [keys, truth] of [['r', turns.r], ['h', turns.h], ['v', turns.v], ['rr', (x, y) => at(255 - x, 255 - y)], ['rh', (x, y) => turns.r(255 - x, y)], ['hr', (x, y) => turns.h(y, 255 - x)], ['rv', (x, y) => turns.r(x, 255 - y)]]) {
    await clinic.tab.keyboard.press('Space');
    await clinic.tab.keyboard.press('o');
    for (const key of keys) await clinic.tab.keyboard.press(key);
    await clinic.tab.evaluate(() => window.fiducialViewer.setOneToOne(128, 128));
    const drawn = await clinic.pixels();
    const [left, top] = [Math.round(drawn.width / 2 - 128), Math.round(drawn.height / 2 - 128)];
    for (const [x, y] of [[0, 0], [255, 0], [0, 255], [17, 200], [200, 31]]) {
      const found = [-1, 0, 1].some((dx) => [-1, 0, 1].some((dy) => drawn.data[((top + y + dy) * drawn.width + left + x + dx) * 4] === truth(x, y)));
      assert.ok(found, `${keys} at ${x},${y}`);
    }
  }
});

test('a lost graphics context is said and repaired', async () => {
  await clinic.open(study([{ meta: { rows: 64, columns: 64, stored: 8 }, frames: [Buffer.alloc(4096, 200)] }]));
  const [lost, back] = await clinic.tab.evaluate(async () => {
    const canvas = window.fiducialViewer.shadowRoot.querySelector('canvas.pixels');
    const extension = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
    const text = () => window.fiducialViewer.shadowRoot.querySelector('.message').textContent;
    extension.loseContext();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const lost = text();
    extension.restoreContext();
    await new Promise((resolve) => setTimeout(resolve, 300));
    return [lost, text()];
  });
  assert.equal(lost, 'Image lost, reloading');
  assert.equal(back, '');
  assert.equal(levelAt(await clinic.pixels(), 32, 32), 200);
});

for (const [name, fault, reason] of [
  ['404', (response) => response.writeHead(404).end(), /since then the study was deleted or closed to you\. Open it anew from your list \(404\)/],
  ['a wrong length', (response, bytes) => sendPart(response, bytes.subarray(2)), /should have 524288 bytes and came with 524286/],
  ['a missing closing boundary', (response) => response.writeHead(200, { 'content-type': 'multipart/related; boundary=x' }).end('--x\r\n\r\nabc'), /ended too early/],
  ['another content type', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>sign in</p>'), /"text\/html"/],
  ['a compressed part', (response, bytes) => sendPart(response, bytes, 'image/jls'), /"image\/jls"/],
  ['an undecoded transfer syntax', (response, bytes) => sendPart(response, bytes, 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.4.90'), /1\.2\.840\.10008\.1\.2\.4\.90/],
]) {
  test(`after ${name} the canvas is empty, with the reason, and nothing of the former image`, async () => {
    const meta = { rows: 512, columns: 512, stored: 16, modality: 'CT' };
    const shown = study([
      { meta, more: window(100, 50), frames: [flat(512, 512, 1000)] },
      { meta, more: window(100, 50), frames: [flat(512, 512, 1000)] },
    ]);
    clinic.faults.set(shown.sops[1], fault);
    assert.equal((await clinic.open(shown)).name, 'shown');
    assert.equal(levelAt(await clinic.pixels(), 256, 256), 255);
    const emptyAtOnce = await clinic.tab.evaluate((sop) => {
      window.fiducialViewer.show(sop, 1);
      const { data } = window.fiducialViewer.readPixels();
      return data.every((level, index) => level === (index % 4 === 3 ? 255 : 0));
    }, shown.sops[1]);
    assert.ok(emptyAtOnce, 'the former picture is gone before show() returns');
    await clinic.tab.waitForFunction(() => window.fiducialViewer.shadowRoot.querySelector('canvas.pixels').dataset.state === 'failed');
    const { data } = await clinic.pixels();
    assert.ok(data.every((level, index) => level === (index % 4 === 3 ? 255 : 0)), 'no pixel of another image');
    const text = await clinic.text();
    assert.match(text, reason);
    assert.match(text, /Image 2 of series 1: nothing is shown/);
    assert.doesNotMatch(text, /Okafor/);
    assert.deepEqual(await clinic.stamp(), { sopInstanceUid: shown.sops[1], state: 'failed' });
    // Asked for again, with the fault gone, it is there.
    clinic.faults.delete(shown.sops[1]);
    await clinic.show(shown.sops[0]);
    assert.equal((await clinic.show(shown.sops[1])).name, 'shown');
    assert.match(await clinic.text(), /Okafor, Ada/);
  });
}

test('a slow image that is left behind never appears under the next one', async () => {
  const meta = { rows: 64, columns: 64, stored: 8 };
  const shown = study([{ meta, frames: [Buffer.alloc(4096, 50)] }, { meta, frames: [Buffer.alloc(4096, 250)], series: '1.2.3.4' }]);
  clinic.faults.set(shown.sops[1], (response, bytes) => setTimeout(() => sendPart(response, bytes), 600));
  await clinic.open(shown);
  await clinic.tab.evaluate(([slow, other]) => { window.fiducialViewer.show(slow); window.fiducialViewer.show(other); }, [shown.sops[1], shown.sops[0]]);
  await clinic.tab.waitForTimeout(900);
  assert.equal(levelAt(await clinic.pixels(), 32, 32), 50);
  assert.deepEqual(await clinic.stamp(), { sopInstanceUid: shown.sops[0], state: 'full' });
});

test('metadata that mixes patients, or names another study, is refused', async () => {
  const meta = { rows: 8, columns: 8, stored: 8 };
  const mixed = study([{ meta, frames: [Buffer.alloc(64)] }, { meta: { ...meta, patientId: 'P-2' }, frames: [Buffer.alloc(64)] }]);
  assert.match((await clinic.open(mixed)).reason, /different patients/);
  const other = study([{ meta, more: { '0020000D': el('UI', '9.9.9') }, frames: [Buffer.alloc(64)] }]);
  assert.match((await clinic.open(other)).reason, /another study/);
});

/** Where the overlay lies on the screen, in image pixels from the upper left corner; undefined when none is drawn. */
const overlay = () => clinic.tab.evaluate(() => {
  const root = window.fiducialViewer.shadowRoot;
  const path = root.querySelector('.overlays path');
  if (!path.getAttribute('d')) return undefined;
  const { view } = window.fiducialViewer;
  const around = root.querySelector('.viewport').getBoundingClientRect();
  const ratio = window.devicePixelRatio;
  // The box of what is filled: strokes are of the screen, not of the image.
  const box = path.getBBox();
  const matrix = path.getScreenCTM();
  const ends = [[box.x, box.y], [box.x + box.width, box.y + box.height]].map(([x, y]) => new DOMPoint(x, y).matrixTransform(matrix));
  const place = (at, from, extent, centre) => ((at - from - extent / 2) * ratio) / view.scale + centre;
  return ends.map((end) => [place(end.x, around.left, around.width, view.centre.x), place(end.y, around.top, around.height, view.centre.y)].map((one) => Math.round(one * 100) / 100));
});

test('an overlay lies over its pixels, follows the view, is hidden by a key that says so, and goes with its picture', async () => {
  const [rows, columns] = [40, 60];
  // Four columns by two rows of bits, all set, whose first stands in row 11 and column 21.
  const own = { '60000010': el('US', 2), '60000011': el('US', 4), '60000050': el('SS', 11, 21), '60000102': el('US', 0), '60003000': { vr: 'OW', InlineBinary: Buffer.from([0xff, 0]).toString('base64') } };
  // Older devices: bit 15 of the words, set in row 3 from column 5 to 9.
  const old = { '60020010': el('US', rows), '60020011': el('US', columns), '60020102': el('US', 15) };
  const marked = words(rows * columns, (index) => (Math.floor(index / columns) === 3 && index % columns >= 5 && index % columns < 10 ? 0x8000 : 0));
  const meta = { rows, columns, stored: 12, allocated: 16 };
  const both = study([
    { meta, more: { ...window(500, 1000), ...own }, frames: [flat(rows, columns, 0)] },
    { meta, more: { ...window(500, 1000), ...old }, frames: [marked] },
    { meta, more: window(500, 1000), frames: [flat(rows, columns, 0)] },
  ]);
  const opened = await clinic.open(both);
  assert.equal(opened.name, 'shown', opened.reason);
  assert.deepEqual(await overlay(), [[20, 10], [24, 12]]);
  await clinic.tab.evaluate(() => window.fiducialViewer.setOneToOne(30, 20));
  assert.deepEqual(await overlay(), [[20, 10], [24, 12]]);
  await clinic.tab.keyboard.press('d');
  assert.equal(await overlay(), undefined);
  assert.match(await clinic.text(), /OVERLAYS HIDDEN/);
  await clinic.tab.keyboard.press('d');
  assert.deepEqual(await overlay(), [[20, 10], [24, 12]]);
  assert.doesNotMatch(await clinic.text(), /OVERLAYS HIDDEN/);
  // Left and right change places about the middle of what is seen.
  const { x: middle } = await clinic.tab.evaluate(() => window.fiducialViewer.view.centre);
  await clinic.tab.keyboard.press('h');
  assert.deepEqual((await overlay()).map(([x]) => x).sort(), [2 * middle - 24, 2 * middle - 20]);
  await clinic.tab.keyboard.press('h');
  assert.equal((await clinic.show(both.sops[1])).name, 'shown');
  assert.deepEqual(await overlay(), [[5, 3], [10, 4]]);
  assert.equal((await clinic.show(both.sops[2])).name, 'shown');
  assert.equal(await overlay(), undefined);
});
