import assert from 'node:assert/strict';
import { OwnBrowser } from '../stage/browser.mjs';
import { soak } from '../stage/soaking.mjs';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const waiting = ['first that waits', '第二条\n还在等', 'third 🕰️'];

async function sees(person, queued) {
  await until('everything is back', async () => {
    const found = (await person.timeline()).filter(({ state }) => state === 'queued').map(({ body }) => body);
    return JSON.stringify(found) === JSON.stringify(queued);
  });
}

test(import.meta.url, 'a page that crashes without a connection loses nothing', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const ada = await stage.signedIn(wire, 'Ada');
  const bob = await stage.signedIn(server, 'Bob');
  ada.watch.expectUnreachable();
  wire.cutSockets();
  await ada.isNotLive();
  for (const body of waiting) await ada.say(body);
  await ada.type('half a sen');
  await until('the text is kept', async () => (await ada.keptTexts()).includes('half a sen'));
  const { roomId } = ada;
  await ada.crash();
  const again = await stage.tab(ada.page.context(), wire, 'Ada');
  again.watch.expectUnreachable();
  await again.visit(`/r/${roomId}`);
  await again.seesRoom();
  await sees(again, waiting);
  assert.equal(await again.composer.inputValue(), 'half a sen');
  wire.mend();
  await again.isLive(40_000);
  await again.allStored();
  for (const person of [again, bob]) await until('all in order', async () => JSON.stringify(await person.bodies()) === JSON.stringify(waiting));
  await again.keeps(0);
});

test(import.meta.url, 'a browser that is killed without a connection loses nothing', async (stage) => {
  const server = await stage.server();
  const wire = await stage.wire(server);
  const bob = await stage.signedIn(server, 'Bob');
  const browser = stage.opened(await OwnBrowser.make());
  await browser.start();
  // Cookies reach the disk some while after they were set, or when the browser ends as it should.
  const first = await stage.tab(browser.context, wire, 'Ada');
  await first.visit();
  await first.signIn();
  await browser.end();

  await browser.start();
  const second = await stage.tab(browser.context, wire, 'Ada, second run');
  second.watch.expectUnreachable();
  await second.visit();
  await second.seesRoom();
  await second.isLive();
  wire.cutSockets();
  await second.isNotLive();
  for (const body of waiting) await second.say(body);
  await second.type('half a sen');
  await until('the text is kept', async () => (await second.keptTexts()).includes('half a sen'));
  const { roomId } = second;
  await browser.kill();

  await browser.start();
  const third = await stage.tab(browser.context, wire, 'Ada, third run');
  third.watch.expectUnreachable();
  await third.visit(`/r/${roomId}`);
  await third.seesRoom();
  await sees(third, waiting);
  assert.equal(await third.composer.inputValue(), 'half a sen');
  wire.mend();
  await third.isLive(40_000);
  await third.allStored();
  await until('all in order', async () => JSON.stringify(await bob.bodies()) === JSON.stringify(waiting));
}, { seconds: 120 });

test(import.meta.url, 'reloads, crashes and cuts while sending lose nothing, double nothing and keep the order', async (stage) => {
  const result = await soak(stage, { rounds: 12, seed: 20_261_124 });
  stage.note(result.summary);
  assert.deepEqual(result.faults, []);
}, { seconds: 240 });
