// The grey pipeline of PS3.3 C.11, step by step: attributes, stored words, and the right answer from the formula.
import { base64Words, el, words } from './dicom.mjs';

export const side = 512;
export const count = side * side;
const cycle = (period) => words(count, (index) => index % period);

const clamp = (value) => Math.min(255, Math.max(0, value));
const linear = (c, w) => (x) => (x <= c - 0.5 - (w - 1) / 2 ? 0 : x > c - 0.5 + (w - 1) / 2 ? 255 : ((x - (c - 0.5)) / (w - 1) + 0.5) * 255);
const exact = (c, w) => (x) => clamp(((x - c) / w + 0.5) * 255);
const sigmoid = (c, w) => (x) => 255 / (1 + Math.exp((-4 * (x - c)) / w));
const window = (c, w, name) => ({ '00281050': el('DS', c), '00281051': el('DS', w), ...(name ? { '00281056': el('CS', name) } : {}) });
const rescale = (slope, intercept) => ({ '00281053': el('DS', slope), '00281052': el('DS', intercept) });
const lut = (first, bits, data, vr = 'US') => ({
  '00283002': el(vr, data.length === 65536 ? 0 : data.length, first, bits),
  '00283006': { vr: 'OW', InlineBinary: base64Words(data) },
});
const lookup = (data, first, bits) => (x) => (data[Math.min(data.length - 1, Math.max(0, x - first))] / (2 ** bits - 1)) * 255;

const curve = Array.from({ length: 4096 }, (_, index) => Math.round(65535 * (index / 4095) ** 0.45));
const steps = Array.from({ length: 1000 }, (_, index) => Math.round(1023 * Math.sin((index / 999) * Math.PI) ** 2));
const reversed = Array.from({ length: 4096 }, (_, index) => 4095 - Math.floor((index * index) / 4095));
const whole = Array.from({ length: 65536 }, (_, index) => 65535 - index);
const twelve = { stored: 12, allocated: 16 };
const signed12 = (word) => ((word & 0xfff) ^ 0x800) - 0x800;

