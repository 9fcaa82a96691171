import { CoverageReporter, type Saving } from '../coverage/reporter';
import type { Picture } from '../load/study';
import type { Point } from '../draw/camera';
import { asWindow } from '../grey/voi';
import { Cine } from './cine';
import { type Context, runKey } from './commands';
import { Desk, type DeskEvents } from './desk';
import { html } from './dom';
import { nextUnseen } from './navigation';
import { PointerControl, windowOf } from './pointer';
import { SeriesStrip } from './strip';
import { style } from './style';
import { Toolbar } from './toolbar';

declare global {
  interface Window {
    /** The viewer of this page, for tests and for the page around it. */
    fiducialViewer?: FiducialViewer;
  }
}

interface Parts {
  readonly desk: Desk;
  readonly toolbar: Toolbar;
  readonly strip: SeriesStrip;
  readonly status: HTMLElement;
  readonly context: Context;
  readonly reporter: CoverageReporter;
}

/**
 * `<fiducial-viewer study dicomweb coverage measurement-target>`: the diagnostic viewer of one study. It dispatches
 * `shown`, `failed`, `coverage`, `measurement` and `keyimage`.
 */
export class FiducialViewer extends HTMLElement {
  static readonly observedAttributes = ['study', 'dicomweb', 'coverage'];
  #parts: Parts | undefined;
  #saving: Saving = 'saved';
  #opening: number | undefined;
  readonly #onKey = (event: KeyboardEvent): void => this.#key(event);
  readonly #onHide = (): void => this.#parts?.reporter.flush();

