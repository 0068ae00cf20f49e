/** Waits for a thing to be so, and says what it waited for when it is not in time. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, within = 30_000): Promise<void> {
  const late = performance.now() + within;
  while (!(await isSo())) {
    if (performance.now() > late) throw new Error(`Waited ${within} ms in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
