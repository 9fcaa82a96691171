import type { ImageDescription } from '../dicom/image';
import type { Pixels } from '../load/pixels';
import type { Program } from './program';

const largestTile = 2048;
/** Tiles end on whole pixels of every pyramid level down to this many levels. */
const deepest = 8;

export interface Level {
  readonly texture: WebGLTexture;
  readonly width: number;
  readonly height: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
}

/** An image on the graphics card: stored values in tiles, and its pyramid of 2x2 averages. */
export interface ImageTexture {
  readonly kind: 'grey' | 'colour';
  readonly image: ImageDescription;
  readonly levels: readonly Level[];
  readonly tilesAcross: number;
  readonly tilesDown: number;
  readonly bytes: number;
}

/**
 * Uploads an image of any size. Tiles are the layers of an array texture, so no image meets MAX_TEXTURE_SIZE and a
 * neighbour in the next tile is one fetch away.
 */
export function uploadImage(gl: WebGL2RenderingContext, halving: Program, image: ImageDescription, pixels: Pixels): ImageTexture {
  const { columns, rows } = image;
  const tilesAcross = Math.ceil(columns / largestTile);
  const tilesDown = Math.ceil(rows / largestTile);
  const grey = pixels.kind === 'grey';
  const base = allocate(gl, grey, columns, rows, tileExtent(columns, tilesAcross), tileExtent(rows, tilesDown), tilesAcross * tilesDown);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, grey ? 2 : 4);
  gl.pixelStorei(gl.UNPACK_ROW_LENGTH, columns);
  for (let layer = 0; layer < tilesAcross * tilesDown; layer++) {
    const x = (layer % tilesAcross) * base.tileWidth;
    const y = Math.floor(layer / tilesAcross) * base.tileHeight;
    const width = Math.min(base.tileWidth, columns - x);
    const height = Math.min(base.tileHeight, rows - y);
    if (width <= 0 || height <= 0) continue;
    const offset = y * columns + x;
    if (pixels.kind === 'grey') {
      gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, layer, width, height, 1, gl.RED_INTEGER, gl.UNSIGNED_SHORT, pixels.words, offset);
    } else {
      gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, layer, width, height, 1, gl.RGBA_INTEGER, gl.UNSIGNED_BYTE, pixels.rgba, offset * 4);
    }
  }
  gl.pixelStorei(gl.UNPACK_ROW_LENGTH, 0);
  const levels = [base];
  const layers = tilesAcross * tilesDown;
  halving.use();
  if (pixels.kind === 'grey') describeWords(gl, halving, pixels.pipeline);
  for (let above = base; levels.length <= deepest && Math.max(above.width, above.height) > 32; ) {
    above = halve(gl, halving, grey, above, tilesAcross, layers);
    levels.push(above);
  }
  const bytes = levels.reduce((sum, level) => sum + level.tileWidth * level.tileHeight * layers * (grey ? 2 : 4), 0);
  return { kind: pixels.kind, image, levels, tilesAcross, tilesDown, bytes };
}

export function freeImage(gl: WebGL2RenderingContext, texture: ImageTexture): void {
  for (const level of texture.levels) gl.deleteTexture(level.texture);
}

/** One tile fits the image exactly; several share it evenly, each a multiple of the deepest pyramid step. */
function tileExtent(extent: number, tiles: number): number {
  const step = 2 ** deepest;
  return tiles === 1 ? extent : Math.ceil(extent / tiles / step) * step;
}

function allocate(
  gl: WebGL2RenderingContext, grey: boolean, width: number, height: number, tileWidth: number, tileHeight: number, layers: number,
): Level {
  const texture = gl.createTexture();
  gl.activeTexture(gl.TEXTURE0);
  gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
  gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, grey ? gl.R16UI : gl.RGBA8UI, tileWidth, tileHeight, layers);
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D_ARRAY, filter, gl.NEAREST);
  if (gl.getError() === gl.OUT_OF_MEMORY) throw new Error('The graphics card has no room for this image.');
  return { texture, width, height, tileWidth, tileHeight };
}

function describeWords(gl: WebGL2RenderingContext, program: Program, { word, padding }: Extract<Pixels, { kind: 'grey' }>['pipeline']): void {
  gl.uniform1i(program.at('shift'), word.high + 1 - word.stored);
  gl.uniform1i(program.at('bits'), word.stored);
  gl.uniform1i(program.at('signedValues'), word.signed ? 1 : 0);
  gl.uniform1i(program.at('padded'), padding ? 1 : 0);
  gl.uniform2i(program.at('padding'), padding?.from ?? 0, padding?.to ?? 0);
}

function halve(gl: WebGL2RenderingContext, program: Program, grey: boolean, above: Level, tilesAcross: number, layers: number): Level {
  const half = (extent: number): number => Math.ceil(extent / 2);
  const level = allocate(gl, grey, half(above.width), half(above.height), half(above.tileWidth), half(above.tileHeight), layers);
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.bindTexture(gl.TEXTURE_2D_ARRAY, above.texture);
  bindLevel(gl, program, above, tilesAcross);
  gl.disable(gl.SCISSOR_TEST);
  gl.viewport(0, 0, level.tileWidth, level.tileHeight);
  for (let layer = 0; layer < layers; layer++) {
    gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, level.texture, 0, layer);
    const across = (layer % tilesAcross) * above.tileWidth;
    gl.uniform2i(program.at('tileOrigin'), across, Math.floor(layer / tilesAcross) * above.tileHeight);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.deleteFramebuffer(framebuffer);
  return level;
}

/** Tells a program where to fetch; the level's texture must be bound to unit 0. */
export function bindLevel(gl: WebGL2RenderingContext, program: Program, level: Level, tilesAcross: number): void {
  gl.uniform1i(program.at('level'), 0);
  gl.uniform2i(program.at('levelSize'), level.width, level.height);
  gl.uniform2i(program.at('tileSize'), level.tileWidth, level.tileHeight);
  gl.uniform1i(program.at('tilesAcross'), tilesAcross);
}
