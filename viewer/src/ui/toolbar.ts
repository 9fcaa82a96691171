import type { Voi } from '../dicom/grey';
import { asWindow } from '../grey/voi';
import { type Command, choosePreset, commands, type Context } from './commands';
import { html } from './dom';
import { windowOf } from './pointer';
import { presets } from './presets';

const groups = [
  ['tools', 'Mouse tool'],
  ['view', 'View'],
  ['measure', 'Measure'],
  ['study', 'Study'],
] as const;

/** Every command as a button with its key, and the window as numbers. */
export class Toolbar {
  readonly element = html('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'Viewer tools' });
  readonly #context: Context;
  readonly #buttons: { readonly command: Command; readonly button: HTMLButtonElement }[] = [];
  readonly #preset = html('select', { 'aria-label': 'Window preset, keys 1 to 9', title: 'Window presets (1 to 9)' });
  readonly #center = numberField('Window centre');
  readonly #width = numberField('Window width');
  #offered = '';
  #shown: Voi | undefined;

  constructor(context: Context) {
    this.#context = context;
    for (const [group, label] of groups) {
      const buttons = commands.filter((command) => command.group === group).map((command) => this.#button(command));
      this.element.append(html('div', { class: 'group', role: 'group', 'aria-label': label }, ...buttons));
      if (group === 'tools') this.element.append(this.#windowGroup());
    }
  }

  update(): void {
    for (const { command, button } of this.#buttons) {
      if (command.pressed) button.setAttribute('aria-pressed', String(command.pressed(this.#context)));
    }
    this.#updateWindow();
  }

  #button(command: Command): HTMLButtonElement {
    const key = command.key === ' ' ? 'space' : command.key === 'backspace' ? '⌫' : command.key.toUpperCase();
    // What is written on the button is its name, so that it can be called by voice (WCAG 2.5.3); the title describes it.
    const button = html(
      'button',
      { type: 'button', title: `${command.name} (${key})`, 'aria-keyshortcuts': shortcut(command.key) },
      command.short ?? command.name,
      html('kbd', {}, key),
    );
    button.addEventListener('click', () => command.run(this.#context));
    this.#buttons.push({ command, button });
    return button;
  }

  #windowGroup(): HTMLElement {
    const { desk } = this.#context;
    this.#preset.addEventListener('change', () => {
      choosePreset(desk, Number(this.#preset.value));
      this.#preset.blur();
    });
    for (const field of [this.#center, this.#width]) {
      field.addEventListener('change', () => {
        const { voi } = desk.active;
        const [center, width] = [Number(this.#center.value), Number(this.#width.value)];
        if (voi && this.#center.value !== '' && Number.isFinite(center) && width > 0) desk.active.voi = windowOf(asWindow(voi), center, width);
        this.#shown = undefined;
        desk.paint();
      });
    }
    const label = (name: string, field: HTMLElement): HTMLElement => html('label', {}, name, field);
    return html('div', { class: 'group', role: 'group', 'aria-label': 'Window' }, this.#preset, label('C', this.#center), label('W', this.#width));
  }

  #updateWindow(): void {
    const { pixels, voi, shown } = this.#context.desk.active;
    const offered = pixels?.kind === 'grey' && shown ? presets(shown.picture.image.modality, pixels).map((one) => one.name) : [];
    if (offered.join() !== this.#offered) {
      this.#offered = offered.join();
      this.#preset.replaceChildren(
        html('option', { value: '-1' }, 'Window…'),
        ...offered.map((name, index) => html('option', { value: String(index) }, `${index + 1}  ${name}`)),
      );
    }
    if (voi === this.#shown) return;
    this.#shown = voi;
    this.#preset.value = '-1';
    const window = voi && asWindow(voi);
    for (const [field, value] of [[this.#center, window?.center], [this.#width, window?.width]] as const) {
      field.disabled = value === undefined;
      field.value = value === undefined ? '' : String(Number(value.toPrecision(6)));
    }
  }
}

const numberField = (name: string): HTMLInputElement => html('input', { type: 'number', step: 'any', 'aria-label': name, title: name });

const shortcut = (key: string): string => (key === ' ' ? 'Space' : key === 'backspace' ? 'Backspace' : key.toUpperCase());
