// A server of its own for a test: the real binary, a free port, a data directory that goes with it.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { watched } from './children.mjs';

const START_MS = 20_000;

export class Server {
  #child = null;
  #ended = null;
  #flags;
  #saidSetup;
  /** The path of the page that makes the owner. */
  setup = new Promise((resolve) => { this.#saidSetup = resolve; });
  log = [];

  constructor(folder, flags) {
    this.folder = folder;
    this.#flags = flags;
  }

  static async start(flags = []) {
    const folder = await mkdtemp(path.join(tmpdir(), 'parlance-e2e-'));
    const server = new Server(folder, flags);
    await server.start();
    return server;
  }

  /** Starts it, after the first time on the same port and the same data. */
  async start() {
    const binary = process.env.PARLANCE_BIN;
    if (!binary) throw new Error('PARLANCE_BIN does not say where the server binary is');
    const flags = ['--listen', `127.0.0.1:${this.port ?? 0}`, '--data-dir', this.folder, ...this.#flags];
    const child = watched(spawn(binary, flags, { stdio: ['ignore', 'pipe', 'pipe'] }));
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    createInterface({ input: child.stderr }).on('line', (line) => this.log.push(line));
    this.port = await this.#heardPort(child);
    this.origin = `http://127.0.0.1:${this.port}`;
  }

  #heardPort(child) {
    return new Promise((resolve, reject) => {
      const fail = (why) => reject(new Error(`the server ${why}\n${this.log.join('\n')}`));
      const timer = setTimeout(() => fail(`said nothing for ${START_MS} ms`), START_MS);
      child.once('error', (error) => fail(`cannot be started: ${error.message}`));
      child.once('exit', (code) => fail(`ended with code ${code} before it listened`));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const setup = / open http:\/\/[^/]+(\/setup#.*)$/.exec(line)?.[1];
        if (setup) this.#saidSetup(setup);
        const port = /^listening on http:\/\/.*:(\d+)$/.exec(line)?.[1];
        if (port) {
          clearTimeout(timer);
          resolve(Number(port));
        }
      });
    });
  }

  /** Ends it without a goodbye. */
  kill() {
    return this.#end('SIGKILL');
  }

  /** Asks it to go, and returns its exit code and the milliseconds it took. */
  async terminate() {
    const began = performance.now();
    const { code, signal } = await this.#end('SIGTERM');
    return { code, signal, ms: performance.now() - began };
  }

  async #end(signal) {
    const child = this.#child;
    if (!child) return { code: null, signal: null };
    this.#child = null;
    child.kill(signal);
    return this.#ended;
  }

  async close() {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}
