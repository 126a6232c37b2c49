import assert from 'node:assert/strict';
import { measure, scrollAndWatch } from '../stage/scrolling.mjs';
import { test } from '../stage/test.mjs';
import { until } from '../stage/until.mjs';

const MESSAGES = 1_200;
const SCREENFUL = 700;

// Of many heights, since rows of one height hide mistakes.
function body(n) {
  const lines = n % 7 === 0 ? '\nwith a second line\nand a third' : '';
  const long = n % 11 === 0 ? ` ${'一段很长的话 and a long sentence '.repeat(n % 5 + 1)}` : '';
  return `message ${n}${long.trimEnd()}${lines}`;
}

async function filledRoom(stage) {
  const server = await stage.server('--send-rate', '10000');
  const writers = [await stage.guest(server, 'Wang'), await stage.guest(server, 'Lin')];
  const lobby = writers[0].room('lobby');
  for (let n = 1; n <= MESSAGES; n += 20) {
    const bodies = Array.from({ length: 20 }, (_, k) => body(n + k));
    await writers[(n - 1) / 20 % 2].sendAll(lobby, bodies);
  }
  return { server, lobby, writer: writers[0] };
}

test(import.meta.url, 'scrolling up reaches the beginning, and nothing moves under the reader’s eyes', async (stage) => {
  const { server } = await filledRoom(stage);
  const ada = await stage.signedIn(server, 'Ada');
  await ada.sees(body(MESSAGES));
  const seen = new Set();
  let strayed = 0;
  let mostRows = 0;
  let steps = 0;
  const go = async (distance) => {
    const step = await scrollAndWatch(ada, distance);
    strayed = Math.max(strayed, step.strayed);
    mostRows = Math.max(mostRows, step.mostRows);
    step.seen.forEach((text) => seen.add(text));
    steps++;
  };
  for (let at = await measure(ada); !(at.hasBeginning && at.above === 0); at = await measure(ada)) {
    assert.ok(steps < 400, `not at the beginning after ${steps} screens`);
    await go(-SCREENFUL);
  }
  assert.equal(await ada.page.getByText('This is the beginning of lobby.').isVisible(), true);
  for (let n = 1; n <= MESSAGES; n++) assert.ok(seen.has(body(n)), `message ${n} was never in the page`);
  const up = steps;
  while ((await measure(ada)).below > 0) {
    assert.ok(steps < 800, `not at the end after ${steps - up} screens`);
    await go(SCREENFUL);
  }
  await ada.sees(body(MESSAGES));
  stage.note(`${up} screens up, ${steps - up} down: a row strayed by ${strayed.toFixed(2)} px at most, ${mostRows} rows in the page at most`);
  assert.ok(strayed <= 1, `a row moved by ${strayed} px`);
  assert.ok(mostRows <= 300, `${mostRows} rows in the page`);
}, { seconds: 150, whole: true });

test(import.meta.url, 'a new message does not move whoever reads further up, and says that it is there', async (stage) => {
  const { server, lobby, writer } = await filledRoom(stage);
  const ada = await stage.signedIn(server, 'Ada');
  await ada.sees(body(MESSAGES));
  await scrollAndWatch(ada, -SCREENFUL * 2);
  const before = await ada.log.evaluate((log) => {
    const top = log.getBoundingClientRect().top;
    const row = [...log.querySelectorAll('[data-row]')].find((row) => row.getBoundingClientRect().top >= top);
    row.id = 'watched';
    return row.getBoundingClientRect().top;
  });
  await writer.sendAll(lobby, ['news', 'more news']);
  await until('the button says so', async () => /2 new messages/.test(await ada.toPresent.innerText()));
  const after = await ada.page.locator('#watched').evaluate((row) => row.getBoundingClientRect().top);
  assert.ok(Math.abs(after - before) <= 1, `moved by ${after - before} px`);
  await ada.toPresent.click();
  await until('the end is on the screen', async () => (await measure(ada)).below <= 8);
  await ada.sees('more news');
  await ada.toPresent.waitFor({ state: 'hidden' });
  // At the end, the view follows.
  await writer.sendAll(lobby, ['last news']);
  await ada.sees('last news');
  await until('the view follows', async () => (await measure(ada)).below <= 8);
});

