// What one test has to play with: servers, wires, people with their pages. It tidies up and keeps the evidence.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { contextOptions } from './browser.mjs';
import { Guest } from './guest.mjs';
import { artefacts } from './paths.mjs';
import { Person } from './person.mjs';
import { Server } from './server.mjs';
import { Watch } from './watch.mjs';
import { Wire } from './wire.mjs';

const ACTION_MS = 15_000;

export class Stage {
  #browser;
  #test;
  #open = [];
  #people = [];
  /** Lines that are printed whatever happens: figures. */
  notes = [];
  /** Lines that are printed after a failure. */
  evidence = [];

  constructor(browser, test) {
    this.#browser = browser;
    this.#test = test;
  }

  get browser() {
    return this.#browser;
  }

  note(line) {
    this.notes.push(line);
  }

  async server(...flags) {
    return this.opened(await Server.start(flags));
  }

  async wire(server) {
    return this.opened(await Wire.to(server));
  }

  async guest(place, name) {
    return this.opened(await Guest.signIn(place.origin, name));
  }

  /** Ends the session of a person, as another tab of hers could. */
  async revoke(place, person) {
    const answer = await fetch(`${place.origin}/api/session`, { method: 'DELETE', headers: { cookie: await cookiesOf(person) } });
    assert.equal(answer.status, 204);
  }

  /**
   * Makes sure that the first message in the outbox of a person will be refused for good: another program of hers
   * uses its number for something else, in another room.
   */
  async useUpFirstDraft(place, person) {
    const [draft] = await person.kept();
    const program = await this.programOf(place, person);
    const elsewhere = await program.create('Elsewhere');
    const answer = await program.send(elsewhere, 'said by a program', draft.client_id);
    assert.equal(answer.type, 'stored');
  }

  /** A program that uses the session of a person. */
  async programOf(place, person) {
    return this.opened(await Guest.withCookie(place.origin, await cookiesOf(person)));
  }

  /**
   * A person with a browser of their own, not signed in yet, with nothing loaded.
   * @param {{origin: string}} place a server or a wire
   * @param {{phone?: boolean, context?: object, frameMs?: number}} [look] `frameMs`: how long a frame that is asked for waits
   */
  async person(place, name, look = {}) {
    const context = await this.#browser.newContext({ ...contextOptions(look), ...look.context });
    this.#open.push(context);
    const frameMs = Number(look.frameMs ?? process.env.FRAME_MS ?? 0);
    if (frameMs > 0) await context.addInitScript(drawSeldom, frameMs);
    return this.tab(context, place, name, look.phone);
  }

  /** Another tab in a context. */
  async tab(context, place, name, phone = false) {
    const page = await context.newPage();
    page.setDefaultTimeout(ACTION_MS);
    const person = new Person(page, place.origin, name, new Watch(page, place.origin), phone);
    this.#people.push(person);
    return person;
  }

  /** A person who has signed in and sees the lobby. */
  async signedIn(place, name, look = {}) {
    const person = await this.person(place, name, look);
    await person.visit();
    await person.signIn();
    return person;
  }

  /** Something to be closed at the end. */
  opened(thing) {
    this.#open.push(thing);
    return thing;
  }

  /** Nothing happened in any page that must never happen. */
  audit() {
    const complaints = this.#people.flatMap(({ name, watch }) => watch.complaints.map((text) => `${name}: ${text}`));
    assert.deepEqual(complaints, []);
  }

  async keepEvidence() {
    await mkdir(artefacts, { recursive: true });
    const slug = this.#test.fullName.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80);
    for (const [n, { name, page, watch }] of this.#people.entries()) {
      const picture = path.join(artefacts, `${slug}-${n}.png`);
      try {
        await page.screenshot({ path: picture, timeout: 5_000 });
        this.evidence.push(`${name}: ${page.url()} ${picture}`);
      } catch (error) {
        this.evidence.push(`${name}: no picture, ${error.message}`);
      }
      this.evidence.push(...[...watch.lines, ...watch.complaints].slice(-30).map((line) => `${name}: ${line}`));
    }
    for (const server of this.#open.filter((thing) => thing instanceof Server)) {
      this.evidence.push(...server.log.slice(-30).map((line) => `server: ${line}`));
    }
  }

  async close() {
    for (const thing of this.#open.reverse()) await thing.close();
  }
}

/** As on a busy machine: what changes twice between two frames is drawn once. */
function drawSeldom(ms) {
  const frame = requestAnimationFrame;
  globalThis.requestAnimationFrame = (call) => setTimeout(() => frame(call), ms);
}

async function cookiesOf(person) {
  const cookies = await person.page.context().cookies();
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}
