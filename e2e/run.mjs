// Runs the browser tests: `node run.mjs [words]` runs those whose file or name contains the words;
// `--screenshots` also writes the pictures of every state to docs/screenshots.
//
// PARLANCE_BIN   the server binary with the app inside
// CHROMIUM       the browser, /usr/bin/chromium if not said

import { readdir, rm } from 'node:fs/promises';
import { launch } from './stage/browser.mjs';
import { Stage } from './stage/stage.mjs';
import { tests } from './stage/test.mjs';
import { artefacts } from './stage/paths.mjs';

const COLOURS = /\x1b\[\d+m/g;
const args = process.argv.slice(2);
const wanted = args.filter((arg) => !arg.startsWith('--')).join(' ').toLowerCase();
const switches = args.filter((arg) => arg.startsWith('--'));
const unknown = switches.filter((arg) => arg !== '--screenshots');
if (unknown.length > 0) {
  console.error(`unknown argument ${unknown[0]}; there is one: --screenshots`);
  process.exit(2);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const folder = new URL('./tests/', import.meta.url);
for (const file of (await readdir(folder)).sort()) {
  if (file.endsWith('.mjs')) await import(new URL(file, folder));
}
const withPictures = switches.includes('--screenshots');
const chosen = tests.filter((test) => test.fullName.toLowerCase().includes(wanted) && (withPictures || !test.pictures));

await rm(artefacts, { recursive: true, force: true });
const browser = await launch();
let failed = 0;
for (const test of chosen) {
  failed += (await run(test)) ? 0 : 1;
}
await browser.close();
console.log(`${chosen.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function run(test) {
  const stage = new Stage(browser, test);
  const began = performance.now();
  let error = null;
  try {
    await withDeadline(test.seconds, test.body(stage));
    stage.audit();
  } catch (thrown) {
    error = thrown;
    await stage.keepEvidence();
  }
  await stage.close();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${error ? 'FAILED' : 'ok    '}  ${test.fullName} (${seconds} s)`);
  for (const line of stage.notes) console.log(`        ${line}`);
  if (error) {
    const text = String(error.stack ?? error).replaceAll(COLOURS, '');
    for (const line of text.split('\n')) console.log(`        | ${line}`);
    for (const line of stage.evidence) console.log(`        | ${line}`);
  }
  return error === null;
}

function withDeadline(seconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
