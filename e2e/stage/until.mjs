// Waiting for a condition, never for a time.

const LOOK_AGAIN_MS = 20;

/**
 * Waits until `look` returns something true, and returns it. An error in `look` counts as "not yet".
 * @param {string} what for the message when it never comes true
 */
export async function until(what, look, ms = 20_000) {
  const deadline = performance.now() + ms;
  let last;
  for (;;) {
    try {
      last = await look();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`after ${ms} ms still not so: ${what} (last: ${last instanceof Error ? last.message : JSON.stringify(last)})`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
