// Images for the tests to send: a PNG of any size, with a pattern that no two names have in common.

import { crc32, deflateSync } from 'node:zlib';

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** @returns {{name: string, mimeType: string, buffer: Buffer}} as Playwright takes files */
export function png(name, width = 640, height = 400) {
  const tone = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 251, 7);
  const rows = Buffer.alloc(height * (1 + 3 * width));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (1 + 3 * width) + 1 + 3 * x;
      rows[at] = (tone + (x * 120) / width) % 256;
      rows[at + 1] = (tone * 3 + (y * 120) / height) % 256;
      rows[at + 2] = (180 + ((x >> 5) + (y >> 5)) % 2 * 40) % 256;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const start = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const buffer = Buffer.concat([start, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
  return { name, mimeType: 'image/png', buffer };
}

/** A file that is no image. */
export function notes(name, text = 'milk, eggs, tea') {
  return { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
}