test(import.meta.url, 'an own message brings the reader to it', async (stage) => {
  const { server } = await filledRoom(stage);
  const ada = await stage.signedIn(server, 'Ada');
  await ada.sees(body(MESSAGES));
  await scrollAndWatch(ada, -SCREENFUL * 3);
  await ada.say('here I am');
  await ada.sees('here I am');
  await until('the end is on the screen', async () => (await measure(ada)).below <= 8);
});

test(import.meta.url, 'turning the wheel goes up steadily while history comes in', async (stage) => {
  const { back, far } = await upToTheBeginning(stage, 1, (ada) => ada.page.mouse.wheel(0, -SCREENFUL));
  assert.ok(back <= 2, `thrown back by ${back} messages`);
  assert.ok(far <= 200, `thrown up by ${far} messages`);
}, { whole: true });

// Where a browser has no place to hold on to. What is drawn for longer than 16 ms may be painted before all is done.
test(import.meta.url, 'at the very top nothing moves while history comes in, on a slow machine', async (stage) => {
  const toTop = (ada) => ada.log.evaluate((log) => { log.scrollTop = 0; });
  const { back } = await upToTheBeginning(stage, 6, toTop);
  assert.ok(back <= 2, `thrown back by ${back} messages`);
}, { whole: true });

/** Goes up step by step, and says how many messages back and up the top of the screen went from one frame to the next. */
async function upToTheBeginning(stage, slowness, goUp) {
  const { server } = await filledRoom(stage);
  const ada = await stage.signedIn(server, 'Ada', { context: { reducedMotion: 'no-preference' } });
  await ada.sees(body(MESSAGES));
  await slowDown(ada, slowness);
  await watchTopOfScreen(ada);
  await ada.log.hover();
  for (let turns = 0; !(await measure(ada)).hasBeginning || (await measure(ada)).above > 0; turns++) {
    assert.ok(turns < 600, 'never at the beginning');
    await goUp(ada);
    await ada.page.evaluate(() => new Promise(requestAnimationFrame));
  }
  const tops = await ada.page.evaluate(() => window.tops);
  const steps = tops.slice(1).map((top, n) => tops[n] - top);
  const [back, far] = [-Math.min(...steps), Math.max(...steps)];
  stage.note(`${tops.length} frames, at most ${far} messages further up from one to the next, ${back} back`);
  return { back, far };
}

/** Slows the scripts of the page down so many times. */
async function slowDown(person, rate) {
  const slow = await person.page.context().newCDPSession(person.page);
  await slow.send('Emulation.setCPUThrottlingRate', { rate });
}

/** Notes in every frame the number of the uppermost message on the screen. */
function watchTopOfScreen(person) {
  return person.log.evaluate((log) => {
    window.tops = [];
    const look = () => {
      const edge = log.getBoundingClientRect().top;
      const bodies = [...log.querySelectorAll('.message-body')];
      const first = bodies.find((body) => body.getBoundingClientRect().bottom > edge);
      if (first) window.tops.push(Number(/\d+/.exec(first.textContent)[0]));
      requestAnimationFrame(look);
    };
    look();
  });
}

test(import.meta.url, 'whoever reads the newest stays with it on a slow machine, while the oldest leave the page', async (stage) => {
  const server = await stage.server('--send-rate', '1000000');
  const lin = await stage.guest(server, 'Lin');
  const room = lin.room('lobby');
  await lin.sendAll(room, Array.from({ length: 400 }, (_, n) => `before ${n + 1}`));
  const ada = await stage.signedIn(server, 'Ada');
  await ada.sees('before 400');
  await slowDown(ada, 6);
  await lin.stream(room, Array.from({ length: 1_000 }, (_, n) => `streamed ${n + 1}`), 100);
  await ada.sees('streamed 1000', 30_000);
  await until('the end is on the screen', async () => (await measure(ada)).below <= 8);
}, { seconds: 120 });
