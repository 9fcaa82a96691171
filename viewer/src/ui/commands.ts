import { fitted, flipped, rotated } from '../draw/camera';
import type { MarkKind } from '../measure/mark';
import type { Cine } from './cine';
import type { Desk, Tool } from './desk';
import { showUnseen, step, stepSeries } from './navigation';
import { presets } from './presets';

export interface Context {
  readonly desk: Desk;
  readonly cine: Cine;
  /** Puts the last measurement into the report beside the viewer. */
  readonly report: () => void;
}

/** One thing the reader can do: a key, a name, and a button unless it is only a key. */
export interface Command {
  /** As `KeyboardEvent.key`, lower case. */
  readonly key: string;
  readonly name: string;
  readonly short?: string;
  readonly group?: 'tools' | 'view' | 'picture' | 'measure' | 'study';
  readonly run: (context: Context) => void;
  readonly pressed?: (context: Context) => boolean;
}

const tool = (key: string, kind: Tool, name: string, short: string, group: 'tools' | 'measure'): Command => ({
  key, name, short, group,
  run: ({ desk }) => {
    desk.tool = kind;
    desk.draft = undefined;
    desk.paint();
  },
  pressed: ({ desk }) => desk.tool === kind,
});

const measure = (key: string, kind: MarkKind, name: string, short: string): Command => tool(key, kind, name, short, 'measure');

const view = (key: string, name: string, short: string, change: (desk: Desk) => void, pressed?: (desk: Desk) => boolean): Command => ({
  key, name, short, group: 'view',
  run: ({ desk }) => {
    change(desk);
    desk.paint();
  },
  ...(pressed ? { pressed: ({ desk }: Context) => pressed(desk) } : {}),
});

const refit = (desk: Desk): void => {
  if (desk.active.camera?.fit && desk.active.shown) {
    desk.active.camera = fitted(desk.active.shown.picture.image, desk.active.rectangle, desk.active.camera);
  }
};

const move = (key: string, name: string, run: (desk: Desk) => void): Command => ({ key, name, run: ({ desk }) => run(desk) });

export const commands: readonly Command[] = [
  tool('w', 'window', 'Window and level: drag', 'Window', 'tools'),
  tool('z', 'zoom', 'Zoom: drag up and down', 'Zoom', 'tools'),
  tool('t', 'pan', 'Pan: drag', 'Pan', 'tools'),
  tool('s', 'scroll', 'Scroll through the series: drag', 'Scroll', 'tools'),
  view('f', 'Fit the image to the screen', 'Fit', (desk) => desk.active.fit(), (desk) => desk.active.camera?.fit === true),
  view('o', 'One image pixel on one screen pixel', '1:1', (desk) => desk.active.oneToOne(), (desk) => desk.active.camera?.scale === 1),
  view('g', 'Magnifying glass at the pointer', 'Glass', (desk) => {
    const { rectangle, loupe } = desk.active;
    desk.active.loupe = loupe ? undefined : { x: rectangle.width / 2, y: rectangle.height / 2 };
  }, (desk) => desk.active.loupe !== undefined),
  view('i', 'Invert the greys', 'Invert', (desk) => { desk.active.inverted = !desk.active.inverted; }, (desk) => desk.active.inverted),
  { key: 'd', name: 'Show or hide what the device has drawn over the image', run: ({ desk }) => {
    desk.active.hidesOverlays = !desk.active.hidesOverlays;
    desk.paint();
  } },
  view('r', 'Rotate by a quarter turn', 'Rotate', (desk) => {
    if (desk.active.camera) desk.active.camera = rotated(desk.active.camera);
    refit(desk);
  }),
  view('h', 'Flip left and right', 'Flip ↔', (desk) => {
    if (desk.active.camera) desk.active.camera = flipped(desk.active.camera, 'horizontal');
  }),
  view('v', 'Flip top and bottom', 'Flip ↕', (desk) => {
    if (desk.active.camera) desk.active.camera = flipped(desk.active.camera, 'vertical');
  }),
  view(' ', 'Reset window, zoom and orientation', 'Reset', (desk) => desk.active.reset()),
  measure('l', 'length', 'Length: drag or click twice', 'Length'),
  measure('a', 'angle', 'Angle: three points', 'Angle'),
  measure('e', 'ellipse', 'Ellipse with statistics: drag', 'Ellipse'),
  measure('p', 'probe', 'Value of a pixel: click', 'Probe'),
  {
    key: 'backspace', name: 'Delete the last measurement of this image', short: 'Delete', group: 'measure',
    run: ({ desk }) => {
      if (desk.draft) desk.draft = undefined;
      else if (desk.active.shown) desk.marksOf(desk.active.shown.picture).pop();
      desk.paint();
    },
  },
  { key: 'm', name: 'Put the last measurement into the report', short: 'Report', group: 'measure', run: ({ report }) => report() },
  {
    key: 'c', name: 'Play or stop the series', short: 'Cine', group: 'study',
    run: ({ cine }) => cine.toggle(), pressed: ({ cine }) => cine.playing,
  },
  {
    key: 'k', name: 'Mark as key image', short: 'Key', group: 'study',
    run: ({ desk }) => {
      desk.toggleKeyImage();
      desk.paint();
    },
  },
  {
    key: 'x', name: 'One or two images beside each other', short: '1 | 2', group: 'study',
    run: ({ desk }) => desk.layout(desk.viewports.length === 1 ? 2 : 1), pressed: ({ desk }) => desk.viewports.length === 2,
  },
  { key: 'u', name: 'Next region or image not yet seen at 1:1', short: 'Unseen', group: 'study', run: ({ desk }) => void showUnseen(desk) },
  move('arrowdown', 'Next image', (desk) => step(desk, 1)),
  move('arrowup', 'Previous image', (desk) => step(desk, -1)),
  move('arrowright', 'Next image', (desk) => step(desk, 1)),
  move('arrowleft', 'Previous image', (desk) => step(desk, -1)),
  move('home', 'First image', (desk) => step(desk, -Infinity)),
  move('end', 'Last image', (desk) => step(desk, Infinity)),
  move('pagedown', 'Next series', (desk) => stepSeries(desk, 1)),
  move('pageup', 'Previous series', (desk) => stepSeries(desk, -1)),
  move('.', 'Other viewport', (desk) => desk.activate(desk.viewports.find((one) => one !== desk.active) ?? desk.active)),
];

/** Chooses one of the windows on the keys 1 to 9. */
export function choosePreset(desk: Desk, index: number): void {
  const { pixels, shown } = desk.active;
  if (pixels?.kind !== 'grey' || !shown) return;
  const preset = presets(shown.picture.image.modality, pixels)[index];
  if (!preset) return;
  desk.active.voi = preset.voi();
  desk.paint();
}

/** Runs what a key stands for; false when it stands for nothing. */
export function runKey(context: Context, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  if (/^[1-9]$/.test(event.key)) {
    choosePreset(context.desk, Number(event.key) - 1);
    return true;
  }
  const command = commands.find((one) => one.key === event.key.toLowerCase());
  command?.run(context);
  return command !== undefined;
}
