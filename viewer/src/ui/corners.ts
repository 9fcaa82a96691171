import { orientationOf } from '../dicom/image';
import { opposite } from '../dicom/orientation';
import { date } from '../dicom/patient';
import type { Voi } from '../dicom/grey';
import type { Camera } from '../draw/camera';
import type { Picture, Series } from '../load/study';
import { html } from './dom';

export interface Facts {
  readonly picture: Picture;
  readonly series: Series;
  readonly camera: Camera;
  readonly voi: Voi | undefined;
  readonly inverted: boolean;
  /** The picture has overlays, which are not drawn. */
  readonly hides: boolean;
  readonly key: boolean;
  readonly seen: boolean;
}

/** The text around a picture. It is written from the object that is drawn, never from what the page believes. */
export class Corners {
  readonly element = html('div', { class: 'corners' });

  clear(): void {
    this.element.replaceChildren();
  }

  write(facts: Facts): void {
    const { image, frame } = facts.picture;
    const { patient } = image;
    const index = facts.series.pictures.findIndex((one) => one.image === image && one.frame === frame);
    const side = [image.laterality && sideName(image.laterality), image.view].filter((part) => part).join(' ');
    this.element.replaceChildren(
      corner('top left', patient.name, `${patient.id}  ·  ${patient.birthDate}`, side),
      corner(
        'top right',
        image.studyDescription || `${image.modality} study`,
        [date(image.studyDate), `${image.modality} series ${image.seriesNumber}`].filter((part) => part).join('  ·  '),
        image.seriesDescription,
      ),
      corner('bottom left', grey(facts), zoom(facts.camera), changes(facts)),
      corner(
        'bottom right',
        `Image ${index + 1} / ${facts.series.pictures.length}`,
        `${image.columns} × ${image.rows}`,
        [facts.key ? '★ key image' : '', facts.seen ? 'seen at 1:1' : 'not yet seen at 1:1'].filter((part) => part).join('  ·  '),
      ),
      ...directions(facts),
    );
  }
}

function corner(place: string, ...lines: string[]): HTMLElement {
  return html('div', { class: `corner ${place}` }, ...lines.filter((line) => line !== '').map((line) => html('div', {}, line)));
}

const sideName = (code: string): string => ({ L: 'LEFT', R: 'RIGHT', B: 'BOTH SIDES', U: 'UNPAIRED' })[code] ?? code;

function grey({ voi }: Facts): string {
  if (!voi) return 'Colour';
  if (voi.kind === 'lut') return `Table ${voi.explanation ?? 'of the image'}`;
  const kind = voi.function === 'LINEAR' ? '' : ` ${voi.function}`;
  return `C ${tidy(voi.center)}  W ${tidy(voi.width)}${kind}`;
}

function zoom({ scale }: Camera): string {
  return scale === 1 ? '1:1' : `${scale < 0.1 ? (scale * 100).toFixed(1) : Math.round(scale * 100)} %`;
}

/** Whatever makes the picture differ from the stored one is said beside it. */
function changes({ camera, inverted, hides }: Facts): string {
  return [
    inverted ? 'INVERTED' : '',
    hides ? 'OVERLAYS HIDDEN' : '',
    camera.mirrored ? 'MIRRORED' : '',
    camera.quarterTurns ? `TURNED ${camera.quarterTurns * 90}°` : '',
  ]
    .filter((part) => part !== '')
    .join('  ');
}

function directions({ picture, camera }: Facts): HTMLElement[] {
  const orientation = orientationOf(picture.image, picture.frame);
  if (!orientation) return [];
  const right = camera.mirrored ? opposite(orientation.right) : orientation.right;
  // Clockwise from the right edge; a quarter turn moves each letter to the next edge.
  const around = [right, orientation.down, opposite(right), opposite(orientation.down)];
  return ['right', 'bottom', 'left', 'top'].map((edge, index) =>
    html('div', { class: `direction ${edge}` }, around[(index + 4 - camera.quarterTurns) % 4] ?? ''),
  );
}

const tidy = (value: number): string => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5))));
