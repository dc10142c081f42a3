/** The part of `navigator.storage` that is needed. */
export interface StorageLike {
  readonly persist: () => Promise<boolean>
}

/**
 * Asks the browser never to delete what this page keeps by itself: when its disk is full, or after some days without a visit, it may
 * otherwise. False where it does not promise so; some ask the person first.
 */
export async function askForLastingStorage(storage: Partial<StorageLike> | undefined): Promise<boolean> {
  try {
    return (await storage?.persist?.()) === true
  } catch {
    return false
  }
}
