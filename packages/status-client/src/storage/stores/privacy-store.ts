import type { PrivacyStore } from '@status-stack/interface'
import type { KeyValue } from './key-value.ts'
import type { Vault } from './vault.ts'

/** What the privacy layer remembers, opaque to us. Its keys may name people and chats, so they are HMACed; values are encrypted. */
export function createPrivacyStore(kv: KeyValue, vault: Vault): PrivacyStore {
  const nameOf = (key: string): string => `privacy!${vault.name('privacy', key)}`
  return {
    get: async key => {
      const name = nameOf(key)
      const sealed = await kv.get(name)
      return sealed === undefined ? undefined : vault.open(name, sealed)
    },
    put: async (key, value) => {
      const name = nameOf(key)
      await kv.write([{ type: 'put', key: name, value: vault.seal(name, value) }])
    },
    delete: key => kv.write([{ type: 'del', key: nameOf(key) }])
  }
}
