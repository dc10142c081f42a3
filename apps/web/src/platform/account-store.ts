import { type AccountRecord, formatAccountRecord, readAccountRecord } from '@status-stack/status-accounts'

/** The accounts of this browser: what is stored of them opens with their passwords alone. */
export interface AccountStore {
  /** In the order of their keys; `damaged` counts entries that cannot be read, which stay as they are. */
  readonly list: () => Promise<{ readonly records: readonly AccountRecord[]; readonly damaged: number }>
  readonly save: (record: AccountRecord) => Promise<void>
  /** What `saveSettings` stored: bytes that are encrypted by the caller. */
  readonly settings: (publicKey: string) => Promise<string | undefined>
  readonly saveSettings: (publicKey: string, sealed: string) => Promise<void>
  readonly remove: (publicKey: string) => Promise<void>
}

/** The part of an `abstract-level` database with texts as keys and values that is needed. */
export interface TextDatabase {
  readonly get: (key: string) => Promise<string | undefined>
  readonly put: (key: string, value: string) => Promise<void>
  readonly batch: (operations: { type: 'del'; key: string }[]) => Promise<void>
  readonly values: (range: { gte: string; lt: string }) => AsyncIterable<string>
}

const accountPrefix = 'account:'
const settingsPrefix = 'settings:'

/** Keeps accounts in a database of the browser. */
export function createAccountStore(database: TextDatabase): AccountStore {
  return {
    list: async () => {
      const records: AccountRecord[] = []
      let damaged = 0
      for await (const value of database.values({ gte: accountPrefix, lt: `${accountPrefix}~` })) {
        try {
          records.push(readAccountRecord(JSON.parse(value)))
        } catch {
          damaged++
        }
      }
      return { records, damaged }
    },
    save: record => database.put(accountPrefix + record.publicKey, JSON.stringify(formatAccountRecord(record))),
    settings: publicKey => database.get(settingsPrefix + publicKey),
    saveSettings: (publicKey, sealed) => database.put(settingsPrefix + publicKey, sealed),
    remove: publicKey =>
      database.batch([
        { type: 'del', key: accountPrefix + publicKey },
        { type: 'del', key: settingsPrefix + publicKey }
      ])
  }
}