/** `truth` gives the exact level of a raw word; undefined means black because it is padding. */
export const greyCases = [
  { name: 'rescale slope and intercept, LINEAR', meta: twelve, more: { ...rescale('2', '-1024'), ...window(40, 400) }, pixels: cycle(4096), truth: (raw) => linear(40, 400)(raw * 2 - 1024) },
  { name: 'VOI LINEAR', meta: twelve, more: window(2000, 1501), pixels: cycle(4096), truth: linear(2000, 1501) },
  { name: 'VOI LINEAR of width 1 is a threshold', meta: twelve, more: window(2000, 1), pixels: cycle(4096), truth: linear(2000, 1) },
  { name: 'VOI LINEAR_EXACT', meta: twelve, more: window(100, 50, 'LINEAR_EXACT'), pixels: cycle(4096), truth: exact(100, 50) },
  { name: 'VOI SIGMOID', meta: twelve, more: window(2048, 1024, 'SIGMOID'), pixels: cycle(4096), truth: sigmoid(2048, 1024) },
  { name: 'VOI LUT Sequence', meta: twelve, more: { '00283010': el('SQ', lut(0, 16, curve)) }, pixels: cycle(4096), truth: lookup(curve, 0, 16) },
  { name: 'VOI LUT Sequence after a negative rescale, first value signed in US', meta: twelve, more: { ...rescale(1, -500), '00283010': el('SQ', lut(65536 - 400, 10, steps)) }, pixels: cycle(4096), truth: (raw) => lookup(steps, -400, 10)(raw - 500) },
  { name: 'VOI LUT of 65,536 entries given as values', meta: { stored: 16 }, more: { '00283010': el('SQ', { '00283002': el('US', 0, 0, 16), '00283006': el('US', ...whole) }) }, pixels: cycle(65536), truth: lookup(whole, 0, 16) },
  { name: 'Modality LUT Sequence', meta: twelve, more: { '00283000': el('SQ', lut(0, 12, reversed)), ...window(2048, 4096) }, pixels: cycle(4096), truth: (raw) => linear(2048, 4096)(reversed[raw]) },
  { name: 'Modality LUT Sequence as bulk data', meta: twelve, more: { '00283000': el('SQ', { '00283002': el('US', 4096, 0, 12), '00283006': { vr: 'OW', BulkDataURI: '/bulk/reversed' } }), ...window(2048, 4096) }, bulk: { '/bulk/reversed': words(4096, (index) => reversed[index]) }, pixels: cycle(4096), truth: (raw) => linear(2048, 4096)(reversed[raw]) },
  { name: 'PresentationLUTShape INVERSE', meta: twelve, more: { '20500020': el('CS', 'INVERSE'), ...window(2048, 4096) }, pixels: cycle(4096), truth: (raw) => 255 - linear(2048, 4096)(raw) },
  { name: 'MONOCHROME1', meta: { ...twelve, photometric: 'MONOCHROME1' }, more: window(2048, 4096), pixels: cycle(4096), truth: (raw) => 255 - linear(2048, 4096)(raw) },
  { name: 'MONOCHROME1 with shape INVERSE inverts once', meta: { ...twelve, photometric: 'MONOCHROME1' }, more: { '20500020': el('CS', 'INVERSE'), ...window(2048, 4096) }, pixels: cycle(4096), truth: (raw) => 255 - linear(2048, 4096)(raw) },
  { name: 'signed 12 in 16 with other bits above', meta: { ...twelve, signed: 1 }, more: window(-200, 1500), pixels: words(count, (index) => (index % 4096) | ((index * 7) & 0xf000)), truth: (raw) => linear(-200, 1500)(signed12(raw)) },
  { name: 'signed 16', meta: { stored: 16, signed: 1 }, more: window(-3000, 50000), pixels: cycle(65536), truth: (raw) => linear(-3000, 50000)((raw << 16) >> 16) },
  { name: '12 bits stored up to high bit 15', meta: { ...twelve, high: 15 }, more: window(2048, 4096), pixels: words(count, (index) => ((index % 4096) << 4) | (index & 15)), truth: (raw) => linear(2048, 4096)(raw >> 4) },
  { name: 'slope 0.01', meta: { stored: 16 }, more: { ...rescale('0.01', '-5.5'), ...window('300.25', '120.5') }, pixels: cycle(65536), truth: (raw) => linear(300.25, 120.5)(raw * 0.01 - 5.5) },
  { name: 'narrow window near the top of 16 bits', meta: { stored: 16 }, more: window(65000, 64), pixels: cycle(65536), truth: linear(65000, 64) },
  { name: 'pixel padding value', meta: { ...twelve, photometric: 'MONOCHROME1' }, more: { '00280120': el('US', 17), ...window(2048, 4096) }, pixels: cycle(4096), truth: (raw) => (raw === 17 ? 0 : 255 - linear(2048, 4096)(raw)) },
  { name: 'pixel padding range, signed', meta: { stored: 16, signed: 1 }, more: { '00280120': el('SS', -2000), '00280121': el('SS', -1500), ...window(-1600, 3000) }, pixels: cycle(65536), truth: (raw) => { const x = (raw << 16) >> 16; return x >= -2000 && x <= -1500 ? 0 : linear(-1600, 3000)(x); } },
  { name: '8 bit without a window is shown as it is', meta: { stored: 8 }, more: {}, pixels: Buffer.from(Array.from({ length: count }, (_, index) => index & 255)), truth: (raw) => raw },
  { name: '8 bit signed with a window', meta: { stored: 8, signed: 1 }, more: window(0, 200), pixels: Buffer.from(Array.from({ length: count }, (_, index) => index & 255)), truth: (raw) => linear(0, 200)((raw << 24) >> 24) },
  { name: 'no window: smallest to greatest', meta: { stored: 16 }, more: {}, pixels: words(count, (index) => 300 + (index % 5000)), truth: (raw) => clamp(((raw - 300) / 4999) * 255) },
  { name: 'enhanced: shared window, rescale of the frame', meta: twelve, frame: 2, more: {
    '52009229': el('SQ', { '00289132': el('SQ', window(100, 300)) }),
    '52009230': el('SQ', { '00289145': el('SQ', rescale(1, 0)) }, { '00289145': el('SQ', rescale(3, -1000)) }),
  }, pixels: cycle(4096), truth: (raw) => linear(100, 300)(raw * 3 - 1000) },
];
