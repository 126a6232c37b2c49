// Makes emoji.txt from what emojibase-data took from the Unicode CLDR. To make it anew, in any folder:
//
//   npm install emojibase-data@17.0.0
//   node make.mjs node_modules/emojibase-data > emoji.txt

import { readFile } from 'node:fs/promises';
import path from 'node:path';

const folder = process.argv[2];
const read = async (name) => JSON.parse(await readFile(path.join(folder, name), 'utf8'));
const [english, chinese, github, cldr] = await Promise.all(
  ['en/data.json', 'zh/data.json', 'en/shortcodes/github.json', 'en/shortcodes/cldr.json'].map(read),
);
// Without the parts that emoji are made of.
const GROUPS = [0, 1, 3, 4, 5, 6, 7, 8, 9];
// Newer ones are boxes on half of the devices.
const NEWEST = 15.1;

const list = (value) => (value === undefined ? [] : [value].flat());
const inChinese = new Map(chinese.map((entry) => [entry.hexcode, entry]));

/** As people type it: a sign that is a picture by itself carries no selector. */
const sign = ({ emoji, type }) => (type === 1 && [...emoji].length === 2 ? emoji.replace('\ufe0f', '') : emoji);

function line(entry) {
  const other = inChinese.get(entry.hexcode);
  const names = list(github[entry.hexcode] ?? cldr[entry.hexcode]);
  const said = `${names.join(' ')} ${entry.label}`.toLowerCase();
  // Words that say no more than the name are not needed to find it.
  const words = list(entry.tags).filter((word) => !said.includes(word.toLowerCase())).slice(0, 5);
  const chineseWords = list(other?.tags).filter((word) => !other.label.includes(word)).slice(0, 5);
  const toned = list(entry.skins).length === 5;
  return [sign(entry) + (toned ? '+' : ''), names.join(' '), entry.label, other?.label ?? entry.label, [...words, ...chineseWords].join(' ')].join('\t');
}

console.log('# Names of emoji from the Unicode CLDR (Copyright © 1991-2025 Unicode, Inc., Unicode License v3), by way of');
console.log('# emojibase-data 17.0.0 (Copyright © 2017-2019 Miles Johnson, MIT). The licences are in LICENSE.txt beside the source.');
const groups = GROUPS.map((group) => {
  const of = english.filter((entry) => entry.group === group && entry.version <= NEWEST);
  return of.sort((one, other) => one.order - other.order).map(line).join('\n');
});
console.log(groups.join('\n\n'));
