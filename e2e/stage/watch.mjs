// Watches a page for what must never happen: errors on the console or in scripts, violations of the content
// security policy, requests to anybody else.

// While a server is down on purpose, the browser itself reports what it cannot reach.
const UNREACHABLE = [
  /^WebSocket connection to '.*' failed/,
  /^Failed to load resource: net::ERR_/,
  /^Failed to load resource: the server responded with a status of 503/,
  // A pipe that a server knew which is no more.
  /^Failed to load resource: the server responded with a status of 404 .*\/api\/pipe\//,
];

export class Watch {
  /** Lines of the console, for the evidence of a failure. */
  lines = [];
  complaints = [];
  /** Patterns of what is expected for now. */
  expected = [];
  #origin;

  constructor(page, origin) {
    this.#origin = origin;
    page.on('console', (message) => this.#heard(message));
    page.on('pageerror', (error) => this.#complain(`error in the page: ${error.stack ?? error}`));
    page.on('crash', () => this.#complain('the page crashed'));
    page.on('request', (request) => this.#requested(request.url()));
    page.on('websocket', (socket) => this.#requested(socket.url()));
  }

  /** From here on the server may be unreachable. */
  expectUnreachable() {
    this.expected.push(...UNREACHABLE);
  }

  #heard(message) {
    const text = message.text();
    const url = message.location().url ?? '';
    this.lines.push(`${message.type()}: ${text} ${url}`);
    if (message.type() !== 'error' || this.#isAnswer(text, url)) return;
    this.#complain(`on the console: ${text} ${url}`);
  }

  // The browser writes every answer from 400 on to the console. "Nobody is signed in" is such an answer.
  #isAnswer(text, url) {
    return /status of 401/.test(text) && new URL(url).pathname === '/api/session';
  }

  #requested(url) {
    const { protocol, host } = new URL(url);
    const isOwn = ['data:', 'blob:'].includes(protocol) || host === new URL(this.#origin).host;
    if (!isOwn) this.#complain(`a request to somebody else: ${url}`);
  }

  #complain(text) {
    if (!this.expected.some((pattern) => pattern.test(text.replace(/^on the console: /, '')))) this.complaints.push(text);
  }
}
