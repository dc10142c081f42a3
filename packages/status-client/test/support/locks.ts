/** The part of Web Locks that counts here, as a browser has it: one holder per name, others are told at once. */
export function fakeLocks() {
  const held = new Set<string>()
  return {
    request: async (
      name: string,
      _options: { readonly ifAvailable: true },
      callback: (lock: unknown) => Promise<void> | undefined
    ): Promise<unknown> => {
      if (held.has(name)) return callback(null)
      held.add(name)
      await callback({ name })
      held.delete(name)
      return undefined
    }
  }
}