  connectedCallback(): void {
    if (!this.hasAttribute('tabindex')) this.tabIndex = 0;
    if (!this.shadowRoot) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet];
    }
    window.fiducialViewer = this;
    document.addEventListener('keydown', this.#onKey);
    document.addEventListener('visibilitychange', this.#onHide);
    window.addEventListener('pagehide', this.#onHide);
    this.#open();
  }

  disconnectedCallback(): void {
    document.removeEventListener('keydown', this.#onKey);
    document.removeEventListener('visibilitychange', this.#onHide);
    window.removeEventListener('pagehide', this.#onHide);
    this.#close();
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (!this.isConnected || !this.shadowRoot || before === after) return;
    // The former study goes at once; the next opens when all attributes that change together have changed.
    this.#close();
    clearTimeout(this.#opening);
    this.#opening = window.setTimeout(() => this.isConnected && this.#open());
  }

  /** RGBA bytes, from the upper left corner, of what the active viewport shows after drawing it anew. */
  readPixels(): { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray } {
    const { desk } = this.#require();
    desk.paint();
    const { rectangle } = desk.active;
    return { width: rectangle.width, height: rectangle.height, data: desk.renderer.readPixels(rectangle) };
  }

  /** Shows one frame, counted from 1, of an image of this study; false when the study has no such image. */
  show(sopInstanceUid: string, frame = 1): boolean {
    return this.#require().desk.showInstance(sopInstanceUid, frame);
  }

  setWindow(center: number, width: number): void {
    const { desk } = this.#require();
    const { voi } = desk.active;
    if (voi) desk.active.voi = windowOf(asWindow(voi), center, width);
    desk.paint();
  }

  /** 1:1 with an image point, in pixels, in the middle. */
  setOneToOne(x: number, y: number): void {
    const { desk } = this.#require();
    desk.active.oneToOne({ x, y });
    desk.paint();
  }

  /** The image point in the middle of the active viewport and the device pixels for one image pixel. */
  get view(): { readonly centre: Point; readonly scale: number } | undefined {
    const camera = this.#parts?.desk.active.camera;
    return camera && { centre: camera.centre, scale: camera.scale };
  }

  #require(): Parts {
    if (!this.#parts) throw new Error('The viewer is not part of a page.');
    return this.#parts;
  }

  #open(): void {
    this.#close();
    const root = this.shadowRoot;
    const study = this.getAttribute('study');
    if (!root || !study) return;
    try {
      this.#parts = this.#build();
    } catch (error) {
      root.replaceChildren(html('p', { role: 'alert' }, error instanceof Error ? error.message : String(error)));
      return;
    }
    const { desk, toolbar, strip, status } = this.#parts;
    root.replaceChildren(html('div', { class: 'viewer' }, toolbar.element, strip.element, desk.element, status));
    void desk.open(study);
  }

  /** Tells the server at once what has been seen; true when it knows. */
  coverageSaved(): Promise<boolean> {
    return this.#parts?.reporter.settle() ?? Promise.resolve(true);
  }

  #close(): void {
    this.#parts?.context.cine.stop();
    this.#parts?.reporter.flush();
    this.#parts?.desk.close();
    this.#parts = undefined;
    this.shadowRoot?.replaceChildren();
  }

  #build(): Parts {
    // The address belongs to the study that was opened, also while a last message is sent for it.
    const coverage = this.getAttribute('coverage');
    const events: DeskEvents = {
      changed: () => this.#update(),
      loaded: () => this.#parts?.strip.fill(),
      coverage: () => this.#coverageGrew(),
      shown: (picture) => {
        this.#dispatch('shown', pictureDetail(picture));
        this.#parts?.strip.fill();
      },
      failed: (picture, reason) => this.#dispatch('failed', { ...(picture ? pictureDetail(picture) : {}), reason }),
      measured: (text, picture) => this.#dispatch('measurement', { ...pictureDetail(picture), text }),
      keyImage: (picture, marked) => this.#dispatch('keyimage', { ...pictureDetail(picture), marked }),
    };
    const desk = new Desk(this.getAttribute('dicomweb') ?? '/dicomweb', events);
    const context: Context = { desk, cine: new Cine(desk), report: () => this.#toReport() };
    new PointerControl(desk);
    const reporter = new CoverageReporter(
      () => coverage,
      () => desk.coverageByInstance(),
      (saving) => {
        this.#saving = saving;
        this.#update();
      },
    );
    const status = html('div', { class: 'status', role: 'status' });
    return { desk, context, reporter, status, toolbar: new Toolbar(context), strip: new SeriesStrip(desk) };
  }

  #update(): void {
    if (!this.#parts) return;
    this.#parts.toolbar.update();
    this.#parts.strip.update();
    this.#writeStatus(this.#parts);
  }

  #writeStatus({ desk, status }: Parts): void {
    const { pictures } = desk;
    if (pictures.length === 0) return;
    const open = pictures.filter((picture) => !desk.coverage.complete(picture));
    const next = open.length > 0 ? nextUnseen(desk) : undefined;
    const where = next && `remaining: series ${next.image.seriesNumber} image ${next.image.instanceNumber}${open.length > 1 ? ` and ${open.length - 1} more` : ''} (U)`;
    const lines: [string, string][] = [
      [open.length === 0 ? 'complete' : 'open', `Seen at 1:1: ${pictures.length - open.length} of ${pictures.length} images`],
      ['', where ?? 'Every image has been seen at 1:1'],
    ];
    if (this.#saving === 'retrying') lines.push(['trouble', 'What was seen is not saved yet; trying again']);
    if (desk.lastMeasurement) lines.push(['', `${desk.lastMeasurement} (M puts it into the report)`]);
    const text = lines.map(([, line]) => line).join('\n');
    if (status.dataset['text'] === text) return;
    status.dataset['text'] = text;
    status.replaceChildren(...lines.map(([name, line]) => html('span', { class: name }, line)));
  }

  #coverageGrew(): void {
    const parts = this.#parts;
    if (!parts) return;
    parts.reporter.changed();
    this.#dispatch('coverage', { instances: parts.desk.coverageByInstance() });
  }

  /** Puts the last measurement where the report is being written, at the cursor. */
  #toReport(): void {
    const text = this.#parts?.desk.lastMeasurement;
    const selector = this.getAttribute('measurement-target');
    const target = selector && document.querySelector(selector);
    if (!text || !(target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement)) return;
    target.setRangeText(`${text}. `, target.selectionStart ?? target.value.length, target.selectionEnd ?? target.value.length, 'end');
    target.dispatchEvent(new Event('input', { bubbles: true }));
  }

  /** Keys work when the viewer has the focus, or nothing has; never while someone types. */
  #key(event: KeyboardEvent): void {
    const parts = this.#parts;
    const [target] = event.composedPath();
    const inside = event.composedPath().includes(this);
    if (!parts || event.defaultPrevented || (!inside && target !== document.body)) return;
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return;
    if (target instanceof HTMLButtonElement && (event.key === ' ' || event.key === 'Enter')) return;
    if (runKey(parts.context, event)) event.preventDefault();
  }

  #dispatch(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

const pictureDetail = ({ image, frame }: Picture): { sopInstanceUid: string; frame: number } => ({
  sopInstanceUid: image.sopInstanceUid,
  frame,
});
