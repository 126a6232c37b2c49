import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from '../stage/test.mjs';

// `MESSAGES=100000 node run.mjs 41-memory` takes two minutes and shows what a day of a large server does to a tab.
const MESSAGES = Number(process.env.MESSAGES ?? 6_000);
const PER_SECOND = 1_000;
/** Of the whole process, compiled program and all: a browser cleans up when it likes. */
const GROWTH_MIB = 48;

test(import.meta.url, 'a tab that hears much takes no more memory', async (stage) => {
  const server = await stage.server('--send-rate', '1000000');
  const lin = await stage.guest(server, 'Lin');
  const ada = await stage.signedIn(server, 'Ada');
  const heap = await memoryOf(stage, ada);
  const seen = [];
  // The first part fills what is bounded: the page's rows, the session's window, the recorded messages.
  for (const [from, to] of [[0, MESSAGES / 4], [MESSAGES / 4, MESSAGES]]) {
    const text = (n) => `said ${from + n + 1} of ${MESSAGES}, as long as most are`;
    await lin.stream(lin.room('lobby'), Array.from({ length: to - from }, (_, n) => text(n)), PER_SECOND);
    await ada.sees(text(to - from - 1));
    seen.push({ messages: to, ...(await heap()) });
  }
  const [before, after] = seen;
  for (const { messages, objects, process } of seen) {
    stage.note(`after ${messages} messages: ${objects.toFixed(1)} MiB of objects of the page's scripts, ${process?.toFixed(0)} MiB of the tab's process`);
  }
  assert.ok(after.objects < 2 * before.objects, 'objects of the scripts');
  assert.ok(!after.process || after.process < before.process + GROWTH_MIB, 'the process');
}, { alone: true, seconds: 300 });

/** Tells, whenever it is asked, what a page's scripts hold and what its process has to itself, in MiB; the latter on Linux only. */
async function memoryOf(stage, { page }) {
  const tab = await page.context().newCDPSession(page);
  const browser = await stage.browser.newBrowserCDPSession();
  return async () => {
    await tab.send('HeapProfiler.collectGarbage');
    const { usedSize } = await tab.send('Runtime.getHeapUsage');
    const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer').sort((a, b) => b.cpuTime - a.cpuTime);
    const rollup = await readFile(`/proc/${renderers[0].id}/smaps_rollup`, 'utf8').catch(() => '');
    const own = /^Private_Dirty:\s+(\d+) kB/m.exec(rollup);
    return { objects: usedSize / 2 ** 20, process: own && Number(own[1]) / 1_024 };
  };
}
