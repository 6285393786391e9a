// SPDX-License-Identifier: Apache-2.0
// A mountain range at dawn: drawn once as SVG, turned into pixels and resized by sharp.
import sharp from 'sharp';

export const WIDTHS = [160, 320, 640, 1280];

const WIDTH = 1280;
const HEIGHT = 540;
// The colours of a range at its top and, in the haze, at its foot; the farthest first.
const RANGES = [
  ['#b487a8', '#f0b7a6'],
  ['#8a6f9f', '#c998a8'],
  ['#5f568a', '#92799f'],
  ['#3b406d', '#5a5685'],
  ['#1b2545', '#232d52'],
];

// The same numbers between 0 and 1 for the same seed: mulberry32.
function randomFrom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

// Heights along a line whose middle is moved up or down, and so on for its halves.
function ridge(random, roughness) {
  let heights = [random(), random()];
  for (let range = 1; heights.length < 257; range *= roughness) {
    heights = heights.flatMap((height, i) => {
      if (i === 0) return [height];
      return [(heights[i - 1] + height) / 2 + (random() - 0.5) * range, height];
    });
  }
  return heights;
}

const fade = (id, [top, foot]) =>
  `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">
    <stop offset="0" stop-color="${top}"/><stop offset=".7" stop-color="${foot}"/></linearGradient>`;

function mountains(random) {
  return RANGES.map((colours, i) => {
    const foot = 330 + i * 55;
    const points = ridge(random, 0.54).map((height, x) => `${x * 5},${Math.round(foot - height * (190 - i * 26))}`);
    const shape = `<polygon fill="url(#r${i})" points="0,${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}"/>`;
    return fade(`r${i}`, colours) + shape;
  });
}

function stars(random) {
  return Array.from({ length: 90 }, () => {
    const [x, y] = [random() * WIDTH, random() ** 2 * 200];
    const [radius, opacity] = [0.5 + random(), 0.8 - y / 260];
    return `<circle cx="${x}" cy="${y}" r="${radius}" fill="#fff" opacity="${opacity}"/>`;
  });
}

function draw(random = randomFrom(41)) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
    <defs>
      <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" stop-color="#1c2150"/><stop offset=".3" stop-color="#5a4a86"/>
        <stop offset=".5" stop-color="#d98a8f"/><stop offset=".66" stop-color="#ffd6a0"/>
      </linearGradient>
      <radialGradient id="glow">
        <stop offset="0" stop-color="#fff3d1"/><stop offset=".15" stop-color="#ffe2a8" stop-opacity=".75"/>
        <stop offset=".45" stop-color="#ffc08a" stop-opacity=".25"/><stop offset="1" stop-color="#ffb37e" stop-opacity="0"/>
      </radialGradient>
    </defs>
    <rect width="100%" height="100%" fill="url(#sky)"/>
    ${stars(random).join('')}
    <circle cx="905" cy="222" r="380" fill="url(#glow)"/><circle cx="905" cy="222" r="32" fill="#fff8e6"/>
    ${mountains(random).join('')}
  </svg>`;
}

const original = Buffer.from(draw());

// { data, info }: the picture as WebP, `width` pixels wide.
export function render(width) {
  return sharp(original).resize(width).webp({ quality: 82 }).toBuffer({ resolveWithObject: true });
}

// The average colours of `count` stripes from top to bottom.
export async function stripes(count) {
  const pixels = await sharp(original).resize(1, count, { fit: 'fill' }).removeAlpha().raw().toBuffer();
  return Array.from({ length: count }, (_, i) => `#${pixels.subarray(3 * i, 3 * i + 3).toString('hex')}`);
}
