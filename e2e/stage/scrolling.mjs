// Scrolling a timeline as a reader does, and measuring what moves under their eyes.

/** Rows of the page, the space above and below what is on the screen, and whether the beginning is there. */
export function measure(person) {
  return person.log.evaluate((log) => ({
    rows: log.querySelectorAll('[data-row]').length,
    above: log.scrollTop,
    below: log.scrollHeight - log.clientHeight - log.scrollTop,
    hasBeginning: log.querySelector('.beginning') !== null,
  }));
}

/**
 * Scrolls by `distance`, then watches the row in the middle of the screen, frame by frame, until nothing has come
 * or gone for some frames. Returns how far the row strayed at most, in pixels, and the texts that were there.
 */
export function scrollAndWatch(person, distance) {
  return person.log.evaluate(async (log, distance) => {
    const QUIET_FRAMES = 6;
    const frame = () => new Promise(requestAnimationFrame);
    const list = () => [...log.querySelectorAll('[data-row]')];
    log.scrollTop += distance;
    const frameOfLog = log.getBoundingClientRect();
    const middle = frameOfLog.top + frameOfLog.height / 2;
    // A gap is no message: it goes when it is filled.
    const messages = list().filter((row) => !row.querySelector('.gap'));
    const row = messages.find((row) => row.getBoundingClientRect().bottom > middle) ?? messages.at(-1);
    const top = row.getBoundingClientRect().top;
    let strayed = 0;
    let quiet = 0;
    let edges = '';
    let mostRows = 0;
    const seen = new Set();
    while (quiet < QUIET_FRAMES) {
      await frame();
      const rows = list();
      mostRows = Math.max(mostRows, rows.length);
      for (const body of log.querySelectorAll('.message-body')) seen.add(body.textContent);
      if (!row.isConnected) throw new Error(`the row in the middle of the screen was taken out of the page: ${row.textContent}`);
      strayed = Math.max(strayed, Math.abs(row.getBoundingClientRect().top - top));
      const now = `${rows.length} ${rows[0].textContent} ${rows.at(-1).textContent}`;
      quiet = now === edges ? quiet + 1 : 0;
      edges = now;
    }
    return { strayed, mostRows, seen: [...seen] };
  }, distance);
}
