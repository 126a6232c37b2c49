// Programs that tests start: however the tests end, none stays behind.

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Keeps an eye on a program until it ends, and gives it back. */
export function watched(child) {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}
