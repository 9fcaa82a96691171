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
  ivec2 tile = q / tileSize;
  return texelFetch(level, ivec3(q - tile * tileSize, tile.y * tilesAcross + tile.x), 0);
}`;

/** Bilinear sampling mixes four finished greys, never four stored values. */
const draw = `
uniform vec2 corner;
uniform vec2 extent;
uniform vec2 centre;
uniform mat2 toImage;
uniform vec2 imageSize;
uniform float shrink;
uniform int sampling;
uniform bool inverted;
out vec4 colour;
vec3 bilinear(vec2 p) {
  p -= 0.5;
  ivec2 q = ivec2(floor(p));
  vec2 f = p - floor(p);
  return mix(mix(shade(q), shade(q + ivec2(1, 0)), f.x),
             mix(shade(q + ivec2(0, 1)), shade(q + ivec2(1, 1)), f.x), f.y);
}
void main() {
  vec2 d = gl_FragCoord.xy - corner - extent * 0.5;
  vec2 p = centre + toImage * vec2(d.x, -d.y);
  if (p.x < 0.0 || p.y < 0.0 || p.x >= imageSize.x || p.y >= imageSize.y) {
    colour = vec4(0.0, 0.0, 0.0, 1.0);
    return;
  }
  vec3 c;
  if (sampling == 0) {
    c = shade(ivec2(floor(p)));
  } else if (sampling == 1) {
    c = bilinear(p * shrink);
  } else {
    // Between two pyramid levels: four taps cover the footprint, so that no pixel is skipped.
    vec2 a = toImage * vec2(0.25, 0.25) * shrink;
    vec2 b = toImage * vec2(0.25, -0.25) * shrink;
    c = (bilinear(p * shrink + a) + bilinear(p * shrink - a) + bilinear(p * shrink + b) + bilinear(p * shrink - b)) * 0.25;
  }
  colour = vec4(inverted ? 1.0 - c : c, 1.0);
}`;

export const greyFragment = `${heading}${fetch}
uniform usampler2D lut;
vec3 shade(ivec2 q) {
  uint s = stored(q).r;
  return vec3(float(texelFetch(lut, ivec2(int(s & 255u), int(s >> 8)), 0).r) / 255.0);
}${draw}`;

export const colourFragment = `${heading}${fetch}
vec3 shade(ivec2 q) {
  return vec3(stored(q).rgb) / 255.0;
}${draw}`;

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
