// Harms a page again and again while a person writes in it, then counts: `node soak.mjs [--rounds 200] [--seed N]`.
// The tests run a few rounds of the same; this is for hours. PARLANCE_BIN and CHROMIUM as in run.mjs.

import { launch, whole } from './stage/browser.mjs';
import { soak } from './stage/soaking.mjs';
import { Stage } from './stage/stage.mjs';

const options = { rounds: 200, seed: Date.now() % 1_000_000_000 };
const args = process.argv.slice(2);
while (args.length > 0) {
  const name = args.shift().replace(/^--/, '');
  const value = Number(args.shift());
  if (!(name in options) || !Number.isSafeInteger(value) || value < 1) {
    console.error('usage: node soak.mjs [--rounds N] [--seed N]');
    process.exit(2);
  }
  options[name] = value;
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const browser = await launch(whole());
const stage = new Stage(browser, { fullName: 'soak' });
const began = performance.now();
let failed = true;
try {
  const { faults, summary } = await soak(stage, { ...options, say: console.log });
  console.log(`${summary}; ${Math.round((performance.now() - began) / 1000)} s`);
  for (const [what, bodies] of faults) console.log(`${what}: ${bodies.join(', ')}`);
  stage.audit();
  failed = faults.length > 0;
} catch (error) {
  console.error(`seed ${options.seed}: ${error.stack ?? error}`);
  await stage.keepEvidence();
  for (const line of stage.evidence) console.error(line);
}
await stage.close();
await browser.close();
process.exit(failed ? 1 : 0);
