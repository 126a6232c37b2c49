// The list of tests. A test file calls `test` once per behaviour, with a name that is a sentence.

import path from 'node:path';

/** @type {{fullName: string, body: Function, seconds: number, pictures: boolean, alone: boolean, whole: boolean}[]} */
export const tests = [];

const SECONDS = 90;

/**
 * @param {string} file the test file, `import.meta.url`
 * @param {string} name what holds, as a sentence
 * @param {(stage: import('./stage.mjs').Stage) => Promise<void>} body
 * @param {{seconds?: number, pictures?: boolean, alone?: boolean, whole?: boolean}} [options]
 *   `pictures`: runs only with --screenshots; `alone`: measures time, so that no other test may run beside it;
 *   `whole`: in the browser that people have; so is what measures time
 */
export function test(file, name, body, options = {}) {
  const topic = path.basename(new URL(file).pathname, '.mjs');
  tests.push({
    fullName: `${topic}: ${name}`,
    body,
    seconds: options.seconds ?? SECONDS,
    pictures: options.pictures ?? false,
    alone: options.alone ?? false,
    whole: options.whole ?? options.alone ?? false,
  });
}
