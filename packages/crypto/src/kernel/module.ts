/** A running kernel module: its memory and its functions. */
export interface KernelInstance<Exports> {
  readonly memory: Uint8Array
  readonly exports: Exports
}

/**
 * Compiles and starts a module, synchronously: it is small enough for a browser's main thread (under 4 KB).
 * `undefined` where WebAssembly is missing, refused by a content security policy, or lacks a feature of the module.
 */
export function startModule<Exports>(base64: string): KernelInstance<Exports> | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0))
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
    const { memory } = exports as { memory: WebAssembly.Memory }
    return { memory: new Uint8Array(memory.buffer), exports: exports as Exports }
  } catch {
    return undefined
  }
}
