const heading = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
precision highp usampler2DArray;
`;

/** One triangle that covers the scissored rectangle. */
export const vertex = `${heading}
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

/** Fetches one pixel of a pyramid level that is cut into tiles, which lie in the layers of an array texture. */
const fetch = `
uniform usampler2DArray level;
uniform ivec2 levelSize;
uniform ivec2 tileSize;
uniform int tilesAcross;
uvec4 stored(ivec2 q) {
  q = clamp(q, ivec2(0), levelSize - 1);
  // In floats, which is faster and, half a pixel from any border, exact.
  ivec2 tile = ivec2((vec2(q) + 0.5) / vec2(tileSize));
  return texelFetch(level, ivec3(q - tile * tileSize, tile.y * tilesAcross + tile.x), 0);
}`;

/**
 * How a device pixel is made from image pixels: one of them at 1:1, a bilinear mixture above, below an average over the
 * exact area it covers. Each is a program of its own because some drivers run all branches of a choice.
 */
export const samplings = {
  nearest: 'vec3 sampled(vec2 p) { return shade(ivec2(floor(p))); }',
  bilinear: `
vec3 sampled(vec2 p) {
  p = p * shrink - 0.5;
  ivec2 q = ivec2(floor(p));
  vec2 f = p - floor(p);
  return mix(mix(shade(q), shade(q + ivec2(1, 0)), f.x),
             mix(shade(q + ivec2(0, 1)), shade(q + ivec2(1, 1)), f.x), f.y);
}`,
  // A device pixel covers one to two pixels of the level each way, and so touches at most three.
  area: `
vec3 sampled(vec2 p) {
  vec2 covered = (abs(toImage[0]) + abs(toImage[1])) * shrink;
  vec2 low = p * shrink - covered * 0.5;
  vec2 high = low + covered;
  vec2 first = floor(low);
  ivec2 q = ivec2(first);
  vec2 one = min(first + 1.0, high) - low;
  vec2 two = clamp(high - first - 1.0, 0.0, 1.0);
  vec2 three = clamp(high - first - 2.0, 0.0, 1.0);
  vec3 upper = one.x * shade(q) + two.x * shade(q + ivec2(1, 0)) + three.x * shade(q + ivec2(2, 0));
  vec3 middle = one.x * shade(q + ivec2(0, 1)) + two.x * shade(q + ivec2(1, 1)) + three.x * shade(q + ivec2(2, 1));
  vec3 lower = one.x * shade(q + ivec2(0, 2)) + two.x * shade(q + ivec2(1, 2)) + three.x * shade(q + ivec2(2, 2));
  return (one.y * upper + two.y * middle + three.y * lower) / (covered.x * covered.y);
}`,
} as const;

export type Sampling = keyof typeof samplings;

const placing = `
uniform vec2 corner;
uniform vec2 extent;
uniform vec2 centre;
uniform mat2 toImage;
uniform vec2 imageSize;
uniform float shrink;
uniform bool inverted;
out vec4 colour;`;

const draw = `
void main() {
  vec2 d = gl_FragCoord.xy - corner - extent * 0.5;
  vec2 p = centre + toImage * vec2(d.x, -d.y);
  if (p.x < 0.0 || p.y < 0.0 || p.x >= imageSize.x || p.y >= imageSize.y) {
    colour = vec4(0.0, 0.0, 0.0, 1.0);
    return;
  }
  vec3 c = sampled(p);
  colour = vec4(inverted ? 1.0 - c : c, 1.0);
}`;

/** What is mixed are finished levels, never stored values. */
const shade = {
  grey: `
uniform usampler2D lut;
vec3 shade(ivec2 q) {
  uint s = stored(q).r;
  return vec3(float(texelFetch(lut, ivec2(int(s & 255u), int(s >> 8)), 0).r) / 255.0);
}`,
  colour: `
vec3 shade(ivec2 q) {
  return vec3(stored(q).rgb) / 255.0;
}`,
} as const;

export const drawing = (kind: 'grey' | 'colour', sampling: Sampling): string =>
  `${heading}${fetch}${placing}${shade[kind]}${samplings[sampling]}${draw}`;

const halve = `
uniform ivec2 tileOrigin;
out uvec4 result;
ivec2 corner() {
  return tileOrigin + 2 * ivec2(gl_FragCoord.xy);
}`;

/** Averages four stored values as values, with their sign, leaving padding out unless there is nothing else. */
export const greyHalving = `${heading}${fetch}${halve}
uniform int shift;
uniform int bits;
uniform bool signedValues;
uniform bool padded;
uniform ivec2 padding;
int value(ivec2 q) {
  int v = (int(stored(q).r) >> shift) & ((1 << bits) - 1);
  return signedValues && v >= (1 << (bits - 1)) ? v - (1 << bits) : v;
}
void main() {
  int sum = 0;
  int count = 0;
  int first = value(corner());
  for (int i = 0; i < 4; i++) {
    int v = value(corner() + ivec2(i & 1, i >> 1));
    if (padded && v >= padding.x && v <= padding.y) continue;
    sum += v;
    count++;
  }
  // Rounded to nearest; floor of the quotient also below zero.
  int twice = 2 * sum + count;
  int mean = count == 0 ? first : (twice >= 0 ? twice / (2 * count) : -((-twice + 2 * count - 1) / (2 * count)));
  result = uvec4((uint(mean) & uint((1 << bits) - 1)) << uint(shift), 0u, 0u, 0u);
}`;

export const colourHalving = `${heading}${fetch}${halve}
void main() {
  ivec2 q = corner();
  result = (stored(q) + stored(q + ivec2(1, 0)) + stored(q + ivec2(0, 1)) + stored(q + ivec2(1, 1)) + 2u) / 4u;
}`;
