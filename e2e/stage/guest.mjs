// A guest without a browser: speaks the protocol as docs/PROTOCOL.md says, to fill rooms and to read the truth.

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';

export class Guest {
  #socket;
  #asked = new Map();
  #sends = new Map();
  #last = 0;
  rooms = [];

  static async signIn(origin, name) {
    const answer = await fetch(`${origin}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    if (answer.status !== 201) throw new Error(`signing in: ${answer.status} ${await answer.text()}`);
    return Guest.withCookie(origin, answer.headers.get('set-cookie').split(';')[0]);
  }

  /** A guest with the session of somebody who has signed in elsewhere. */
  static async withCookie(origin, cookie) {
    const guest = new Guest();
    guest.origin = origin;
    guest.cookie = cookie;
    await guest.#connect();
    return guest;
  }

  #connect() {
    const address = `${this.origin.replace('http', 'ws')}/ws`;
    this.#socket = new WebSocket(address, 'parlance.v1', { headers: { cookie: this.cookie } });
    return new Promise((resolve, reject) => {
      this.#socket.on('open', () => this.#say({ type: 'hello', protocol: 1, client: 'e2e/1' }));
      this.#socket.on('error', reject);
      this.#socket.on('message', (data) => {
        const message = JSON.parse(data.toString());
        if (message.type === 'resumed') resolve();
        else this.#hear(message);
      });
    });
  }

  /** Brings a file, and says what the server made of it. */
  async bring({ name, buffer }) {
    const id = randomBytes(16).toString('hex');
    const query = `name=${encodeURIComponent(name)}&size=${buffer.length}&from=0`;
    const answer = await fetch(`${this.origin}/api/files/${id}?${query}`, { method: 'PUT', headers: { cookie: this.cookie }, body: buffer });
    if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()).file;
  }

  #hear(message) {
    if (message.type === 'welcome') ({ me: this.me, rooms: this.rooms } = message);
    const byRequest = this.#asked.get(message.request);
    const bySend = this.#sends.get(message.client_id);
    if (message.request !== undefined && byRequest) {
      this.#asked.delete(message.request);
      byRequest(message);
    } else if ((message.type === 'stored' || message.type === 'refused') && bySend) {
      this.#sends.delete(message.client_id);
      bySend(message);
    }
  }

  #say(message) {
    this.#socket.send(JSON.stringify(message));
  }

  ask(message) {
    const request = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#asked.set(request, (answer) =>
        answer.type === 'refused' ? reject(new Error(JSON.stringify(answer.problem))) : resolve(answer),
      );
      this.#say({ ...message, request });
    });
  }

  /** The id of a room that this guest is in. */
  room(name) {
    return this.rooms.find((room) => room.name === name).id;
  }

  async create(name) {
    const { room } = await this.ask({ type: 'create', client_id: newId(), name });
    this.rooms.push(room);
    return room.id;
  }

  join(room) {
    return this.ask({ type: 'join', client_id: newId(), room });
  }

  /** Sends one message and returns the answer; nothing is repeated. */
  send(room, body, client_id = newId()) {
    return this.act(room, { kind: 'message', body }, client_id);
  }

  /** Does anything else in a room and returns the answer. */
  act(room, action, client_id = newId()) {
    return new Promise((resolve) => {
      this.#sends.set(client_id, resolve);
      this.#say({ type: 'send', room, client_id, action });
    });
  }

  /** Sends many, in order, and waits until all are stored. */
  async sendAll(room, bodies) {
    const answers = await Promise.all(bodies.map((body) => this.send(room, body)));
    const refused = answers.find((answer) => answer.type !== 'stored');
    if (refused) throw new Error(`refused: ${JSON.stringify(refused)}`);
  }

  /** Sends them one after the other, so many a second, and waits until all are stored. */
  async stream(room, bodies, perSecond) {
    const began = performance.now();
    const sent = [];
    for (const [n, body] of bodies.entries()) {
      await sleep(began + ((n + 1) * 1_000) / perSecond - performance.now());
      sent.push(this.send(room, body));
    }
    await Promise.all(sent);
  }

  /** Every event of a room, from the first. */
  async log(room) {
    const events = [];
    for (;;) {
      const page = await this.ask({ type: 'read', room, from: events.length + 1, to: Number.MAX_SAFE_INTEGER });
      events.push(...page.events);
      if (page.to >= page.head) return events;
    }
  }

  /** What was said in a room: author and body, in the order of the log. */
  async messages(room) {
    const events = await this.log(room);
    const said = events.filter((event) => event.content.kind === 'message');
    return said.map((event) => ({ author: event.author.name, body: event.content.body }));
  }

  close() {
    this.#socket.terminate();
  }
}

function newId() {
  return randomBytes(16).toString('hex');
}
