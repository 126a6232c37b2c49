// Rounds of harm while a person writes: the page is reloaded, crashes, or loses its connection at a random moment. Then
// the log of the server is held against what was written.

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
    `${doubled.length} doubled, ${disordered.length} out of order; ${writer.resent} sent again from the composer after a crash`;
  return { faults, summary };
}

/** Somebody who writes on and on, whatever happens to the page, and looks at the composer when it is back. */
class Writer {
  /** What was sent by a key that the page has taken, or found in the composer afterwards and sent then. */
  written = [];
  resent = 0;
  #stage;
  #wire;
  #person;
  #next = 1;
  /** The message whose key press may or may not have been taken. */
  #unsure = null;

  constructor(stage, wire, person) {
    this.#stage = stage;
    this.#wire = wire;
    this.#person = person;
    person.watch.expectUnreachable();
  }

  /** Writes some messages; stops when the page is gone. */
  async write(count) {
    const { page, composer } = this.#person;
    for (let n = 0; n < count; n++) {
      const body = `message ${this.#next}`;
      try {
        await composer.focus({ timeout: 5_000 });
        this.#unsure = body;
        await page.keyboard.insertText(body);
        await page.keyboard.press('Enter');
      } catch {
        return;
      }
      this.#count(body);
    }
  }

  #count(body) {
    this.written.push(body);
    this.#unsure = null;
    this.#next++;
  }

  async harm(harm) {
    const { page } = this.#person;
    if (harm === 'reload') return page.reload({ waitUntil: 'commit' });
    await this.#person.crash();
    // A key press that a crashed page never answered ends only now.
    this.#context = page.context();
    await page.close();
  }

  /** Where to open the page again, if it is gone. */
  #context = null;

  /** Opens the page again if it is gone, and does what a person would do with what is in the composer. */
  async comeBack() {
    if (this.#context) {
      this.#person = await this.#stage.tab(this.#context, this.#wire, 'Ada');
      this.#person.watch.expectUnreachable();
      await this.#person.visit();
      this.#context = null;
    }
    await this.#person.seesRoom();
    await this.#person.isRestored();
    await this.#settleDoubt();
  }

  /** A message that was being written when the page went: it is in the composer, or it was sent, or it is typed anew. */
  async #settleDoubt() {
    const { page, composer } = this.#person;
    const text = await composer.inputValue();
    if (text !== '') {
      await composer.focus();
      await page.keyboard.press('Enter');
      this.resent++;
      if (text === this.#unsure) return this.#count(text);
      if (!this.written.includes(text)) throw new Error(`the composer holds ${JSON.stringify(text)}, which nobody wrote`);
    }
    if (this.#unsure === null) return;
    const body = this.#unsure;
    const kept = (await this.#person.kept()).some(({ action }) => action.body === body);
    const shown = kept || (await this.#person.bodies()).includes(body);
    // Its key was never taken if it is nowhere; then it is the next one to be typed.
    if (shown || (await this.#isStored(body))) this.#count(body);
    else this.#unsure = null;
  }

  async #isStored(body) {
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

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
