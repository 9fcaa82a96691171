import type { ImageDescription } from '../dicom/image';
import type { Pixels } from '../load/pixels';
import { type Camera, inverse, type Size, toViewport, turn } from './camera';
import { Program } from './program';
import { colourHalving, drawing, greyHalving, type Sampling } from './shaders';
import { bindLevel, freeImage, type ImageTexture, uploadImage } from './texture';

/** A rectangle of the canvas in device pixels from its upper left corner. */
export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

export interface Look {
  /** 65,536 grey levels; only for grey images. */
  readonly table: Uint8Array<ArrayBuffer> | undefined;
  readonly inverted: boolean;
}

const budget = 512 * 1024 * 1024;

/** Draws images into rectangles of one canvas. It knows nothing of studies, states or tools. */
export class Renderer {
  readonly #canvas: HTMLCanvasElement;
  readonly #gl: WebGL2RenderingContext;
  readonly #programs = new Map<string, Program>();
  #table: WebGLTexture | null;
  #tableContent: Uint8Array | undefined;
  readonly #textures = new Map<Pixels, ImageTexture>();

  constructor(canvas: HTMLCanvasElement, onLost: () => void, onRestored: () => void) {
    const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false, preserveDrawingBuffer: false });
    if (!gl) throw new Error('This browser offers no WebGL 2; images cannot be shown. Allow hardware acceleration or use another browser.');
    this.#canvas = canvas;
    this.#gl = gl;
    this.#table = this.#buildTable();
    canvas.addEventListener('webglcontextlost', (event) => {
      // Only a prevented event lets the browser give the context back.
      event.preventDefault();
      onLost();
    });
    canvas.addEventListener('webglcontextrestored', () => {
      this.#textures.clear();
      this.#programs.clear();
      this.#table = this.#buildTable();
      onRestored();
    });
  }

  get lost(): boolean {
    return this.#gl.isContextLost();
  }

  clear(at: Rectangle, level = 0): void {
    this.#aim(at);
    this.#gl.clearColor(level, level, level, 1);
    this.#gl.clear(this.#gl.COLOR_BUFFER_BIT);
  }

  draw(at: Rectangle, image: ImageDescription, pixels: Pixels, camera: Camera, look: Look): void {
    const texture = this.#texture(image, pixels);
    this.clear(at);
    this.#narrow(at, image, camera);
    this.#paint(at.x, this.#canvas.height - at.y - at.height, at, texture, camera, look);
  }

  /** A small picture of the whole image, RGBA from the upper left corner. */
  thumbnail(image: ImageDescription, pixels: Pixels, camera: Camera, size: Size, look: Look): Uint8ClampedArray<ArrayBuffer> {
    const gl = this.#gl;
    const texture = this.#texture(image, pixels);
    const target = gl.createRenderbuffer();
    const framebuffer = gl.createFramebuffer();
    gl.bindRenderbuffer(gl.RENDERBUFFER, target);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, size.width, size.height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, target);
    gl.disable(gl.SCISSOR_TEST);
    gl.viewport(0, 0, size.width, size.height);
    this.#paint(0, 0, size, texture, camera, look);
    const rgba = this.#read({ x: 0, y: 0, ...size });
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.deleteFramebuffer(framebuffer);
    gl.deleteRenderbuffer(target);
    return rgba;
  }

  /** What a rectangle of the canvas shows; only valid in the task that drew it. */
  readPixels(at: Rectangle): Uint8ClampedArray<ArrayBuffer> {
    this.#gl.bindFramebuffer(this.#gl.FRAMEBUFFER, null);
    return this.#read({ ...at, y: this.#canvas.height - at.y - at.height });
  }

  /** Gives the graphics memory back. */
  dispose(): void {
    for (const texture of this.#textures.values()) freeImage(this.#gl, texture);
    this.#textures.clear();
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  #program(fragment: string): Program {
    let program = this.#programs.get(fragment);
    if (!program) this.#programs.set(fragment, (program = new Program(this.#gl, fragment)));
    return program;
  }

  #buildTable(): WebGLTexture | null {
    const gl = this.#gl;
    const table = gl.createTexture();
    this.#tableContent = undefined;
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, table);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.R8UI, 256, 256);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    return table;
  }

  #aim(at: Rectangle): void {
    const gl = this.#gl;
    const bottom = this.#canvas.height - at.y - at.height;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(at.x, bottom, at.width, at.height);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(at.x, bottom, at.width, at.height);
  }

  /** Leaves out of drawing what lies beside the image. */
  #narrow(at: Rectangle, image: ImageDescription, camera: Camera): void {
    const one = toViewport(camera, at, { x: 0, y: 0 });
    const other = toViewport(camera, at, { x: image.columns, y: image.rows });
    const left = Math.max(0, Math.floor(Math.min(one.x, other.x)));
    const right = Math.min(at.width, Math.ceil(Math.max(one.x, other.x)));
    const top = Math.max(0, Math.floor(Math.min(one.y, other.y)));
    const bottom = Math.min(at.height, Math.ceil(Math.max(one.y, other.y)));
    const fromBelow = this.#canvas.height - at.y - bottom;
    this.#gl.scissor(at.x + left, fromBelow, Math.max(0, right - left), Math.max(0, bottom - top));
  }

  #paint(left: number, bottom: number, size: Size, texture: ImageTexture, camera: Camera, look: Look): void {
    const gl = this.#gl;
    const density = Math.min(camera.scale, camera.scale * camera.aspect);
    const sampling: Sampling = density < 1 ? 'area' : camera.scale === 1 && camera.aspect === 1 ? 'nearest' : 'bilinear';
    const program = this.#program(drawing(texture.kind, sampling));
    program.use();
    const depth = Math.min(texture.levels.length - 1, Math.max(0, Math.floor(Math.log2(1 / density))));
    const level = texture.levels[depth];
    if (!level) return;
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, level.texture);
    bindLevel(gl, program, level, texture.tilesAcross);
    if (texture.kind === 'grey') this.#bindTable(program, look.table);
    const { right, down } = inverse(turn(camera));
    gl.uniform2f(program.at('corner'), left, bottom);
    gl.uniform2f(program.at('extent'), size.width, size.height);
    gl.uniform2f(program.at('centre'), camera.centre.x, camera.centre.y);
    gl.uniformMatrix2fv(program.at('toImage'), false, [right.x, right.y, down.x, down.y]);
    gl.uniform2f(program.at('imageSize'), texture.image.columns, texture.image.rows);
    gl.uniform1f(program.at('shrink'), 2 ** -depth);
    gl.uniform1i(program.at('inverted'), look.inverted ? 1 : 0);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  #bindTable(program: Program, table: Uint8Array<ArrayBuffer> | undefined): void {
    const gl = this.#gl;
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.#table);
    if (table && table !== this.#tableContent) {
      gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 256, 256, gl.RED_INTEGER, gl.UNSIGNED_BYTE, table);
      this.#tableContent = table;
    }
    gl.uniform1i(program.at('lut'), 1);
  }

  #texture(image: ImageDescription, pixels: Pixels): ImageTexture {
    let texture = this.#textures.get(pixels);
    if (texture) this.#textures.delete(pixels);
    else {
      const halving = this.#program(pixels.kind === 'grey' ? greyHalving : colourHalving);
      texture = uploadImage(this.#gl, halving, image, pixels);
    }
    // A map keeps the order of entering: the first is the one not drawn for longest.
    this.#textures.set(pixels, texture);
    let bytes = [...this.#textures.values()].reduce((sum, one) => sum + one.bytes, 0);
    for (const [key, old] of this.#textures) {
      if (bytes <= budget || key === pixels) break;
      freeImage(this.#gl, old);
      this.#textures.delete(key);
      bytes -= old.bytes;
    }
    return texture;
  }

  #read({ x, y, width, height }: Rectangle): Uint8ClampedArray<ArrayBuffer> {
    const upward = new Uint8Array(width * height * 4);
    this.#gl.readPixels(x, y, width, height, this.#gl.RGBA, this.#gl.UNSIGNED_BYTE, upward);
    const rgba = new Uint8ClampedArray(upward.length);
    for (let row = 0; row < height; row++) {
      rgba.set(upward.subarray((height - 1 - row) * width * 4, (height - row) * width * 4), row * width * 4);
    }
    return rgba;
  }
}
