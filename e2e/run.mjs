// Runs the browser tests: `node run.mjs [words]` runs those whose file or name contains the words;
// `--screenshots` also writes the pictures of every state to docs/screenshots.
//
// PARLANCE_BIN   the server binary with the app inside
// CHROMIUM       the browser, /usr/bin/chromium if not said
// HEADLESS_SHELL the same without windows, for what measures no time; Debian's if it is there and nothing else is said
// FRAME_MS       how long a frame that a page asks for waits, as on a busy machine; what measures time fails then

import { readdir, rm, statfs } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { headless, launch, whole } from './stage/browser.mjs';
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
// A test waits more than it works: three at a time keep two cores busy. What measures time has the machine to itself.
const LANES = 3;
const failures = [];
const together = chosen.filter((test) => !test.alone);
await Promise.all(Array.from({ length: LANES }, () => lane(together)));
await lane(chosen.filter((test) => test.alone));
// Said again: what a failed test said may stand hundreds of lines above.
for (const { name, why } of failures) console.log(`failed: ${name}: ${why}`);
console.log(`${chosen.length - failures.length} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);

/** Takes tests from the list until none is left, in browsers (and with a clipboard) of its own. */
async function lane(waiting) {
  const browsers = new Map();
  for (let test = waiting.shift(); test; test = waiting.shift()) {
    const executable = test.whole ? whole() : headless();
    // A browser that died fails the test it died in, not all that follow.
    if (!browsers.get(executable)?.isConnected()) browsers.set(executable, await launch(executable));
    const why = await run(browsers.get(executable), test);
    if (why !== null) failures.push({ name: test.fullName, why });
  }
  for (const browser of browsers.values()) await browser.close();
}

/** Runs one test; why it failed, in a line, or null. */
async function run(browser, test) {
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
  if (!error) return null;
  const text = String(error.stack ?? error).replaceAll(COLOURS, '');
  for (const line of text.split('\n')) console.log(`        | ${line}`);
  for (const line of [...stage.evidence, await room()]) console.log(`        | ${line}`);
  return String(error.message ?? error).replaceAll(COLOURS, '').replaceAll(/\s+/g, ' ').slice(0, 200);
}

/** What the machine has left: a full disk or memory fails tests that have no fault. */
async function room() {
  const { bavail, bsize } = await statfs(tmpdir());
  const gigabytes = (bytes) => (bytes / 1e9).toFixed(1);
  return `left on this machine: ${gigabytes(bavail * bsize)} GB of disk, ${gigabytes(freemem())} GB of memory`;
}

function withDeadline(seconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
