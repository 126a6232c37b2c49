// A wire between browser and server that a test can cut. (Playwright's offline mode leaves open WebSockets alone.)

import { createServer, connect } from 'node:net';

export class Wire {
  #listener;
  #pairs = new Set();
  #target;
  /** What passes: 'all', 'pages' (no WebSockets), or 'none'. */
  #passes = 'all';

  static async to(server) {
    const wire = new Wire();
    wire.#target = server;
    wire.#listener = createServer((near) => wire.#join(near));
    await new Promise((resolve) => wire.#listener.listen(0, '127.0.0.1', resolve));
    wire.origin = `http://127.0.0.1:${wire.#listener.address().port}`;
    return wire;
  }

  /** Cuts what is open and lets nothing through. */
  cut() {
    this.#passes = 'none';
    this.#drop(() => true);
  }

  /** Cuts the WebSockets and lets pages through. */
  cutSockets() {
    this.#passes = 'pages';
    this.#drop((pair) => pair.isSocket);
  }

  /** Cuts what is open, and lets the next ones through. */
  pinch() {
    this.#drop((pair) => pair.isSocket);
  }

  mend() {
    this.#passes = 'all';
  }

  #join(near) {
    near.on('error', () => {});
    if (this.#passes === 'none') return near.destroy();
    near.once('data', (head) => {
      // A browser opens a connection of its own for each WebSocket.
      const isSocket = /^GET \/ws[? ]/.test(head.toString('latin1', 0, 8));
      if (this.#passes === 'none' || (isSocket && this.#passes === 'pages')) return near.destroy();
      const far = connect(this.#target.port, '127.0.0.1');
      const pair = { near, far, isSocket };
      this.#pairs.add(pair);
      const end = () => {
        near.destroy();
        far.destroy();
        this.#pairs.delete(pair);
      };
      far.on('error', end).on('close', end);
      near.on('error', end).on('close', end);
      far.write(head);
      near.pipe(far).pipe(near);
    });
  }

  #drop(which) {
    for (const pair of [...this.#pairs].filter(which)) pair.near.destroy();
  }

  async close() {
    this.cut();
    await new Promise((resolve) => this.#listener.close(resolve));
  }
}
