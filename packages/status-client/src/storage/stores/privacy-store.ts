import type { PrivacyStore } from '@status-stack/interface'
import type { KeyValue } from './key-value.ts'
import { tryOpen, type Vault } from './vault.ts'

/** What the privacy layer remembers, opaque to us. Its keys may name people and chats, so they are HMACed; values are encrypted. */
export function createPrivacyStore(kv: KeyValue, vault: Vault): PrivacyStore {
  const nameOf = (key: string): string => `privacy!${vault.name('privacy', key)}`
  return {
    get: async key => {
      const name = nameOf(key)
      const sealed = await kv.get(name)
      // What is damaged is derived again: no place is lost for it.
      return sealed === undefined ? undefined : tryOpen(vault, name, sealed)
    },
    put: async (key, value) => {
      const name = nameOf(key)
      await kv.write([{ type: 'put', key: name, value: vault.seal(name, value) }])
    },
    delete: key => kv.write([{ type: 'del', key: nameOf(key) }])
  }
}
