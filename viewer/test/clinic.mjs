// A server that answers as the reading room does, and a browser that looks at it.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const built = new URL('../../src/Fiducial.ReadingRoom/wwwroot/viewer/', import.meta.url);
const policy =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; img-src 'self' data: blob:; style-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";
const page = `<!doctype html><html lang="en"><head><title>Reading room</title><link rel="stylesheet" href="/page.css"></head>
<body><fiducial-viewer coverage="/coverage" measurement-target="#report"></fiducial-viewer><textarea id="report" aria-label="Report"></textarea>
<script type="module" src="/viewer/main.js"></script></body></html>`;
const css = 'html,body{margin:0;height:100%;background:#000}fiducial-viewer{height:calc(100% - 34px)}textarea{height:30px;width:60%;box-sizing:border-box}';

export async function openClinic({ viewport = { width: 1100, height: 820 }, screenScale } = {}) {
  const studies = new Map();
  const bulk = new Map();
  const faults = new Map();
  const posts = [];
  const clinic = { studies, bulk, faults, posts, refusePosts: 0, frameDelay: 0 };
  const server = createServer((request, response) => {
    answer(clinic, request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const root = `http://127.0.0.1:${server.address().port}`;
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...(screenScale ? [`--force-device-scale-factor=${screenScale}`, '--window-size=1000,900'] : [])],
  });
  // Playwright's own scale factor does not reach devicePixelContentBoxSize; the switch of the browser does.
  const context = await browser.newContext({ viewport: screenScale ? null : viewport });
  const tab = await context.newPage();
  clinic.complaints = [];
  tab.on('console', (message) => message.type() === 'error' && clinic.complaints.push(message.text()));
  tab.on('pageerror', (error) => clinic.complaints.push(String(error)));
  await tab.goto(root);
  await tab.waitForFunction(() => customElements.get('fiducial-viewer'));
  clinic.tab = tab;
  clinic.add = (study) => {
    studies.set(study.uid, study);
    return study;
  };
  clinic.close = async () => {
    await browser.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  /** Opens a study and waits for its first picture, or its failure. */
  clinic.open = (study) => {
    clinic.add(study);
    return tab.evaluate(
      (uid) =>
        new Promise((resolve) => {
          const viewer = document.querySelector('fiducial-viewer');
          for (const name of ['shown', 'failed']) {
            viewer.addEventListener(name, (event) => resolve({ name, ...event.detail }), { once: true });
          }
          viewer.setAttribute('study', uid);
        }),
      study.uid,
    );
  };
  /** Shows a picture and waits until it is there or has failed. */
  clinic.show = (sop, frame = 1) =>
    tab.evaluate(
      ([sop, frame]) =>
        new Promise((resolve) => {
          for (const name of ['shown', 'failed']) {
            window.fiducialViewer.addEventListener(name, (event) => resolve({ name, ...event.detail }), { once: true });
          }
          window.fiducialViewer.show(sop, frame);
        }),
      [sop, frame],
    );
  /** RGBA of the active viewport, with its view. */
  clinic.pixels = async () => {
    const { width, height, encoded, view } = await tab.evaluate(() => {
      const { width, height, data } = window.fiducialViewer.readPixels();
      let binary = '';
      for (let at = 0; at < data.length; at += 0x8000) binary += String.fromCharCode(...data.subarray(at, at + 0x8000));
      return { width, height, encoded: btoa(binary), view: window.fiducialViewer.view };
    });
    return { width, height, view, data: Buffer.from(encoded, 'base64') };
  };
  clinic.text = () => tab.evaluate(() => [...window.fiducialViewer.shadowRoot.querySelectorAll('.viewport, .status')].map((one) => one.innerText).join('\n'));
  clinic.stamp = () => tab.evaluate(() => ({ ...window.fiducialViewer.shadowRoot.querySelector('canvas.pixels').dataset }));
  return clinic;
}

async function answer(clinic, request, response) {
  const { pathname } = new URL(request.url, 'http://clinic');
  const send = (status, type, body) => response.writeHead(status, { 'content-type': type, 'content-security-policy': policy }).end(body);
  if (pathname === '/') return send(200, 'text/html', page);
  if (pathname === '/page.css') return send(200, 'text/css', css);
  if (pathname.startsWith('/viewer/')) return send(200, 'text/javascript', await readFile(new URL(pathname.slice(8), built)));
  if (pathname === '/favicon.ico') return send(204, 'image/x-icon', '');
  if (pathname === '/coverage') {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (clinic.refusePosts-- > 0) return send(503, 'text/plain', 'busy');
    clinic.posts.push(JSON.parse(body));
    return send(204, 'text/plain', '');
  }
  const bulk = clinic.bulk.get(pathname);
  if (bulk) return sendPart(response, bulk);
  const [, uid, rest] = /^\/dicomweb\/studies\/([^/]+)\/(.*)$/.exec(pathname) ?? [];
  const study = clinic.studies.get(uid);
  if (study && rest === 'metadata') return send(200, 'application/dicom+json', JSON.stringify(study.sets));
  const [, sop, frame] = /instances\/([^/]+)\/frames\/(\d+)$/.exec(rest ?? '') ?? [];
  const bytes = study?.frames.get(`${sop}/${frame}`);
  const fault = clinic.faults.get(sop);
  if (clinic.frameDelay) await new Promise((resolve) => setTimeout(resolve, clinic.frameDelay));
  if (fault) return fault(response, bytes);
  return bytes ? sendPart(response, bytes) : send(404, 'text/plain', 'none');
}

export function sendPart(response, bytes, type = 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1') {
  const boundary = 'fiducial-boundary';
  response.writeHead(200, { 'content-type': `multipart/related; type="application/octet-stream"; boundary=${boundary}` });
  // A line break before the first boundary is allowed (RFC 2046 5.1.1) and common.
  response.write(`\r\n--${boundary}\r\nContent-Type: ${type}\r\n\r\n`);
  response.write(bytes);
  response.end(`\r\n--${boundary}--\r\n`);
}

export async function builtSizes() {
  const bytes = await readFile(new URL('main.js', built));
  return { bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}
