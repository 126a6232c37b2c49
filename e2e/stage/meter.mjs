// What the browser spends on a page.

/** Tells, whenever it is asked, what it has spent so far: by name, in seconds of the processor, of which a busy machine takes none away. */
export async function meter({ page }) {
  const browser = await page.context().newCDPSession(page);
  await browser.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
  await browser.send('Performance.enable');
  return async () => {
    const { metrics } = await browser.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
}
