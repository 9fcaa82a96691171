import { type Camera, type Size, toViewport, turn } from '../draw/camera';

const namespace = 'http://www.w3.org/2000/svg';

/** Draws the overlays of a picture above it, in a colour that no picture has. It is emptied together with the picture. */
export class OverlayLayer {
  readonly element = document.createElementNS(namespace, 'svg');
  readonly #path = document.createElementNS(namespace, 'path');
  #drawn = '';

  constructor() {
    this.element.setAttribute('class', 'overlays');
    this.element.setAttribute('aria-hidden', 'true');
    this.element.append(this.#path);
  }

  clear(): void {
    this.#write('');
  }

  /** @param path In image pixels. */
  draw(path: string, camera: Camera, viewport: Size): void {
    this.#write(path);
    if (path === '') return;
    this.element.setAttribute('viewBox', `0 0 ${viewport.width} ${viewport.height}`);
    const { right, down } = turn(camera);
    const corner = toViewport(camera, viewport, { x: 0, y: 0 });
    this.#path.setAttribute('transform', `matrix(${right.x} ${right.y} ${down.x} ${down.y} ${corner.x} ${corner.y})`);
  }

  #write(path: string): void {
    if (path === this.#drawn) return;
    this.#path.setAttribute('d', path);
    this.#drawn = path;
  }
}
