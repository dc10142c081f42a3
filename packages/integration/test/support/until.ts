/** Watchdog of every wait in these tests: far above what any of them takes, also on a loaded machine. */
export const patience = 60_000

/** Waits for a condition by asking often; fails with a sentence when it never comes true. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = patience
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

/** The next value of an iterator, or a failure that says what was waited for. */
export async function next<T>(what: string, iterator: AsyncIterator<T>, timeoutMs = patience): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${timeoutMs} ms in vain: ${what}`)), timeoutMs)
  })
  try {
    const result = await Promise.race([iterator.next(), timeout])
    if (result.done === true) throw new Error(`${what}: ended without a value`)
    return result.value
  } finally {
    clearTimeout(timer)
  }
}
