// Rounds of harm while a person writes: the page is reloaded, crashes, or loses its connection at a random moment. Then
// the log of the server is held against what was written.

import { until } from './until.mjs';

const HARMS = ['reload', 'crash', 'cut'];

/**
 * @param {import('./stage.mjs').Stage} stage
 * @param {{rounds: number, seed: number, say?: (line: string) => void}} options the same seed harms at the same moments
 */
export async function soak(stage, { rounds, seed, say = () => {} }) {
  const random = randomFrom(seed);
  const server = await stage.server('--send-rate', '1000');
  const wire = await stage.wire(server);
  const writer = new Writer(stage, wire, await stage.signedIn(wire, 'Ada'));
  const done = { reload: 0, crash: 0, cut: 0 };
  for (let round = 1; round <= rounds; round++) {
    const harm = HARMS[Math.floor(random() * HARMS.length)];
    const writing = writer.write(1 + Math.floor(random() * 6));
    await sleep(random() * 120);
    if (harm === 'cut') {
      wire.cutSockets();
      await writing;
      await sleep(random() * 300);
      wire.mend();
    } else {
      await writer.harm(harm);
      await writing;
      await writer.comeBack();
    }
    done[harm]++;
    if (round % 20 === 0) say(`round ${round}: ${writer.written.length} messages`);
  }
  await writer.finish();
  const reader = await stage.guest(server, 'Reader');
  const log = (await reader.messages(reader.room('lobby'))).map(({ body }) => body);
  return judge(writer, log, done, seed);
}

function judge(writer, log, done, seed) {
  const times = new Map();
  for (const body of log) times.set(body, (times.get(body) ?? 0) + 1);
  const lost = writer.written.filter((body) => !times.has(body));
  const doubled = [...times].filter(([, count]) => count > 1).map(([body]) => body);
  const foreign = [...times.keys()].filter((body) => !writer.written.includes(body));
  const expected = writer.written.filter((body) => times.has(body));
  const first = [...new Set(log)];
  const disordered = expected.filter((body, n) => first[n] !== body);
  const faults = Object.entries({ lost, doubled, foreign, disordered }).filter(([, bodies]) => bodies.length > 0);
  const rounds = Object.values(done).reduce((sum, n) => sum + n, 0);
  const harms = Object.entries(done).map(([harm, n]) => `${n} ${harm}`).join(', ');
  const summary =
    `${rounds} rounds (${harms}), seed ${seed}: ${writer.written.length} messages, ${lost.length} lost, ` +
    `${doubled.length} doubled, ${disordered.length} out of order; ${writer.resent} found in the composer after the harm and sent from there, ` +
    `${writer.retyped} typed once more`;
  return { faults, summary };
}

/** Somebody who writes on and on, whatever happens to the page, and looks at the composer as a person does. */
class Writer {
  /** What was sent: the composer held it, Enter was pressed, and then the composer was empty. */
  written = [];
  /** Sent by another Enter, since the page went before it took the first one and the text was in the composer again. */
  resent = 0;
  /** Typed once more: the page went within moments of the keys, and the text was nowhere. It had not been sent. */
  retyped = 0;
  #stage;
  #wire;
  #person;
  #next = 1;
  /** Where to open the page again, if it is gone. */
  #context = null;

  constructor(stage, wire, person) {
    this.#stage = stage;
    this.#wire = wire;
    this.#person = person;
    person.watch.expectUnreachable();
  }

  /** Writes some messages; stops when the page is gone. What is half done then is done by `comeBack`. */
  async write(count) {
    try {
      for (let n = 0; n < count; n++) await this.#writeOne(`message ${this.#next}`);
    } catch (error) {
      if (!this.#going) throw error;
    }
  }

  /** Set while the page is reloaded or crashes: then an error of the page is no surprise. */
  #going = false;

  async #writeOne(body) {
    for (let tries = 0; tries < 20; tries++) {
      const before = await this.#look();
      if (before.text === '') await this.#inComposer(type, body);
      else if (before.text === body) this.resent++;
      else throw new Error(`the composer holds ${JSON.stringify(before.text)}, not ${JSON.stringify(body)}`);
      const typed = await this.#look();
      // It was typed into a page that was going.
      if (typed.text !== body) continue;
      await this.#inComposer(pressEnter);
      const after = await this.#look();
      if (after.text === body) continue;
      if (after.page === typed.page || (await this.#wasSent(body))) return this.#count(body);
      this.retyped++;
    }
    throw new Error(`${JSON.stringify(body)} cannot be written`);
  }

  /** What a page that comes or goes never answers is looked at afterwards. */
  #inComposer(what, text) {
    return answered(this.#person.composer.evaluate(what, text, { timeout: 5_000 }));
  }

  /** What the composer holds, once it is known what the browser has kept, and of which load of the page. */
  async #look() {
    const { page } = this.#person;
    const seen = await until('the page can be looked at', async () => {
      if (page.isClosed()) return 'closed';
      return answered(page.evaluate(() => {
        const shell = document.querySelector('.shell[data-kept="kept"]');
        const area = document.querySelector('.composer textarea');
        return shell && area && { text: area.value, page: performance.timeOrigin };
      }));
    }, 15_000);
    if (seen === 'closed') throw new Error('the page is closed');
    return seen;
  }

  #count(body) {
    this.written.push(body);
    this.#next++;
  }

  async harm(harm) {
    this.#going = true;
    const { page } = this.#person;
    if (harm === 'reload') return page.reload({ waitUntil: 'commit' });
    await this.#person.crash();
    // A key press that a crashed page never answered ends only now.
    this.#context = page.context();
    await page.close();
  }

  /** Opens the page again if it is gone, and ends what was half done: the person sees where it stands. */
  async comeBack() {
    if (this.#context) {
      this.#person = await this.#stage.tab(this.#context, this.#wire, 'Ada');
      this.#person.watch.expectUnreachable();
      await this.#person.visit();
      this.#context = null;
    }
    this.#going = false;
    await this.#person.seesRoom();
    const body = `message ${this.#next}`;
    if ((await this.#look()).text === '' && (await this.#wasSent(body))) this.#count(body);
  }

  /** Whether it waits in the outbox, or is in the log. */
  async #wasSent(body) {
    if ((await this.#person.kept()).some(({ action }) => action.body === body)) return true;
    const program = await this.#stage.programOf(this.#wire, this.#person);
    const log = await program.messages(program.room('lobby'));
    program.close();
    return log.some((message) => message.body === body);
  }

  async finish() {
    this.#wire.mend();
    await this.#person.isLive(60_000);
    await this.#person.keeps(0, 60_000);
    await this.#person.allStored(60_000);
  }
}

/** A number from 0 to 1 at each call (mulberry32). */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const answered = (answer) => Promise.race([answer.catch(() => {}), sleep(2_000)]);

// As events of the page, because a browser whose renderer dies under a key press of the test takes no more of them.
function type(area, text) {
  area.value = text;
  area.dispatchEvent(new InputEvent('input', { bubbles: true, data: text, inputType: 'insertText' }));
}

function pressEnter(area) {
  area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true }));
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
