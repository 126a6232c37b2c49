// A wire between browser and server that a test can cut. (Playwright's offline mode leaves open WebSockets alone.)

import { createServer, connect } from 'node:net';

/** What nginx says of an upgrade that it was not told to pass on, in effect. */
const REFUSED = 'HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';

/** Whether a piece of a connection begins a request by which messages travel. */
const carries = (piece) => /^(GET \/ws[? ]|(GET|POST) \/api\/pipe)/.test(piece.toString('latin1', 0, 16));

export class Wire {
  #listener;
  #pairs = new Set();
  #target;
  /** What passes: 'all', 'requests' (no upgrades), 'pages' (no connection of the app's, on whatever transport), or 'none'. */
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

  /** Refuses upgrades as a proxy does that does not pass them on, and cuts the WebSockets there are. */
  refuseUpgrades() {
    this.#passes = 'requests';
    this.#drop((pair) => pair.isSocket);
  }

  /** Cuts the app's connections, on whatever transport, and lets pages through. */
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
      const isUpgrade = /^GET \/ws[? ]/.test(head.toString('latin1', 0, 8));
      if (this.#passes === 'none' || (carries(head) && this.#passes === 'pages')) return near.destroy();
      if (isUpgrade && this.#passes === 'requests') return near.end(REFUSED);
      const far = connect(this.#target.port, '127.0.0.1');
      const pair = { near, far, isSocket: carries(head) };
      this.#pairs.add(pair);
      const end = () => {
        near.destroy();
        far.destroy();
        this.#pairs.delete(pair);
      };
      far.on('error', end).on('close', end);
      near.on('error', end).on('close', end);
      far.write(head);
      // Requests of all kinds take turns on a connection that is kept.
      near.on('data', (piece) => {
        if (!carries(piece)) return;
        pair.isSocket = true;
        if (this.#passes === 'pages') end();
      });
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
